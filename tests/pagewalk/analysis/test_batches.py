"""Questions are measured by shape; how they are put together changes nothing for any of them."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pagewalk.analysis.batches import Batch, batches
from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Known, pasts_of
from pagewalk.analysis.questions import Pairing, Question
from pagewalk.analysis.single_values import FEW
from pagewalk.model import Case, Machine, Values

ALPHA = 0.05
MACHINE = Machine("box", "x86_64", emulated=False)
NUMBERS = st.sampled_from([0.0, 0.9, 1.0, 1.02, 1.5, 3.0])
SIDE = st.lists(NUMBERS, min_size=1, max_size=6).map(tuple)
PASTS = st.integers(20, 24).flatmap(lambda n: arrays(np.float64, (6, n), elements=st.floats(0.9, 1.1)))


def question(number: int, base: tuple[float, ...], head: tuple[float, ...], *, sampled: bool) -> Question:
    case = Case(f"suite.time_{number}")
    sides = Values("time", base), Values("time", head)
    place = ("box", case, "time")
    return Question(Pairing(MACHINE, case, None, None), place, *sides, "" if sampled else "no", sampled)


def alone(asked: list[Question], table: Floats, place: int, *, told: bool) -> Batch:
    """Return the batch of a question that is asked by itself, its past known or not."""
    known = [Known([0], past, np.zeros(1), "", np.zeros(1)) for past in pasts_of(table[place : place + 1])]
    (batch,) = batches([asked[place]], known if told else [], ALPHA, 1)
    return batch


@settings(deadline=None)
@given(
    sides=st.lists(st.tuples(SIDE, SIDE, st.booleans()), min_size=6, max_size=6),
    table=PASTS,
    told=st.sets(st.integers(0, 5)),
)
def test_each_of_many_is_measured_as_it_is_alone(
    sides: list[tuple[tuple[float, ...], tuple[float, ...], bool]], table: Floats, told: set[int]
) -> None:
    asked = [question(at, base, head, sampled=some) for at, (base, head, some) in enumerate(sides)]
    about = sorted(at for at in told if asked[at].sampled)
    (past,) = pasts_of(table)
    known = [Known(about, past.of(about), np.zeros(len(about)), "", np.zeros(len(about)))] if about else []
    found = batches(asked, known, ALPHA, len(asked))
    places = [place for batch in found for place in batch.places]
    assert sorted(places) == [at for at, one in enumerate(asked) if one.sampled]
    for batch in found:
        for row, place in enumerate(batch.places):
            own = alone(asked, table, place, told=place in about).measured
            assert (batch.measured.sizes, batch.measured.method) == (own.sizes, own.method)
            for one, other in (
                (batch.measured.ratio, own.ratio),
                (batch.measured.difference, own.difference),
            ):
                for part in ("estimate", "low", "high"):
                    near(getattr(one, part)[row], getattr(other, part)[0])
            near(batch.measured.p[row], own.p[0])


def near(one: float, other: float) -> None:
    assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))


@given(base=SIDE, head=SIDE, table=PASTS)
def test_the_past_stands_in_for_samples_where_they_are_few_and_have_a_logarithm(
    base: tuple[float, ...], head: tuple[float, ...], table: Floats
) -> None:
    batch = alone([question(0, base, head, sampled=True)], table, 0, told=True)
    few = min(len(base), len(head)) < FEW
    held = few and np.median(base) > 0 and np.median(head) > 0
    assert (batch.measured.method == "history") is bool(held)
