"""Questions whose samples are of one shape, measured in one go."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pagewalk.analysis.null_distribution import Floats
from pagewalk.analysis.past import Known
from pagewalk.analysis.questions import Question
from pagewalk.analysis.sampled import Measured, measure
from pagewalk.analysis.samples_needed import smallest_attainable
from pagewalk.analysis.single_values import FEW, Middles, measure_with_past

Sizes = tuple[int, int]
"""Samples before and after."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Questions of one shape.

    Args:
        places: of each among all that were asked; measured: a row each, in their order.
    """

    places: Sequence[int]
    measured: Measured


def batches(asked: Sequence[Question], known: Iterable[Known], alpha: float, family: int) -> list[Batch]:
    """Estimate and test all questions that are sampled, as some of `family` tests.

    Args:
        known: what the pasts of some questions say.
    """
    held = [batch for one in known for batch in _against_past(one, asked, alpha)]
    done = {place for batch in held for place in batch.places}
    rest = [place for place, question in enumerate(asked) if question.sampled and place not in done]
    return [*held, *_tested(rest, asked, alpha, smallest_attainable(alpha / max(1, family), pairs=True))]


def _against_past(known: Known, asked: Sequence[Question], alpha: float) -> Iterator[Batch]:
    """Yield those questions of a past that have too few samples for a test; without a logarithm none can."""
    for (before, after), rows in _by_size(known.places, asked).items():
        if before >= FEW and after >= FEW:
            continue
        places = [known.places[row] for row in rows]
        base, head = (np.median(side, axis=-1) for side in _samples(places, asked))
        some = np.flatnonzero((base > 0) & (head > 0))
        if some.size:
            own = np.array(rows)[some]
            middles = Middles(base[some], head[some], known.width[own], (before, after))
            measured = measure_with_past(middles, known.past.of(own.tolist()), alpha)
            yield Batch([places[row] for row in some.tolist()], measured)


def _tested(places: Sequence[int], asked: Sequence[Question], alpha: float, fewest: int) -> Iterator[Batch]:
    """Yield questions that are tested.

    Turns are compared pairwise only where so many pairs could ever be significant among all that is tested.
    The choice rests on the numbers of samples and of tests, never on their values.
    """
    for sizes, rows in _by_size(places, asked).items():
        alike = [places[row] for row in rows]
        turns = [sizes[0] >= fewest and asked[place].in_turns for place in alike]
        for pairs in sorted(set(turns)):
            some = [place for place, turn in zip(alike, turns, strict=True) if turn is pairs]
            yield Batch(some, measure(*_samples(some, asked), alpha, pairs=pairs))


def _by_size(places: Sequence[int], asked: Sequence[Question]) -> dict[Sizes, list[int]]:
    """Return the positions in `places` by how many samples there are."""
    found: dict[Sizes, list[int]] = {}
    for row, place in enumerate(places):
        question = asked[place]
        found.setdefault((len(question.base.samples), len(question.head.samples)), []).append(row)
    return found


def _samples(places: Sequence[int], asked: Sequence[Question]) -> tuple[Floats, Floats]:
    """Return the samples of both sides, a row a question."""
    base = np.array([asked[place].base.samples for place in places], dtype=float)
    return base, np.array([asked[place].head.samples for place in places], dtype=float)
