"""One revision on both sides: taken as `compare` takes two, and told apart again."""

from pathlib import Path

from test_sitting import FakeRunner, case_named, run_all, side

from pagewalk.history import History
from pagewalk.model import Origin, Outcome, Precision, Provenance, Run, Sample
from pagewalk.sampling import Cell, Sitting
from pagewalk.sampling.against_itself import metrics_of, pairs_of

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "clock")


def run(value: float) -> Run:
    return Run(Outcome.OK, (Sample("time", value, CLOCK),))


def test_the_sides_change_their_order_every_round_across_comparisons() -> None:
    # a b | b a | a b | b a | a b | b a: three rounds a comparison
    runs = [run(value) for value in (1, 11, 12, 2, 3, 13, 14, 4, 5, 15, 16, 6)]
    assert pairs_of(runs, 3, "time") == [((1, 2, 3), (11, 12, 13)), ((4, 5, 6), (14, 15, 16))]


def test_what_is_left_over_is_no_comparison() -> None:
    runs = [run(float(value)) for value in range(7)]
    assert len(pairs_of(runs, 3, "time")) == 1
    assert pairs_of(runs[:5], 3, "time") == []


def test_a_side_without_a_sample_is_no_comparison() -> None:
    runs = [run(1.0), Run(Outcome.CRASHED)]
    assert pairs_of(runs, 1, "time") == []
    assert metrics_of(runs) == ["time"]


def test_a_sitting_of_one_revision_takes_every_round_twice_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    history = History(tmp_path / "malloc")
    runner = FakeRunner(stop_after=5)
    cells = [Cell(runner, case_named(), (side("a"), side("a")), 4)]
    try:
        run_all(Sitting(history, name="s", cells=cells, record_faults=False))
    except KeyboardInterrupt:
        runner.stop_after = 10**6
    run_all(Sitting(history, name="s", cells=cells, record_faults=False))
    runs = [logged.run for logged in history.runs("a" * 40, "local", "s")]
    assert len(runs) == 8
    assert [seed for _, seed in runner.executed] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert [len(first) for first, _ in pairs_of(runs, 2, "time")] == [2, 2]
