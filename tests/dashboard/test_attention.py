"""What needs attention, without a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import opened

from dashboard.data.attention import alarms
from dashboard.figures.spark import spark
from dashboard.pages.attention import decided
from pagewalk.errors import PagewalkError
from pagewalk.history.triage import Decision, Finding, Kind, Note
from pagewalk.index.answering.model import CrashRow, IndexedRevision, Regression


def regression(benchmark: str, position: int, severity: float = 1.0) -> Regression:
    """Return what got worse by so much at a commit."""
    first = IndexedRevision(f"{position:08x}" * 5, position, f"v{position}", None)
    return Regression(benchmark, first, severity, ("vm",), 1)


def crash(position: int, fingerprint: str = "f" * 12) -> CrashRow:
    revision = IndexedRevision(f"{position:08x}" * 5, position, f"v{position}", None)
    return CrashRow(
        "s", "vm", revision, "a.B", (), "crashed", "SIGSEGV", None, "0x10", fingerprint, (), 3, 1.0
    )


def test_what_got_worse_is_an_alarm_the_most_severe_first_and_the_newest_of_equal_ones() -> None:
    rows = [regression("a.B", 30), regression("a.C", 40, 2.0), regression("a.D", 50)]
    found = alarms(rows, (), {}, {})
    assert [(alarm.at.name, alarm.regression) for alarm in found] == [
        ("v40", rows[1]),
        ("v50", rows[2]),
        ("v30", rows[0]),
    ]


def test_an_alarm_names_the_other_benchmarks_of_its_commit_but_not_other_metrics_of_its_own() -> None:
    rows = [regression("a.B.track_time", 30), regression("a.B.track_instructions", 30), regression("a.C", 30)]
    found = {alarm.finding.benchmark: alarm.others for alarm in alarms(rows, (), {}, {})}
    assert found["a.B.track_time"] == ("a.C",)
    assert set(found["a.C"]) == {"a.B.track_time", "a.B.track_instructions"}


def test_a_crash_counts_while_the_newest_commit_of_its_machine_still_has_it() -> None:
    rows = [crash(7), crash(5), crash(3, "0" * 12)]
    (alarm,) = alarms((), rows, {"vm": 7}, {})
    assert (alarm.at.name, alarm.series) == ("v5", 6)
    assert alarms((), rows, {"vm": 8}, {}) == []


def test_what_is_settled_comes_last_and_what_is_acknowledged_stays() -> None:
    rows = [regression("a.B", 30)]
    finding = Finding(Kind.CHANGE, rows[0].first.commit, "a.B")
    for decision, settled in ((Decision.ACKNOWLEDGED, False), (Decision.FALSE_ALARM, True)):
        note = Note(finding, decision, "because")
        found = alarms(rows, [crash(7)], {"vm": 7}, {finding: note})
        assert [alarm.note for alarm in found] == [None, note]
        assert found[1].settled is settled


@pytest.mark.parametrize("key", ["", "go|change|x", "go|spell|x|y", "rust|change|x|y", "../go|change|x|y"])
def test_a_finding_that_a_browser_made_up_is_refused(tmp_path, results, key: str) -> None:  # type: ignore[no-untyped-def]
    with (
        opened(results, tmp_path / "i.sqlite") as (library, _),
        pytest.raises(PagewalkError, match="no such"),
    ):
        decided(library, key, ("acknowledged", "", ""))


@given(st.lists(st.floats(-1e300, 1e300) | st.just(float("nan")), max_size=200), st.integers(-1, 250))
def test_any_series_makes_a_picture_or_none(values: list[float], mark: int) -> None:
    picture = spark(values, mark)
    assert not picture or picture.startswith("data:image/svg+xml;base64,")
