"""More rounds for just what is not settled, without chance settling it by being asked often.

Who looks again and again until something is significant will find something. So the looks are
fixed beforehand, at the planned rounds and each doubling of them up to the most, and each of K
looks is judged at α/K: by Bonferroni's inequality all together then err no more than one look at
α, whatever the dependence between them (O. J. Dunn, JASA 56, 1961). Looks at doublings are few,
and the price is small: four looks take a quarter more samples than one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.samples_needed import HOPELESS
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case
from pagewalk.sampling.plan import Cell

Place = tuple[str, Case]
"""A machine's name and a case: what one execution measures."""


@dataclass(frozen=True, slots=True)
class Looks:
    """When the rule is asked, fixed before anything is measured.

    Args:
        planned: rounds at the first look; most: rounds that are never exceeded.
    """

    planned: int
    most: int

    @property
    def count(self) -> int:
        """How many looks there may be: at `planned`, twice, four times … and at no more than `most`."""
        return max(1, (max(self.most, self.planned) // self.planned).bit_length())

    def alpha(self, alpha: float) -> float:
        """Return the level of each look, so that all together stay at `alpha`."""
        return alpha / self.count


def unsettled(comparison: Comparison) -> dict[Place, int]:
    """Return how many more samples a side the rows of each case want that are `unsure`."""
    wanted: dict[Place, int] = {}
    for row in _unsure(comparison):
        place = row.machine, row.case
        wanted[place] = max(wanted.get(place, 0), _needed(row))
    return wanted


def hopeless(comparison: Comparison) -> set[Place]:
    """Return the cases whose unsure rows no reasonable number of samples will settle."""
    return {place for place, more in _least(comparison).items() if more >= HOPELESS}


def _least(comparison: Comparison) -> dict[Place, int]:
    """By case, what its most easily settled row wants."""
    wanted: dict[Place, int] = {}
    for row in _unsure(comparison):
        place = row.machine, row.case
        wanted[place] = min(wanted.get(place, HOPELESS), _needed(row))
    return wanted


def widened(cells: Sequence[Cell], places: Collection[Place], looks: Looks) -> list[Cell]:
    """Return the cells at some places with twice their rounds; those at their last look are left out."""
    doubled = [replace(cell, rounds=2 * cell.rounds) for cell in cells if place_of(cell) in places]
    return [cell for cell in doubled if cell.rounds <= looks.most]


def place_of(cell: Cell) -> Place:
    """Return where a cell's rows are in a comparison."""
    return cell.runner.machine, cell.case.case


def at_their_look(cells: Iterable[Cell], taken: dict[Place, int]) -> list[Cell]:
    """Return cells whose rounds are the first look that is not before what was already taken.

    A sitting that was stopped half way to a look goes on to it before the rule is asked again.
    """
    return [_grown(cell, taken.get(place_of(cell), 0)) for cell in cells]


def _grown(cell: Cell, taken: int) -> Cell:
    rounds = cell.rounds
    while rounds < taken:
        rounds *= 2
    return replace(cell, rounds=rounds)


def _unsure(comparison: Comparison) -> list[MetricRow | OutcomeRow]:
    rows: list[MetricRow | OutcomeRow] = [*comparison.metrics, *comparison.outcomes]
    return [row for row in rows if row.verdict is Verdict.UNSURE]


def _needed(row: MetricRow | OutcomeRow) -> int:
    if isinstance(row, OutcomeRow):
        return row.samples_needed
    return row.effect.samples_needed if row.effect else 0
