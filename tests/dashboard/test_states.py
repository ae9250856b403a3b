"""Series with nothing to draw."""

import numpy as np

from dashboard.looks.states import is_silent, silent_text
from pagewalk.index.answering.model import IndexedRevision, Series, SeriesKey


def series(machine: str, *states: str) -> Series:
    revisions = tuple(IndexedRevision(f"{n:040x}", n, f"v{n}", n) for n in range(len(states)))
    values = np.array([1.0 if state == "ok" else np.nan for state in states])
    return Series(SeriesKey("s", machine, "", "b"), "", revisions, values, values, values, states)


def test_a_series_of_missing_values_is_silent_and_a_crash_is_not() -> None:
    assert is_silent(series("a", "not-run", "absent", "unsupported", "as-expected"))
    assert not is_silent(series("a", "not-run", "crashed"))
    assert not is_silent(series("a", "ok"))


def test_machines_with_nothing_at_all_are_named() -> None:
    found = [series("a", "ok"), series("a", "not-run"), series("b", "not-run"), series("c", "absent")]
    assert silent_text(found) == "No values on b, c: it cannot be had there, or was not measured."
    assert silent_text(found[:2]) == ""
