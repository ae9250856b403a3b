"""Rank the methods on data with known answers: python -m bench.changepoints --help."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.changepoints_data import annotated, pasts
from bench.changepoints_noise import MADE_UP, Maker, Series, blocks, calm, drawn, in_order
from bench.changepoints_oracle import ALARMS, Stepped, height, shift, told_the_number, told_the_place
from bench.changepoints_score import covering, f1
from pagewalk.analysis.changepoints import Method, apply
from pagewalk.analysis.changepoints.asv_steps import AsvSteps
from pagewalk.analysis.changepoints.bayesian_online import BayesianOnline
from pagewalk.analysis.changepoints.e_divisive import EDivisive
from pagewalk.analysis.changepoints.robust import Robust
from pagewalk.analysis.changepoints.ruptures_methods import BinarySegmentation, Pelt

COUNT = 200
NEAR = 5
EDGE = 20
"""Steps are put in no nearer than this to the ends, but for the recent ones."""

RECENT = 3


@dataclass(frozen=True, slots=True)
class Nothing:
    """Says that nothing ever changes: what every method has to beat."""

    name: str = "nothing"

    def find(self, series: Series) -> list[int]:  # noqa: ARG002 - the protocol's
        return []


METHODS: tuple[Method, ...] = (
    Robust(),
    BinarySegmentation(),
    Pelt(),
    AsvSteps(0.0),
    AsvSteps(),
    BayesianOnline(),
    EDivisive(),
    Nothing(),
)

STEPS: Mapping[str, tuple[float, bool]] = {
    "2 %": (0.02, False),
    "5 %": (0.05, False),
    "5 %, 3 after": (0.05, True),
    "10 %, 3 after": (0.10, True),
}
"""By name: the height of a step, and whether it is RECENT."""


def with_step(noise: Series, height: float, at: int, up: bool) -> Series:
    """Return one microsecond with `noise`, from index `at` on slower or faster by `height`."""
    logarithms = noise.copy()
    logarithms[at:] += np.log1p(height) * (1 if up else -1)
    series: Series = 1e-6 * np.exp(logarithms)
    return series


def rates(method: Method, make: Maker, clean: int, stepped: int, seed: int = 1) -> list[float]:
    """Return the share of clean series with an alarm, and of each of STEPS that is found within NEAR."""
    generator = np.random.default_rng(seed)
    alarms = sum(bool(apply(method, 1e-6 * np.exp(make(generator, COUNT)))) for _ in range(clean))
    found = dict.fromkeys(STEPS, 0)
    for _ in range(stepped):
        noise, up = make(generator, COUNT), bool(generator.integers(2))
        middle = int(generator.integers(EDGE, COUNT - EDGE))
        for name, (size, recent) in STEPS.items():
            at = COUNT - RECENT if recent else middle
            found[name] += any(abs(one - at) <= NEAR for one in apply(method, with_step(noise, size, at, up)))
    return [alarms / max(1, clean), *(hits / max(1, stepped) for hits in found.values())]


def ceilings(make: Maker, stepped: int, seed: int = 1) -> tuple[list[float], list[float]]:
    """Return which share of each of STEPS is found by who knows its place, and by who knows it is one."""
    generator = np.random.default_rng(seed)
    cases: dict[str, list[Stepped]] = {name: [] for name in STEPS}
    for _ in range(stepped):
        noise, up = make(generator, COUNT), bool(generator.integers(2))
        middle = int(generator.integers(EDGE, COUNT - EDGE))
        for name, (size, recent) in STEPS.items():
            at = COUNT - RECENT if recent else middle
            cases[name].append(Stepped(1e-6 * np.exp(noise), with_step(noise, size, at, up), at))
    place = [told_the_place(cases[name], height if recent else shift) for name, (_, recent) in STEPS.items()]
    number = [told_the_number(cases[name], NEAR, EDGE) for name, (_, recent) in STEPS.items() if not recent]
    return place, number


def rank_on_people(console: Console, folder: Path, methods: tuple[Method, ...]) -> None:
    """Print how each method agrees with the annotators of TCPD."""
    data = annotated(folder)
    table = Table("method", "F1", "covering", "s", title=f"agreement with people, {len(data)} series")
    for method in methods:
        begin = time.perf_counter()
        answers = [(one, apply(method, one.values)) for one in data]
        scores = [
            (f1(one.annotations, found), covering(one.annotations, found, len(one.values)))
            for one, found in answers
        ]
        means = [f"{mean:.3f}" for mean in np.mean(scores, axis=0)]
        table.add_row(method.name, *means, f"{time.perf_counter() - begin:.1f}")
    console.print(table)


def rank_on_noise(
    console: Console, makers: Mapping[str, Maker], methods: tuple[Method, ...], series: tuple[int, int]
) -> None:
    """Print alarms on clean series and steps found, for each kind of noise."""
    for name, make in makers.items():
        table = Table("method", "alarm", *STEPS, title=f"{name}: {series[0]} clean, {series[1]} stepped")
        for method in methods:
            table.add_row(method.name, *(f"{rate:.1%}" for rate in rates(method, make, *series)))
        place, number = ceilings(make, 2 * series[1])
        table.add_row("told the place", f"{ALARMS:.1%}", *(f"{rate:.1%}" for rate in place))
        table.add_row("told there is one", "", *(f"{rate:.1%}" for rate in number))
        console.print(table)


def taken_from(folder: Path) -> dict[str, Maker]:
    """Return makers of the noise of one history of asv."""
    kinds: dict[str, Callable[..., Maker]] = {
        "drawn": drawn,
        "in blocks": blocks,
        "in order": in_order,
        "in order, without levels": calm,
    }
    found = pasts(folder)
    if not found:
        raise click.UsageError(f"no history of 150 times in {folder}: name the folder of one asv machine")
    noise = [past.noise for past in found]
    makers = {f"{folder.name}, {kind}": maker(noise) for kind, maker in kinds.items()}
    return makers | {f"{folder.name}, drawn with its levels": drawn([past.measured for past in found])}


@click.command()
@click.option("--tcpd", type=click.Path(exists=True, path_type=Path), help="A checkout of TCPD.")
@click.option("--asv", type=click.Path(exists=True, path_type=Path), multiple=True, help="results/MACHINE.")
@click.option("--made-up/--no-made-up", default=True, help="Noise that needs no data.")
@click.option("--only", multiple=True, help="A method by its name; all without it.")
@click.option("--clean", default=200, show_default=True, help="Clean series for each kind of noise.")
@click.option("--stepped", default=100, show_default=True, help="Series with a step, likewise.")
def main(  # noqa: PLR0913, PLR0917 - one argument an option
    tcpd: Path | None, asv: tuple[Path, ...], made_up: bool, only: tuple[str, ...], clean: int, stepped: int
) -> None:
    """Rank the methods of pagewalk.analysis.changepoints, each at its one default setting."""
    console = Console()
    methods = tuple(method for method in METHODS if not only or method.name in only)
    if tcpd:
        rank_on_people(console, tcpd, methods)
    if made_up:
        rank_on_noise(console, MADE_UP, methods, (clean, stepped))
    for folder in asv:
        rank_on_noise(console, taken_from(folder), methods, (clean, stepped))


if __name__ == "__main__":
    main()
