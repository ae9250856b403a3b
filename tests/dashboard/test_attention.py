"""What needs attention, without a browser."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import opened
from test_history_figure import series

from dashboard.data.attention import alarms
from dashboard.figures.spark import spark
from dashboard.pages.attention import decided
from pagewalk.analysis.regressions import HistorySeries, SeriesName, find_changes
from pagewalk.errors import PagewalkError
from pagewalk.history.triage import Decision, Finding, Kind, Note
from pagewalk.index.answering.model import ChangeRow, CrashRow, IndexedRevision, Series
from pagewalk.model import Case


def step(*levels: float, seed: int = 1) -> np.ndarray:
    """A series of 30 values a level with 1 % of noise."""
    noise = np.random.default_rng(seed).normal(1, 0.005, 30 * len(levels))
    return np.repeat(levels, 30) * noise


def find(found: Series) -> tuple[ChangeRow, ...]:
    """Return the changes of a series as the index answers with them."""
    told = find_changes([HistorySeries(SeriesName("vm", Case("a.B"), ""), found.values.tolist())])
    return tuple(
        ChangeRow(
            found.key,
            found.unit,
            found.revisions[one.place.after],
            found.revisions[one.place.at],
            one.kind,
            one.state,
            one.size.before,
            one.size.after,
            one.p,
            one.severity,
            0,
        )
        for one in told
        if one.size
    )


def crash(position: int, fingerprint: str = "f" * 12) -> CrashRow:
    revision = IndexedRevision(f"{position:08x}" * 5, position, f"v{position}", None)
    return CrashRow(
        "s", "vm", revision, "a.B", (), "crashed", "SIGSEGV", None, "0x10", fingerprint, (), 3, 1.0
    )


def test_what_got_worse_and_stayed_so_is_an_alarm_and_what_recovered_is_none() -> None:
    found = alarms(find(series(step(1.0, 1.2))), (), {}, {})
    assert [(alarm.at.name, alarm.worst is not None) for alarm in found] == [("v30", True)]
    assert alarms(find(series(step(1.0, 1.2, 1.0))), (), {}, {}) == []
    assert alarms(find(series(step(1.2, 1.0))), (), {}, {}) == []


def test_a_crash_counts_while_the_newest_commit_of_its_machine_still_has_it() -> None:
    rows = [crash(7), crash(5), crash(3, "0" * 12)]
    (alarm,) = alarms((), rows, {"vm": 7}, {})
    assert (alarm.at.name, alarm.series) == ("v5", 6)
    assert alarms((), rows, {"vm": 8}, {}) == []


def test_what_is_settled_comes_last_and_what_is_acknowledged_stays() -> None:
    changes = find(series(step(1.0, 1.2)))
    finding = Finding(Kind.CHANGE, changes[0].first.commit, changes[0].key.benchmark)
    for decision, settled in ((Decision.ACKNOWLEDGED, False), (Decision.FALSE_ALARM, True)):
        note = Note(finding, decision, "because")
        found = alarms(changes, [crash(7)], {"vm": 7}, {finding: note})
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
