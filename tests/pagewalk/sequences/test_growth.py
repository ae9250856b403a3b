"""What takes more at head than at base: counts that repeat at once, all others by many turns."""

import random
from collections.abc import Callable

import pytest

from pagewalk.model import Crash, Origin, Outcome, Precision, Provenance, Run, Sample
from pagewalk.sequences.growth import SPARE, Scales, turns, weigh

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "made up")
EXACT = Provenance(Origin.SIMULATED, Precision.EXACT, "made up")
Replay = Callable[[tuple[str, ...]], Run]


class Counting:
    """Replays that take `mean`, give or take `noise`, and count how often they were asked."""

    def __init__(
        self, mean: float, noise: float = 0.0, provenance: Provenance = CLOCK, seed: int = 1
    ) -> None:
        self.asked = 0
        self._mean, self._noise, self._provenance = mean, noise, provenance
        self._draw = random.Random(seed)

    def __call__(self, _: tuple[str, ...]) -> Run:
        self.asked += 1
        value = self._mean * (1 + self._noise * self._draw.uniform(-1, 1))
        return Run(Outcome.OK, (Sample("time", value, self._provenance),))


def weighed(base: Counting, head: Counting, candidates: int = 100, growth: float = 0.1) -> object:
    return weigh(Scales(base, "time", growth, candidates), head, head(()), ())


def test_counts_that_repeat_take_one_execution_a_side() -> None:
    base, head = Counting(10, provenance=EXACT), Counting(12, provenance=EXACT)
    found = weighed(base, head)
    assert found is not None
    assert (base.asked, head.asked) == (1, 1)
    assert weighed(base, Counting(10.5, provenance=EXACT)) is None


def test_what_does_not_repeat_is_judged_by_turns_of_its_own() -> None:
    base, head = Counting(1e-6, 0.1), Counting(1.5e-6, 0.1, seed=2)
    found = weigh(Scales(base, "time"), head, head(()), ())
    assert found is not None
    assert 1.1 < found.low < 1.5 < found.ratio + 0.1
    assert "at least" in found.text
    assert (base.asked, head.asked) == (1 + turns(100), 1 + turns(100))


def test_what_does_not_grow_at_first_sight_costs_no_more_than_that() -> None:
    base, head = Counting(1e-6), Counting(1.04e-6)
    assert weighed(base, head) is None
    assert (base.asked, head.asked) == (1, 1)


def test_of_many_sequences_that_do_not_grow_hardly_any_is_found() -> None:
    noisy = [(Counting(1e-6, 0.5, seed=n), Counting(1e-6, 0.5, seed=n + 10_000)) for n in range(400)]
    found = [pair for pair in noisy if weighed(*pair, candidates=1, growth=0.02)]
    # Each is judged at 5 %: 20 would be expected of 400 if the threshold and the first look stopped none
    assert len(found) < 30
    assert not [pair for pair in noisy if weighed(*pair, candidates=400, growth=0.02)]


def test_the_more_sequences_are_looked_at_the_more_turns_each_takes() -> None:
    assert turns(1) == 6 + SPARE
    assert turns(1) < turns(10) < turns(1000)


@pytest.mark.parametrize("late", [0, 1, 5])
def test_what_ends_badly_or_counts_nothing_is_no_growth(late: int) -> None:
    head = Counting(2e-6)

    def fails(arguments: tuple[str, ...]) -> Run:
        return Run(Outcome.CRASHED, crash=Crash("SIGSEGV")) if head.asked > late else head(arguments)

    assert weigh(Scales(Counting(1e-6), "time"), fails, fails(()), ()) is None
    assert weigh(Scales(Counting(1e-6), "instructions"), head, head(()), ()) is None
