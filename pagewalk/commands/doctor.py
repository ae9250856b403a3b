"""pagewalk doctor: what this machine can measure, and what to do about what it cannot."""

import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pagewalk.analysis.advice import STATE
from pagewalk.metrics import METRICS
from pagewalk.model import Missing, Provenance
from pagewalk.plugins import ON_REQUEST, load_runners
from pagewalk.protocols import Runner
from pagewalk.reports.wording import printable
from pagewalk.reports.wrapping import wrapped
from pagewalk.workflows.examining import advice_for, state_of


@click.command("doctor")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(style: str) -> None:
    """Say what this machine can measure, on which runner, and what to do about what it cannot.

    Then the state that each real machine is in: governor, turbo, SMT, load, swap, huge pages, ASLR …
    What of it harms measurement is explained, with what to type.

    \b
    pagewalk doctor
    pagewalk doctor --format json | jq '.runners[].advice'

    Exit status 0 where at least one runner works, 4 where none does.
    """
    runners, problems = load_runners()
    others, _ = load_runners(ON_REQUEST)
    if style == "json":
        told = {"runners": [as_json(r) for r in runners], "on_request": [as_json(r) for r in others]}
        click.echo(json.dumps({**told, "problems": problems}, indent=2))
    else:
        show(runners, problems)
        show_states(runners)
        _name(others)
    if all(runner.unavailable() for runner in runners):
        sys.exit(4)


def as_json(runner: Runner) -> dict[str, object]:
    """Return what a runner is, what it can measure, and why it cannot measure the rest."""
    reason = runner.unavailable()
    metrics = {} if reason else {n: _metric_as_json(v) for n, v in runner.availability().items()}
    state = {} if reason else state_of(runner)
    return {
        "name": runner.name,
        "machine": runner.machine,
        "target": str(runner.target),
        "emulated": runner.emulated,
        "unavailable": reason,
        "facts": dict(state),
        "advice": [asdict(advice) for advice in advice_for(runner, state)],
        "metrics": metrics,
    }


def _metric_as_json(value: Provenance | Missing) -> dict[str, str]:
    if isinstance(value, Missing):
        return {"missing": value.reason}
    return {"origin": value.origin, "precision": value.precision, "source": value.source}


def show(runners: Sequence[Runner], problems: Sequence[str]) -> None:
    """Print how each metric is obtained on each runner, and what to do where it is not."""
    screen = Console(file=sys.stdout, highlight=False)
    screen.print(_matrix(runners))
    width, reasons = _width(), _reasons(runners)
    if reasons:
        screen.print("\nWhat cannot be measured, and what to do", style="bold")
    for reason, places in reasons.items():
        for titles, names in places.items():
            what = f": {', '.join(titles)}" if titles else ""
            line = wrapped(f"{', '.join(names)}{what}", width, indent=2)
            screen.print(Text(line, style="bold"), soft_wrap=True)
        screen.print(Text(wrapped(reason, width, indent=4)), soft_wrap=True)
    for problem in problems:
        screen.print(Text(f"  {problem}", style="red"))


def _reasons(runners: Sequence[Runner]) -> Mapping[str, Mapping[tuple[str, ...], list[str]]]:
    """Return why what is missing where: by reason and the titles of metrics, the names of runners.

    Of a runner that does not work nothing is there, and so it has no titles.
    """
    found: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for runner in runners:
        if unavailable := runner.unavailable():
            found[unavailable][()].append(runner.name)
            continue
        missing: dict[str, list[str]] = defaultdict(list)
        for value in runner.availability().values():
            if isinstance(value, Missing):
                missing[value.reason].append(METRICS[value.metric].title)
        for reason, titles in missing.items():
            found[reason][tuple(titles)].append(runner.name)
    return found


def show_states(runners: Sequence[Runner]) -> None:
    """Print the state of each real machine, what of it harms measurement, why, and what to type."""
    for runner in runners:
        if not runner.emulated and not runner.unavailable():
            click.secho(f"\nThe state of {printable(runner.machine)}, before measuring", bold=True)
            for line in _state_lines(runner):
                click.echo(line)


def _state_lines(runner: Runner) -> Iterator[str]:
    state = state_of(runner)
    known = [f"{title} {printable(state[fact])}" for fact, title in STATE.items() if fact in state]
    silent = [title for fact, title in STATE.items() if fact not in state]
    width = _width()
    yield wrapped("; ".join(known), width, indent=2)
    if silent:
        yield wrapped(f"It does not tell: {', '.join(silent)}", width, indent=2)
    found = advice_for(runner, state)
    for advice in found:
        yield click.style(f"  ! {printable(advice.state)}", fg="yellow")
        yield wrapped(advice.why, width, indent=6)
        # A command to be copied is not broken
        yield f"      {advice.remedy}"
    if not found:
        yield click.style("  Nothing in it harms measurement.", fg="green")


def _name(runners: Sequence[Runner]) -> None:
    """Print the runners that are taken only where they are named."""
    if runners:
        click.secho("\nWhat is measured only where it is asked for", bold=True)
    for runner in runners:
        line = f"-r {runner.name} ({runner.target}): {runner.unavailable() or 'works here'}"
        click.echo(wrapped(line, _width(), indent=2))


def _width() -> int:
    return shutil.get_terminal_size((120, 24)).columns


def _matrix(runners: Sequence[Runner]) -> Table:
    table = Table(box=None, pad_edge=False, title="What can be measured, and how", title_justify="left")
    table.add_column("metric")
    for runner in runners:
        table.add_column(Text(f"{runner.name}\n{runner.target}"))
    availability = [{} if runner.unavailable() else runner.availability() for runner in runners]
    for name, metric in METRICS.items():
        table.add_row(metric.title, *(_cell(values.get(name)) for values in availability))
    return table


def _cell(value: Provenance | Missing | None) -> Text:
    if isinstance(value, Provenance):
        return Text(f"{value.origin}, {value.precision}", style="green")
    return Text("–", style="dim")
