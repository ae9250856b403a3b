"""A noise floor of another state of the machine (governor, turbo, kernel) is not used, and that is said."""

from pathlib import Path

import pytest

from pagewalk.analysis.noise_state import differing_state, noise_state
from pagewalk.analysis.settings import Settings
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.history.noise import MeasuredFloor
from pagewalk.metrics import TIME
from pagewalk.model import Case, Origin, Outcome, Precision, Provenance, Revision, Run, Sample
from pagewalk.workflows.comparing import judge_pair
from pagewalk.workflows.regressing import series_of

CASE = Case("alloc.Churn", (("size", "16"),))
BASE, HEAD = (Revision("malloc", digit * 40, f"v{digit}", int(digit)) for digit in "12")
QUIET = {"governor": "performance", "boost": "off", "smt": "off", "kernel": "6.12.1", "load_avg_1min": "0.1"}
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "a test")


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Two revisions 10 % apart, on a machine that strays by 30 % from itself."""
    history = History(tmp_path / "malloc")
    for revision, seconds in ((BASE, 1.0), (HEAD, 1.1)):
        runs = [
            LoggedRun(
                CASE,
                "sitting",
                1.0 + i,
                "1",
                Run(Outcome.OK, (Sample(TIME.name, seconds + i / 1000, CLOCK),), facts=QUIET),
            )
            for i in range(10)
        ]
        history.log("vm", revision.commit, runs)
        history.publish("vm", {"machine": "vm", "arch": "x86_64"}, revision, [], "sitting")
    return history


def _keep_floor(history: History, **changed: str) -> None:
    state = noise_state({**QUIET, **changed})
    history.keep_floors("vm", [MeasuredFloor(CASE, "time", 0.3, 20, 10, BASE.commit, "v1", 9.0, state)])


def _judged(history: History) -> tuple[str, list[str]]:
    found = judge_pair(history, (BASE, HEAD), history.machines(), Settings())
    (row,) = (row for row in found.metrics if row.metric == "time")
    return str(row.verdict), [warning for warning in found.warnings if "noise floor" in warning]


def test_a_floor_of_the_same_state_holds(history: History) -> None:
    _keep_floor(history, load_avg_1min="3.0")
    assert _judged(history) == ("same", [])


@pytest.mark.parametrize(
    ("fact", "was"), [("governor", "powersave"), ("boost", "on"), ("smt", "on"), ("kernel", "6.1.0")]
)
def test_a_floor_of_another_state_does_not_and_it_is_said_what_differs(
    history: History, fact: str, was: str
) -> None:
    _keep_floor(history, **{fact: was})
    verdict, warnings = _judged(history)
    assert verdict == "regressed"
    assert f"vm: 1 noise floor is of another state of the machine ({fact} was {was} then" in warnings[-1]
    assert "and not used; measure again with pagewalk noise" in warnings[-1]


def test_a_history_is_searched_without_a_floor_of_another_state(history: History) -> None:
    (machine,) = history.machines()

    def floors() -> set[float]:
        series = series_of(history, [BASE, HEAD], machine, lambda _: True)
        return {found.floor for found in series if found.name.metric == "time"}

    _keep_floor(history)
    assert floors() == {0.3}
    _keep_floor(history, governor="powersave")
    assert floors() == {0.0}


def test_what_nobody_tells_is_no_difference() -> None:
    assert differing_state({}, QUIET) == ""
    assert differing_state(QUIET, {}) == ""
    assert differing_state({"load_avg_1min": "1"}, {"load_avg_1min": "2"}) == ""
