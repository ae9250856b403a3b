"""Time lines in the history."""

import gzip
from pathlib import Path

import pytest

from pagewalk.errors import HistoryError
from pagewalk.events import EventKind, TimedEvent
from pagewalk.history import timelines
from pagewalk.history.timelines import KeptTimeline, Timelines, timeline_of
from pagewalk.model import Case, Outcome, Run

CASE = Case("goruntime.LockedThreads", (("threads", "64"),))
EVENTS = (
    TimedEvent(10**15, EventKind.BEGIN, 7),
    TimedEvent(10**15 + 5, EventKind.FAULT, 8, 2**64 - 1, "a;b", "write"),
)


@pytest.fixture
def kept(tmp_path: Path) -> Timelines:
    return Timelines(tmp_path, "vm", "a" * 40)


def only_file(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_a_time_line_comes_back_as_it_was_and_the_latest_one_stands(kept: Timelines) -> None:
    assert kept.read(CASE) is None
    kept.keep(CASE, KeptTimeline(Outcome.OK, 0, ()))
    run = Run(Outcome.CRASHED, facts={"events": "9"}, events=EVENTS)
    kept.keep(CASE, timeline_of(run))
    assert kept.read(CASE) == KeptTimeline(Outcome.CRASHED, 9, EVENTS)
    assert only_file(kept.results).parent == kept.results / "vm" / "evidence" / ("a" * 8)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not packed", id="not packed"),
        pytest.param(gzip.compress(b"")[:-2], id="cut short"),
        pytest.param(gzip.compress(b"{}\n"), id="an empty head"),
        pytest.param(gzip.compress(b'{"outcome": "ok", "seen": 1}\n[1, "fault", 1]\n'), id="too few words"),
        pytest.param(
            gzip.compress(b'{"outcome": "ok", "seen": 1}\n[1, "fault", 1, -1, "", ""]\n'),
            id="less than nothing",
        ),
        pytest.param(
            gzip.compress(b'{"outcome": "ok", "seen": 1}\n[1e99, "fault", 1, 1, "", ""]\n'),
            id="beyond all time",
        ),
        pytest.param(
            gzip.compress(b'{"outcome": "ok", "seen": 1}\n[1, "fault", 1, 1, ["x"], ""]\n'),
            id="a list for a text",
        ),
        pytest.param(gzip.compress(b"[" * 100_000), id="nested without end"),
    ],
)
def test_what_is_no_time_line_is_an_error_that_says_how_to_get_one(kept: Timelines, content: bytes) -> None:
    kept.keep(CASE, KeptTimeline(Outcome.OK, 0, ()))
    only_file(kept.results).write_bytes(content)
    with pytest.raises(HistoryError) as error:
        kept.read(CASE)
    assert "pagewalk timeline --anew" in error.value.remedy


def test_a_file_that_unpacks_to_more_than_anybody_needs_is_not_unpacked(
    kept: Timelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "MOST_BYTES", 10_000)
    kept.keep(CASE, KeptTimeline(Outcome.OK, 0, EVENTS * 1000))
    with pytest.raises(HistoryError, match="larger than 10000 bytes"):
        kept.read(CASE)
