"""More rounds for what is unsure: which, how many, and no more false alarms for it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.comparison import Comparison, compare
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Verdict
from pagewalk.history import History
from pagewalk.model import (
    Case,
    Machine,
    Origin,
    Outcome,
    Precision,
    Provenance,
    Record,
    Revision,
    Target,
    Values,
)
from pagewalk.sampling import Cell, Side, Sitting
from pagewalk.sampling.adaptive import Looks, at_their_look, hopeless, unsettled, widened
from pagewalk.suite import SuiteCase

BOARD = Machine("board", "riscv64", emulated=False)
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "clock")
REVISIONS = Revision("s", "a" * 40, "a", 0), Revision("s", "b" * 40, "b", 1)
ROWS = 30
TOLD = {Verdict.REGRESSED, Verdict.IMPROVED}


def case(number: int) -> Case:
    return Case("alloc.Churn", (("size", str(number)),))


def judged(samples: Mapping[Case, tuple[list[float], list[float]]], settings: Settings) -> Comparison:
    sides = []
    for side in (0, 1):
        records = {}
        for own, both in samples.items():
            values = Values("time", tuple(both[side]), CLOCK)
            records[own] = Record(own, {Outcome.OK: len(values.samples)}, {"time": values}, sitting="s")
        sides.append({"board": records})
    return compare(*REVISIONS, [BOARD], sides[0], sides[1], settings)


class Board:
    """The edge that is left out: a runner's name is all that cells are asked for here."""

    name = machine = "board"
    target = Target("riscv64")
    emulated = False


def cell(number: int, rounds: int) -> Cell:
    suite_case = SuiteCase(case(number), "churn", (), 1, False, "1", ())
    return Cell(Board(), suite_case, (Side(REVISIONS[0], {}), Side(REVISIONS[1], {})), rounds)  # type: ignore[arg-type]


def sequential(effect: float, seed: int, looks: Looks) -> tuple[float, float]:
    """Return the share of rows told after all looks, and the rounds a row took, against noise with tails."""
    rng = np.random.default_rng(seed)
    samples: dict[Case, tuple[list[float], list[float]]] = {case(i): ([], []) for i in range(ROWS)}
    cells = [cell(i, looks.planned) for i in range(ROWS)]
    settings = Settings(alpha=looks.alpha(0.05))
    more = cells
    while more:
        for grown in more:
            before, after = samples[grown.case.case]
            count = grown.rounds - len(before)
            before += list(np.exp(0.02 * rng.standard_t(2, count)))
            after += list(effect * np.exp(0.02 * rng.standard_t(2, count)))
        found = judged(samples, settings)
        now = {c.case.case: c for c in more}
        cells = [now.get(c.case.case, c) for c in cells]
        more = widened(cells, unsettled(found).keys() - hopeless(found), looks)
    told = sum(row.verdict in TOLD for row in found.metrics)
    return told / ROWS, sum(len(both[0]) for both in samples.values()) / ROWS


@pytest.mark.slow
def test_asking_again_and_again_tells_nothing_where_nothing_changed() -> None:
    results = [sequential(1.0, seed, Looks(5, 40)) for seed in range(60)]
    told = float(np.mean([share for share, _ in results]))
    comparisons = float(np.mean([share > 0 for share, _ in results]))
    print(f"A/A over up to 4 looks: {told:.3%} of rows, {comparisons:.1%} of comparisons told")
    assert told <= 0.01
    assert comparisons <= 0.05 + 3 * (0.05 * 0.95 / 60) ** 0.5


def test_what_is_there_is_found_with_fewer_rounds_than_the_most() -> None:
    results = [sequential(1.06, seed, Looks(10, 80)) for seed in range(3)]
    shares, rounds = zip(*results, strict=True)
    assert np.mean(shares) >= 0.9
    assert np.mean(rounds) < 60


@given(planned=st.integers(1, 50), most=st.integers(1, 2000))
def test_the_looks_are_at_doublings_up_to_the_most_and_share_alpha(planned: int, most: int) -> None:
    looks = Looks(planned, most)
    sizes = [planned * 2**k for k in range(20) if k == 0 or planned * 2**k <= most]
    assert looks.count == len(sizes)
    assert looks.alpha(0.05) * looks.count == pytest.approx(0.05)


def test_only_what_is_unsure_is_widened_and_never_beyond_the_most() -> None:
    cells = [cell(0, 10), cell(1, 10), cell(2, 40)]
    more = widened(cells, {("board", case(0)), ("board", case(2))}, Looks(10, 40))
    assert [(c.case.case, c.rounds) for c in more] == [(case(0), 20)]


def test_a_sitting_stopped_on_the_way_goes_on_to_the_next_look() -> None:
    cells = [cell(0, 10), cell(1, 10)]
    grown = at_their_look(cells, {("board", case(0)): 27, ("board", case(1)): 10})
    assert [c.rounds for c in grown] == [40, 10]


def test_unsure_rows_say_what_their_case_wants_and_settled_ones_nothing() -> None:
    rng = np.random.default_rng(3)
    noisy = (list(np.exp(0.05 * rng.standard_normal(10))), list(np.exp(0.05 * rng.standard_normal(10))))
    clear = ([1.0 + i / 1e4 for i in range(10)], [2.0 + i / 1e4 for i in range(10)])
    wanted = unsettled(judged({case(0): noisy, case(1): clear}, Settings()))
    assert wanted.keys() == {("board", case(0))}
    assert wanted["board", case(0)] > 0


def test_out_of_budget_no_round_is_left_half_done(tmp_path: Path) -> None:
    from test_sitting import FakeRunner, cells  # noqa: PLC0415 - a module of the tests beside this one

    history = History(tmp_path / "malloc")
    runner = FakeRunner()
    sitting = Sitting(history, name="s", cells=cells(runner), record_faults=False)
    sitting.run(lambda _: None, lambda _turn, _run: None, go_on=lambda: len(runner.executed) < 5)
    taken = [len(history.runs(letter * 40, "local", "s")) for letter in "ab"]
    assert taken == [3, 3]
    assert set(sitting.rounds_taken().values()) <= {1, 2}
