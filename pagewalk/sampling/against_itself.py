"""One revision on both sides: what a sitting of it says about noise."""

from collections.abc import Iterator, Sequence

from pagewalk.model import Run

Pair = tuple[tuple[float, ...], tuple[float, ...]]


def split(runs: Sequence[Run], rounds: int) -> Iterator[tuple[Sequence[Run], Sequence[Run]]]:
    """Yield the two sides of each A/A comparison that a sitting holds.

    Args:
        runs: of one case, in the order they were taken: two a round, and as `turns` has it,
            the first side first in even rounds, second in odd ones.
        rounds: a comparison; what is left over at the end is no comparison.
    """
    size = 2 * rounds
    for start in range(0, len(runs) - size + 1, size):
        block = runs[start : start + size]
        sides: tuple[list[Run], list[Run]] = ([], [])
        for place, run in enumerate(block):
            turn, second = divmod(place, 2)
            # A block may begin with an odd round; the rounds of the whole sitting decide.
            swapped = (start // 2 + turn) % 2
            sides[second ^ swapped].append(run)
        yield sides


def pairs_of(runs: Sequence[Run], rounds: int, metric: str) -> list[Pair]:
    """Return the samples of one metric on both sides of every comparison that has some on both."""
    found = [(_samples(first, metric), _samples(second, metric)) for first, second in split(runs, rounds)]
    return [pair for pair in found if all(pair)]


def metrics_of(runs: Sequence[Run]) -> list[str]:
    """Return the metrics that were sampled, in the order they were first met."""
    return list(dict.fromkeys(sample.metric for run in runs for sample in run.samples))


def _samples(runs: Sequence[Run], metric: str) -> tuple[float, ...]:
    return tuple(sample.value for run in runs for sample in run.samples if sample.metric == metric)
