"""What a board read back of a recording, hostile until it was checked here."""

import zlib
from dataclasses import dataclass
from functools import cached_property

from pagewalk.errors import Unavailable
from runners.counters.perf.record_plan import RecordPlan, require_event
from runners.execution.capture import printable
from runners.ssh.answer import Answer
from runners.ssh.job_file import MOST_RECORDED
from runners.ssh.local_labels import Find

MOST_TEXT = 64 << 20
"""Bytes of a recording's text when it is unpacked."""

INSTEAD = "Record time or page-faults."
DMESG = "Its `dmesg` may say more."


def require_started(answer: Answer) -> None:
    """Check that perf executed the workload at all: it refuses what it cannot sample before.

    Raises:
        Unavailable: it did not, or a probe could not be placed; quotes what was said.
    """
    if "unprobed" in answer:
        raise Unavailable(f"its kernel refuses a probe: {answer.words('unprobed')}", DMESG)
    values = dict(line.partition("=")[::2] for line in answer.text("ending").splitlines())
    ended = any(values.get(word) for word in ("status", "timed_out", "busy", "unkept"))
    if not ended and answer.text("perf.bytes") in ("", "0"):
        raise _unread(answer)


@dataclass(frozen=True)
class Recorded:
    """What one execution brought home.

    Args:
        plan: what perf was told.
        find: our file of a path that the board names.
    """

    answer: Answer
    plan: RecordPlan
    find: Find = lambda _: None

    @property
    def ended(self) -> bool:
        """Whether perf ended by itself since its file was full, and with it, by SIGTERM, the workload."""
        size = self.answer.text("perf.bytes")
        return size.isdecimal() and len(size) < 16 and int(size) >= MOST_RECORDED

    @property
    def counts(self) -> str:
        """What `perf stat -x,` wrote."""
        return self.answer.sections.get("perf.csv", b"").decode("utf-8", "replace")

    @property
    def script(self) -> str:
        """What perf printed, up to the last whole sample.

        Raises:
            Unavailable: it recorded another event, or nothing that it could read.
        """
        return self._script[0]

    @property
    def cut(self) -> bool:
        """Whether the end of what it printed is missing."""
        return not self._script[1]

    @cached_property
    def _script(self) -> tuple[str, bool]:
        if not self.answer.text("perf.events"):
            raise _unread(self.answer)
        require_event(self.answer.text("perf.events").splitlines(), self.plan.event)
        return _script(self.answer)


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
    end = "\n\n" if "\n\n" in text else "\n"  # samples without stacks are lines
    return text[: text.rfind(end) + len(end)], not text


def _unread(answer: Answer) -> Unavailable:
    said = printable(answer.text("perf.said"))[-300:] or "nothing"
    return Unavailable(f"perf on the board recorded nothing that it can read; it said: {said}", INSTEAD)
