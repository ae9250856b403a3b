"""How the two-revision verdict does on real noise of asv histories, beside asv's own rule.

Each draw takes a series, its level taken away so that no change lies between (running median),
and two of its values as base and head, with the values before as the past of the series; then
the head is made slower. `1 a side` is what most histories hold: neighbouring commits, with the
quartiles that asv recorded of them. With more, each side is so many values drawn from the series.
The bounds are of no rule: nobody finds more at 1 % of false alarms, from two values whose noise is
known, or from one whose level is known as well, and who looks for just that size.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.changepoints_data import Past, pasts
from bench.verdicts_bound import bound
from pagewalk.analysis.single_values import judge_with_past
from pagewalk.analysis.verdict import Verdict

EFFECTS = (0.0, 0.02, 0.05, 0.10)
SIDES = (1, 3, 5, 10)
FACTOR = 1.1
"""asv's default of `asv continuous --factor`."""
EARLIEST = 60
LATEST = 120
"""Commits before the base that a rule is given."""
PAIRS = 4
"""Drawn from each series."""
FALSE_ALARMS = 0.01

Sample = Sequence[float]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a rule is given: samples of either side, the past of their series, and the width of the head."""

    base: Sample
    head: Sample
    past: Sample
    width: float

    def slower(self, effect: float) -> "Pair":
        """Return the same with a head that takes longer; its quartiles grow with it."""
        return replace(self, head=[value * (1 + effect) for value in self.head])


Rule = Callable[[Pair], bool]


def main() -> None:
    """Print a table for each history that is given."""
    parser = argparse.ArgumentParser(prog="python -m bench verdicts", description=__doc__)
    parser.add_argument("--asv", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--series", type=int, default=600, help="series that are drawn from")
    options = parser.parse_args()
    if not options.asv:
        print("Skipped: needs histories of asv; name folders RESULTS/MACHINE with --asv DIR.")
    for folder in options.asv:
        found = pasts(folder, options.series)
        if not found:
            print(f"Skipped: {folder} holds no series of 150 times that vary.")
            continue
        Console().print(table(str(folder), found))


def table(name: str, found: Sequence[Past]) -> Table:
    """Return the shares told, as a table: of pairs alike, and of those made slower."""
    drawn = Table(title=f"{name}: {len(found)} series", title_justify="left")
    for heading in ("a side", "rule", "A/A told", *(f"+{effect:.0%} found" for effect in EFFECTS[1:])):
        drawn.add_column(heading, justify="right")
    for samples in SIDES:
        for rule_name, rule in (("asv", asv_rule), ("pagewalk", our_rule)):
            shares = told(found, rule, samples)
            drawn.add_row(str(samples), rule_name, *(f"{share:.1%}" for share in shares))
    for known, noises in (
        ("noise known", [np.diff(past.noise) for past in found]),
        ("level known, too", [past.noise for past in found]),
    ):
        shares = [bound(noises, effect, FALSE_ALARMS) for effect in EFFECTS[1:]]
        drawn.add_row("1", f"bound, {known}", f"{FALSE_ALARMS:.1%}", *(f"{share:.1%}" for share in shares))
    return drawn


def told(found: Sequence[Past], rule: Rule, samples: int) -> list[float]:
    """Return for each of EFFECTS the share of pairs that a rule tells as changed."""
    generator = np.random.default_rng(samples)
    pairs = [_pair(past, samples, generator) for past in found for _ in range(PAIRS)]
    return [float(np.mean([rule(pair.slower(effect)) for pair in pairs])) for effect in EFFECTS]


def _pair(past: Past, samples: int, generator: np.random.Generator) -> Pair:
    values = np.exp(past.noise)
    place = int(generator.integers(EARLIEST, len(values) - 1))
    before = values[max(0, place - LATEST) : place].tolist()
    if samples == 1:
        width = float(past.widths[place + 1])
        return Pair([float(values[place])], [float(values[place + 1])], before, width)
    base, head = generator.choice(values, (2, samples))
    return Pair(base.tolist(), head.tolist(), before, 0.0)


def asv_rule(pair: Pair) -> bool:
    """Whether the medians differ by asv's factor."""
    ratio = float(np.median(pair.head) / np.median(pair.base))
    return max(ratio, 1 / ratio) > FACTOR


def our_rule(pair: Pair) -> bool:
    """Whether the rule of docs/verdict.md tells a change."""
    judged = judge_with_past(pair.base, pair.head, pair.past, width=pair.width)
    return judged.verdict in {Verdict.REGRESSED, Verdict.IMPROVED}
