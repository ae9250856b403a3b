"""How often a bisection is right, and what it costs: python -m bench bisection --searches 100."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from rich.console import Console
from rich.table import Table

from pagewalk.analysis.bisection import Answer, Observation, Search, Status, Taken, decide

LAST = 256
HEIGHT = 0.05
NOISE = 0.03
SEARCHES = 40
BUDGET = 300
"""What `pagewalk bisect` spends at most unless told otherwise."""
Generator = np.random.Generator
Draw = Callable[[Generator, int], float]


@dataclass(frozen=True, slots=True)
class Result:
    """One search.

    Args:
        right: whether what was named holds the true commit; None where nothing was.
        executions: in all, at the ends too.
        builds: commits beyond the ends that were built or tried.
    """

    right: bool | None
    executions: int
    builds: int


def gaussian(generator: Generator, _turn: int) -> float:
    return float(generator.normal(0, NOISE))


def heavy(generator: Generator, _turn: int) -> float:
    return float(0.02 * generator.standard_t(2))


def two_modes(generator: Generator, _turn: int) -> float:
    return float(generator.normal(0, 0.015) + 0.06 * (generator.random() < 0.3))


def drifting(generator: Generator, turn: int) -> float:
    return float(generator.normal(0, NOISE) + 0.1 * turn / 60)


def exact(_generator: Generator, _turn: int) -> float:
    return 0.0


KINDS: Mapping[str, tuple[Draw, float]] = {
    "3 % Gaussian noise": (gaussian, 0),
    "same, a third unbuildable": (gaussian, 1 / 3),
    "heavy tails (t₂, 2 %)": (heavy, 0),
    "two modes, 6 % apart": (two_modes, 0),
    "drift, 10 % in 60 turns": (drifting, 0),
    "exact counter": (exact, 0),
}
"""By name: the noise of one execution, and the share of commits that do not build."""


def ours(draw: Draw | None, broken: float, seed: int) -> Result:
    """Search with pagewalk; without noise to draw, for a crash."""
    generator = np.random.default_rng(seed)
    step = int(generator.integers(1, LAST + 1))
    unbuildable = {p for p in range(1, LAST) if generator.random() < broken}
    taken: list[Taken] = []
    skipped: set[int] = set()
    while True:
        search = Search(LAST, tuple(taken), frozenset(skipped), budget=BUDGET)
        found = decide(search)
        if isinstance(found, Answer):
            named = found.status in {Status.FOUND, Status.RANGE, Status.SEVERAL}
            builds = len(search.measured) - 2 + len(skipped)
            return Result(found.after < step <= found.up_to if named else None, len(taken), builds)
        if found.place in unbuildable:
            skipped.add(found.place)
        elif draw is None:
            taken.append(Taken(found.place, Observation(crashed=found.place >= step)))
        else:
            value = _level(found.place, step) * (1 + draw(generator, len(taken)))
            taken.append(Taken(found.place, Observation(value)))


def plain(samples: int, seed: int) -> Result:
    """Halve as `asv find` does: a commit is bad if the median of its samples is nearer to the bad end's."""
    generator = np.random.default_rng(seed)
    step = int(generator.integers(1, LAST + 1))

    def median(place: int) -> float:
        draws = [_level(place, step) * (1 + gaussian(generator, 0)) for _ in range(samples)]
        return float(np.median(draws))

    low, high = 0, LAST
    good, bad, builds = median(low), median(high), 0
    while high - low > 1:
        middle, builds = (low + high) // 2, builds + 1
        value = median(middle)
        if abs(value - bad) < abs(value - good):
            high = middle
        else:
            low = middle
    return Result(high == step, samples * (builds + 2), builds)


def _level(place: int, step: int) -> float:
    return 100 * (1 + (HEIGHT if place >= step else 0))


def _searches() -> Mapping[str, Callable[[int], Result]]:
    """Return what is compared, by name: a search for a seed."""
    kinds = {name: partial(ours, draw, broken) for name, (draw, broken) in KINDS.items()}
    halving = {f"halving, median of {n}, 3 % Gaussian": partial(plain, n) for n in (1, 25)}
    return {**kinds, "a crash": partial(ours, None, 0), **halving}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench bisection")
    parser.add_argument("--searches", type=int, default=SEARCHES, help="of each kind")
    parser.add_argument("--first", type=int, default=0, help="seed of the first search of each kind")
    parser.add_argument("--only", default="", metavar="TEXT", help="of kinds with this in their name")
    asked = parser.parse_args()
    count = max(1, asked.searches)
    seeds = range(asked.first, asked.first + count)
    title = f"A {HEIGHT:.0%} step among {LAST} commits, {count} searches each"
    table = Table(box=None, title=title, title_justify="left")
    for heading in ("", "right", "wrong", "unsure", "executions", "95th percentile", "builds"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, search in _searches().items():
        if asked.only in name:
            table.add_row(name, *_cells([search(seed) for seed in seeds]))
    Console().print(table)


def _cells(results: list[Result]) -> list[str]:
    executions = [result.executions for result in results]
    counts = [sum(result.right is answer for result in results) for answer in (True, False, None)]
    costs = (np.median(executions), np.percentile(executions, 95), np.median([r.builds for r in results]))
    return [*map(str, counts), *(f"{cost:.0f}" for cost in costs)]


if __name__ == "__main__":
    main()
