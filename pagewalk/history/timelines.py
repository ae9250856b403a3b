"""Time lines in the history: what happened in one execution of a case, beside its profiles.

One lies in the evidence folder of a commit as `<case>.timeline.jsonl.gz`: a line about the execution, then
one an event. The latest one stands.
"""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pagewalk.errors import HistoryError
from pagewalk.events import EventKind, TimedEvent
from pagewalk.files import MALFORMED, write_whole
from pagewalk.history import evidence
from pagewalk.history.codec import text_in
from pagewalk.history.profiles import case_slug
from pagewalk.model import Case, Outcome, Run

MOST_BYTES = 32 << 20
"""Of a file when it is unpacked: whoever sends results may send anything."""

_MOST_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class KeptTimeline:
    """What one execution was like.

    Args:
        seen: events that were recorded; more than `events` where only the last ones were kept.
    """

    outcome: Outcome
    seen: int
    events: tuple[TimedEvent, ...]


@dataclass(frozen=True, slots=True)
class Timelines:
    """The time lines of one commit on one machine.

    Args:
        results: the results folder of a subject.
    """

    results: Path
    machine: str
    commit: str

    def keep(self, case: Case, found: KeptTimeline) -> None:
        """Write the time line of one execution in place of the one before."""
        head = {"outcome": found.outcome.value, "seen": found.seen}
        lines = [json.dumps(head), *(json.dumps(_row(event)) for event in found.events)]
        text = "".join(f"{line}\n" for line in lines)
        write_whole(self._path(case), gzip.compress(text.encode(), mtime=0))

    def read(self, case: Case | str) -> KeptTimeline | None:
        """Return the time line of a case, by its name or slug; None where there is none.

        Raises:
            HistoryError: a file of that name is no time line.
        """
        path = self._path(case)
        try:
            with path.open("rb") as stream:
                packed = stream.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        try:
            return _parsed(_unpacked(packed))
        except (*MALFORMED, zlib.error) as error:
            raise HistoryError(
                f"{path} is no time line: {error}", "Record it anew with `pagewalk timeline --anew`."
            ) from error

    def _path(self, case: Case | str) -> Path:
        folder = evidence.folder(self.results, self.machine, self.commit)
        return folder / f"{case_slug(case)}.timeline.jsonl.gz"


def _unpacked(packed: bytes) -> str:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    data = unpacking.decompress(packed, MOST_BYTES)
    if not unpacking.eof:
        raise ValueError(f"it is cut off, or larger than {MOST_BYTES} bytes")
    return data.decode()


def _row(event: TimedEvent) -> list[Any]:
    return [event.at, event.kind.value, event.thread, event.address, event.function, event.detail]


def _parsed(text: str) -> KeptTimeline:
    first, *rows = text.splitlines()
    if len(rows) > _MOST_EVENTS:
        raise ValueError(f"{len(rows)} events")
    head = json.loads(first)
    return KeptTimeline(Outcome(head["outcome"]), int(head["seen"]), tuple(map(_event, rows)))


def _event(line: str) -> TimedEvent:
    at, kind, thread, address, function, detail = json.loads(line)
    place = None if address is None else _whole(address, 1 << 64)
    return TimedEvent(
        _whole(at, 1 << 63),
        EventKind(kind),
        _whole(thread, 1 << 31),
        place,
        text_in(function),
        text_in(detail),
    )


def _whole(value: object, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
        raise ValueError(f"expected a whole number below {limit}, found {value!r:.40}")
    return value


def timeline_of(run: Run) -> KeptTimeline:
    """Return what is kept of a run that was recorded; the fact `events` says how many there were."""
    seen = run.facts.get("events", "")
    return KeptTimeline(run.outcome, int(seen) if seen.isdecimal() else len(run.events), run.events)
