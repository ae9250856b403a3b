"""Questions whose samples are of one shape, measured in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pagewalk.analysis.past import Known, Past
from pagewalk.analysis.questions import Question
from pagewalk.analysis.sampled import Measured, measure
from pagewalk.analysis.samples_needed import smallest_attainable
from pagewalk.analysis.single_values import Middles, few, measure_with_past


class Shape(NamedTuple):
    """What questions have in common that are measured in one go.

    Args:
        sizes: samples before and after.
        pairs: whether the i-th sample of either side is compared with the other's.
        past: what they are held against, having too few samples for a test; each its own row.
    """

    sizes: tuple[int, int]
    pairs: bool = False
    past: Past | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Questions of one shape.

    Args:
        places: of each among all that were asked; measured: a row each, in their order.
    """

    places: tuple[int, ...]
    measured: Measured


def batches(asked: Sequence[Question], known: Mapping[int, Known], alpha: float, family: int) -> list[Batch]:
    """Estimate and test all questions that are sampled, as some of `family` tests.

    Args:
        known: what the pasts of some questions say, by their places.
    """
    fewest = smallest_attainable(alpha / max(1, family), pairs=True)
    alike: dict[Shape, list[int]] = {}
    for place, question in enumerate(asked):
        if question.sampled:
            alike.setdefault(_shape(question, known.get(place), fewest), []).append(place)
    return [
        Batch(tuple(places), _measure(shape, places, asked, known, alpha)) for shape, places in alike.items()
    ]


def _shape(question: Question, known: Known | None, fewest: int) -> Shape:
    """Choose how a question is measured.

    Turns are compared pairwise only where so many pairs could ever be significant among all that is tested.
    The choice rests on the numbers of samples and of tests, never on their values.
    """
    base, head = question.base.samples, question.head.samples
    sizes = (len(base), len(head))
    if known is not None and few(base, head) and _middle(base) > 0 and _middle(head) > 0:
        return Shape(sizes, past=known.past)
    return Shape(sizes, pairs=len(base) >= fewest and question.in_turns)


def _measure(
    shape: Shape, places: Sequence[int], asked: Sequence[Question], known: Mapping[int, Known], alpha: float
) -> Measured:
    base = np.array([asked[place].base.samples for place in places], dtype=float)
    head = np.array([asked[place].head.samples for place in places], dtype=float)
    if shape.past is None:
        return measure(base, head, alpha, pairs=shape.pairs)
    rows = [known[place].row for place in places]
    width = np.array([known[place].width for place in places])
    middles = Middles(np.median(base, axis=-1), np.median(head, axis=-1), width, shape.sizes)
    return measure_with_past(middles, shape.past.of(rows), alpha)


def _middle(samples: Sequence[float]) -> float:
    """Return what is above 0 where the median of samples is; they are not negative."""
    return sorted(samples)[len(samples) // 2]
