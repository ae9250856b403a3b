"""pagewalk ci: measure what a change may have changed, and answer with an exit status."""

import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.gate import Answer, Unchanged, judge_gate
from pagewalk.analysis.rules import Rules
from pagewalk.analysis.settings import Settings
from pagewalk.commands import options
from pagewalk.commands.ci_reports import Wanted, complete_report, parse_reports, write_reports
from pagewalk.commands.progress import console, sit
from pagewalk.errors import BuildFailed, ConfigError, PagewalkError, Unavailable
from pagewalk.history import History
from pagewalk.model import Machine
from pagewalk.plugins import load_runners, runners_named
from pagewalk.protocols import Runner
from pagewalk.rules_file import read_rules
from pagewalk.subjects import load_subject, prepare
from pagewalk.workflows.comparing import Pair, Scope, case_filter, judge_pair, revision_pair
from pagewalk.workflows.gating import Economy
from pagewalk.workflows.measuring import Request, usable

RULES = "gate.toml"


def _never_by_mistake(function: Callable[..., None]) -> Callable[..., None]:
    """Let no mistake of ours answer "regressed", which is what Python's own exit status 1 would say."""

    @wraps(function)
    def called(*arguments: Any, **named: Any) -> None:
        try:
            function(*arguments, **named)
        except (PagewalkError, click.ClickException, click.Abort):
            raise
        except Exception:  # a plugin may raise anything
            traceback.print_exc()
            sys.exit(int(Answer.NOTHING))

    return called


@click.command("ci")
@click.option("--base", required=True, metavar="B", shell_complete=options.complete_revision)
@click.option("--head", metavar="H", shell_complete=options.complete_revision)
@options.subject_option
@options.patch_option
@options.runner_option
@options.bench_option
@options.rounds_option
@click.option(
    "--report",
    "reports",
    callback=parse_reports,
    shell_complete=complete_report,
    multiple=True,
    metavar="KIND[:FILE]",
    help="terminal, markdown, junit, json or benchstat, into FILE; may be given several times.",
)
@click.option(
    "--thresholds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Thresholds and exemptions. [default: {RULES} of the project, if there is one]",
)
@click.option("--link", default="", metavar="URL", help="Where a reader of the Markdown finds all results.")
@click.option("--no-run", is_flag=True, help="Measure nothing; judge what the history has.")
@options.results_option
@_never_by_mistake
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    base: str,
    head: str | None,
    subject_name: str,
    patch: Path | None,
    runner_names: tuple[str, ...],
    patterns: tuple[str, ...],
    rounds: int,
    reports: tuple[Wanted, ...],
    thresholds: Path | None,
    link: str,
    no_run: bool,
    results: Path | None,
) -> None:
    """Measure what changed from a base to a head, and answer with an exit status.

    \b
    0  nothing regressed
    1  something regressed
    2  it was asked wrongly
    3  broken: a crash or a failed build that the base does not have; stands above 1
    4  nothing could be measured

    \b
    pagewalk ci --base main --head my-branch -s my-malloc -r local
    pagewalk ci --base go1.25.5 --patch my.patch -r qemu-arm64 -r qemu-riscv64
    pagewalk ci --base v1 --head v2 -s my-malloc --report junit:junit.xml --report markdown:report.md

    What builds to the same bytes on both sides is not executed; exact counts of a base that are known
    are not taken again. docs/ci.md has thresholds, exemptions and templates for GitHub and GitLab.
    """
    if link and not link.startswith(("https://", "http://")):
        raise ConfigError(f"--link {link!r} is no web address.", "Give one that begins with https://")
    root = options.project_root()
    rules = _rules(thresholds, root)
    subject = load_subject(subject_name, root)
    prepare(subject)
    pair = revision_pair(subject, base, head, patch, may_be_one=True)
    history = History((results or root / "results") / subject.name, subject.name)
    runners = tuple(runners_named(runner_names))
    economy = Economy(history)
    if not no_run:
        runners = usable(runners, named=bool(runner_names), say=console().print)
        _measure(Request(root, subject, pair, runners, patterns, rounds), history, economy)
    comparison = _judge(history, pair, runners, patterns, rules, economy.unchanged)
    today = datetime.now(UTC).date()
    gate = judge_gate(comparison, rules, today, economy.unchanged, economy.reused)
    write_reports(reports, comparison, gate, link)
    sys.exit(int(gate.answer))


def _rules(thresholds: Path | None, root: Path) -> Rules:
    path = thresholds or root / RULES
    if thresholds is None and not path.exists():
        return Rules()
    return read_rules(path, {runner.name: runner.machine for runner in load_runners()[0]})


def _measure(request: Request, history: History, economy: Economy) -> None:
    try:
        sit(request, history, narrow=economy)
    except BuildFailed as error:
        # Neither side builds: that is nobody's regression, and nothing was measured.
        raise Unavailable(error.message, error.remedy) from error


def _judge(  # noqa: PLR0913, PLR0917 - what is known, of what, and by which rules
    history: History,
    pair: Pair,
    runners: Sequence[Runner],
    patterns: Sequence[str],
    rules: Rules,
    unchanged: Sequence[Unchanged],
) -> Comparison:
    """Judge what the history has, but for what is the same bytes: old numbers of that say nothing."""
    machines = _machines(history, runners, unchanged)
    settings = Settings(thresholds=rules.thresholds)
    found = judge_pair(history, pair, machines, settings, Scope(case_filter(patterns)))
    same = {(one.machine, one.case) for one in unchanged}
    return replace(
        found,
        machines=tuple(machines),
        outcomes=tuple(row for row in found.outcomes if (row.machine, row.case) not in same),
        metrics=tuple(row for row in found.metrics if (row.machine, row.case) not in same),
    )


def _machines(history: History, runners: Sequence[Runner], unchanged: Sequence[Unchanged]) -> list[Machine]:
    known = {machine.name: machine for machine in history.machines()}
    wanted = {runner.machine: runner for runner in runners}
    return [
        known.get(name) or Machine(name, runner.target.architecture, runner.emulated)
        for name, runner in wanted.items()
        if name in known or any(one.machine == name for one in unchanged)
    ]
