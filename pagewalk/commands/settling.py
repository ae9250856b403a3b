"""pagewalk compare --adaptive: go on with what is unsure until it is settled or the budget is spent."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import click
from rich.console import Console

from pagewalk.analysis.comparison import Comparison
from pagewalk.commands.progress import console, take_all
from pagewalk.live import Reporter
from pagewalk.sampling import Cell, Sitting
from pagewalk.sampling.adaptive import Looks, Place, at_their_look, hopeless, place_of, unsettled, widened
from pagewalk.units import seconds

Judge = Callable[[], Comparison]


class Duration(click.ParamType[float]):
    """`90`, `90s`, `10m` or `2h`, in seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d{1,6})([smh]?)", str(value).strip())
        if match is None or int(match[1]) == 0:
            self.fail(f"{value!r} is no time to spend; type 90s, 10m or 2h.", param, ctx)
        return int(match[1]) * {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}[match[2]]


@dataclass(slots=True)
class Budget:
    """Seconds to spend, from now on."""

    most: float
    begun: float

    @property
    def spent(self) -> float:
        return time.monotonic() - self.begun

    @property
    def left(self) -> bool:
        return self.spent < self.most


def settle(
    sitting: Sitting, looks: Looks, seconds_to_spend: float, judge: Judge, live: Reporter
) -> tuple[Comparison, bool]:
    """Take further rounds of what is unsure; return the last comparison, and whether time was enough.

    Args:
        sitting: its planned rounds are taken, or it was stopped on the way to a later look.
        judge: asks the rule, at the level of one look.
        live: is told what is done.
    """
    screen = console()
    budget = Budget(seconds_to_spend, time.monotonic())
    cells = at_their_look(sitting.cells, sitting.rounds_taken())
    take = partial(_take, sitting, budget, screen, live)
    take(cells)
    first = found = judge()
    while budget.left:
        more = widened(cells, unsettled(found).keys() - hopeless(found), looks)
        if not more:
            break
        executions = sum(cell.rounds // 2 * len(cell.sides) for cell in more)
        screen.print(f"{len(more)} of {len(cells)} cases are unsure: {executions} more executions.")
        take(more)
        grown = {place_of(cell): cell for cell in more}
        cells = [grown.get(place_of(cell), cell) for cell in cells]
        found = judge()
    for line in _summary(first, found, cells, looks, budget):
        screen.print(line, markup=False)
    return found, budget.left or not unsettled(found)


def _take(sitting: Sitting, budget: Budget, screen: Console, live: Reporter, cells: Sequence[Cell]) -> None:
    further = Sitting(sitting.history, sitting.name, cells, sitting.seed, record_faults=False)
    take_all(further, screen, live, go_on=lambda: budget.left)


def _summary(
    first: Comparison, last: Comparison, cells: Sequence[Cell], looks: Looks, budget: Budget
) -> list[str]:
    before, after = unsettled(first), unsettled(last)
    settled = len(before.keys() - after.keys())
    lines = [f"Settled {settled} of {len(before)} cases that were unsure, in {seconds(budget.spent)}."]
    rounds = {place_of(cell): cell.rounds for cell in cells}
    why = Counter(_why(place, hopeless(last), rounds, looks) for place in after)
    lines += [f"Left unsure: {count}, {reason}." for reason, count in why.most_common()]
    return lines


def _why(place: Place, beyond: set[Place], rounds: dict[Place, int], looks: Looks) -> str:
    if place in beyond:
        return "whose noise hides a change of this size whatever the number of samples"
    if 2 * rounds.get(place, 0) > looks.most:
        return f"at the last look; raise --max-rounds beyond {looks.most}"
    return "as the budget was spent; the same command goes on"
