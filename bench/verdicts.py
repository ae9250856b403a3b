"""How the two-revision verdict does on real noise of asv histories, beside asv's own rule.

Each draw takes a series, its level taken away so that no change lies between (running median),
and two of its values as base and head, with the values before as the past of the series; then
the head is made slower. `1 a side` is what most histories hold: neighbouring commits. With more,
each side is so many values drawn from the series.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.changepoints_data import Series, histories
from pagewalk.analysis.single_values import judge_with_past
from pagewalk.analysis.verdict import Verdict

EFFECTS = (0.0, 0.02, 0.05, 0.10)
SIDES = (1, 5, 10)
FACTOR = 1.1
"""asv's default of `asv continuous --factor`."""
EARLIEST = 60

Sample = Sequence[float]
Rule = Callable[[Sample, Sample, Sample], bool]


def main() -> None:
    """Print a table for each history that is given."""
    parser = argparse.ArgumentParser(prog="python -m bench verdicts", description=__doc__)
    parser.add_argument("--asv", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--series", type=int, default=600, help="series that are drawn from")
    options = parser.parse_args()
    if not options.asv:
        print("Skipped: needs histories of asv; name folders RESULTS/MACHINE with --asv DIR.")
    for folder in options.asv:
        found = histories(folder, options.series)
        if not found:
            print(f"Skipped: {folder} holds no series of 150 times that vary.")
            continue
        Console().print(table(str(folder), found))


def table(name: str, found: Sequence[Series]) -> Table:
    """Return the shares told, as a table: of pairs alike, and of those made slower."""
    drawn = Table(title=f"{name}: {len(found)} series", title_justify="left")
    for heading in ("a side", "rule", "A/A told", *(f"+{effect:.0%} found" for effect in EFFECTS[1:])):
        drawn.add_column(heading, justify="right")
    for samples in SIDES:
        for rule_name, rule in (("asv", asv_rule), ("pagewalk", our_rule)):
            shares = told(found, rule, samples)
            drawn.add_row(str(samples), rule_name, *(f"{share:.1%}" for share in shares))
    return drawn


def told(found: Sequence[Series], rule: Rule, samples: int) -> list[float]:
    """Return for each of EFFECTS the share of pairs that a rule tells as changed."""
    generator = np.random.default_rng(samples)
    pairs = [_pair(series, samples, generator) for series in found]
    return [
        float(
            np.mean(
                [rule(base, [value * (1 + effect) for value in head], past) for base, head, past in pairs]
            )
        )
        for effect in EFFECTS
    ]


def _pair(series: Series, samples: int, generator: np.random.Generator) -> tuple[Sample, Sample, Sample]:
    values = np.exp(series)
    place = int(generator.integers(EARLIEST, len(values) - 1))
    past = values[:place].tolist()
    if samples == 1:
        return [float(values[place])], [float(values[place + 1])], past
    base, head = generator.choice(values, (2, samples))
    return base.tolist(), head.tolist(), past


def asv_rule(base: Sample, head: Sample, _past: Sample) -> bool:
    """Whether the medians differ by asv's factor."""
    ratio = float(np.median(head) / np.median(base))
    return max(ratio, 1 / ratio) > FACTOR


def our_rule(base: Sample, head: Sample, past: Sample) -> bool:
    """Whether the rule of docs/verdict.md tells a change."""
    return judge_with_past(base, head, past).verdict in {Verdict.REGRESSED, Verdict.IMPROVED}
