"""Recordings on a board: whether it can, and what it read back of one, hostile until it was checked here."""

import zlib

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.events import TIMELINE
from pagewalk.model import Outcome, Run
from runners.counters.events.names import asked_as, unknown_event
from runners.counters.events.table import Processor
from runners.counters.perf.record_plan import RecordPlan, require_event
from runners.counters.perf.stat_csv import NOT_SUPPORTED
from runners.counters.probes.arguments import is_probe
from runners.execution.capture import printable
from runners.recording import FULL
from runners.ssh.answer import Answer
from runners.ssh.board import Board
from runners.ssh.counting import NO_PERF
from runners.ssh.job_file import MOST_RECORDED
from runners.ssh.local_labels import Find, without_labels

MOST_TEXT = 64 << 20
"""Bytes of a recording's text when it is unpacked."""

_NO_SUCH_EVENT = "129"  # perf's exit status for what it cannot parse (tools/lib/subcmd/parse-options.c)
_INSTEAD = "Record time or page-faults."


def require_recordable_on(board: Board, event: str, processor: Processor) -> None:
    """Check that a board can count an event: without that it cannot record it.

    Raises:
        ConfigError: there is no such event; names the right one.
        Unavailable: there is no perf, the event is not there, or it is one of this machine's own only.
    """
    if is_probe(event) or event == TIMELINE:
        raise Unavailable(f"{event} is recorded on this machine only, by its own tracefs", "Take -r local.")
    if "tool_perf" not in board.facts:
        raise Unavailable(f"stacks cannot be recorded: {NO_PERF}")
    problem = _problem(event, processor, board.try_events(asked_as(event, processor)))
    if problem is not None:
        raise problem


def _problem(event: str, processor: Processor, tried: Answer) -> ConfigError | Unavailable | None:
    if tried.text("status") == _NO_SUCH_EVENT:
        return unknown_event(event, processor)
    if tried.text("status") != "0" or NOT_SUPPORTED in tried.text("csv"):
        return Unavailable(f"the board's kernel offers no PMU event {event} (a virtual machine?)", _INSTEAD)
    return None


def require_started(answer: Answer) -> None:
    """Check that perf executed the workload at all: it refuses what it cannot sample before.

    Raises:
        Unavailable: it did not; quotes what it said.
    """
    values = dict(line.partition("=")[::2] for line in answer.text("ending").splitlines())
    ended = any(values.get(word) for word in ("status", "timed_out", "busy", "unkept"))
    if not ended and answer.text("perf.bytes") in ("", "0"):
        raise _unread(answer)


def _unread(answer: Answer) -> Unavailable:
    said = printable(answer.text("perf.said"))[-300:] or "nothing"
    return Unavailable(f"perf on the board recorded nothing that it can read; it said: {said}", _INSTEAD)


def with_stacks(run: Run, answer: Answer, plan: RecordPlan, find: Find = lambda _: None) -> Run:
    """Return a run with what its board recorded.

    Args:
        find: our file of a path that the board names.

    Raises:
        Unavailable: perf there recorded another event, or nothing that it could read.
    """
    if run.outcome is not Outcome.OK and not _full(answer):
        return run
    if not answer.text("perf.events"):
        raise _unread(answer)
    require_event(answer.text("perf.events").splitlines(), plan.event)
    script, whole = _script(answer)
    facts = {name: text for name, text in run.facts.items() if name != "failure"}
    if _full(answer) or not whole:
        facts["recorded"] = FULL
    return Run(Outcome.OK, facts=facts, folded=plan.fold(without_labels(script, find)))


def _full(answer: Answer) -> bool:
    """Whether perf ended by itself since its file was full, and with it, by SIGTERM, the workload."""
    size = answer.text("perf.bytes")
    return size.isdecimal() and len(size) < 16 and int(size) >= MOST_RECORDED


def _script(answer: Answer) -> tuple[str, bool]:
    """Return the text of a recording, up to its last whole sample, and whether that is all of it."""
    packed = answer.sections.get("perf.script.gz")
    if packed is None:
        data, whole = answer.sections.get("perf.script", b""), True
    else:
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            data = unpacking.decompress(packed, MOST_TEXT)
        except zlib.error as error:
            raise Unavailable(f"what the board packed cannot be unpacked: {error}") from error
        whole = unpacking.eof
    text = data.decode("utf-8", "replace")
    if whole and text.endswith("\n"):
        return text, True
    return text[: text.rfind("\n\n") + 2], not text
