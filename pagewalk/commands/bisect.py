"""pagewalk bisect: find the first bad commit."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from pagewalk.analysis.bisection import Status
from pagewalk.bisecting.asked import Asked
from pagewalk.bisecting.candidates import candidates, commit_of, describe, subject_lines, toplevel
from pagewalk.bisecting.command import VALUE, CommandProbe, worktree
from pagewalk.bisecting.finding import finding_of
from pagewalk.bisecting.search import bisect, question_of
from pagewalk.bisecting.state import live_root, load, name_of, state_root
from pagewalk.bisecting.suite_search import SuiteQuestion, search_suite
from pagewalk.commands import options
from pagewalk.commands.bisect_progress import watching
from pagewalk.commands.progress import console
from pagewalk.errors import ConfigError
from pagewalk.forges import commit_pages_of
from pagewalk.live import FOLDER, Reporter, reporting
from pagewalk.metrics import METRICS
from pagewalk.plugins import runners_named
from pagewalk.reports import bisection_report
from pagewalk.reports.bisection_report import Finding
from pagewalk.subjects import load_subject, prepare, resolve
from pagewalk.workflows.measuring import usable

EXIT = {Status.FOUND: 0, Status.NOT_REPRODUCED: 4}
"""Everything else that can be said ends with 1."""


@click.command("bisect")
@click.option(
    "--good", required=True, shell_complete=options.complete_revision, help="A commit that is well."
)
@click.option(
    "--bad", required=True, shell_complete=options.complete_revision, help="A later one that is not."
)
@options.subject_option
@click.option("-b", "--benchmark", metavar="REGEX", help="The one case to measure, as `Churn.*size=16`.")
@click.option(
    "-m",
    "--metric",
    type=click.Choice(list(METRICS)),
    metavar="NAME",
    help="What to measure. [default: what changed most surely; an ending above all]",
)
@options.runner_option
@click.option(
    "--repo", type=click.Path(path_type=Path), metavar="DIR", help="Any git repository. [default: .]"
)
@click.option("--command", "shell", metavar="'CMD {commit}'", help="Prints a number, or dies, at a commit.")
@click.option("--timeout", type=click.FloatRange(0.01), default=3600.0, help="Seconds a command may take.")
@click.option("--budget", type=click.IntRange(4, 100_000), default=300, show_default=True, metavar="N")
@click.option(
    "--confidence",
    type=click.FloatRange(0.5, 1, min_open=True, max_open=True),
    default=0.99,
    show_default=True,
)
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to keep it."
)
@click.option("--fresh", is_flag=True, help="Begin anew: forget what the same search has measured.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
@options.results_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option, as click hands them over
    good: str,
    bad: str,
    subject_name: str,
    benchmark: str | None,
    metric: str | None,
    runner_names: tuple[str, ...],
    repo: Path | None,
    shell: str | None,
    timeout: float,
    budget: int,
    confidence: float,
    state: Path | None,
    fresh: bool,
    style: str,
    results: Path | None,
) -> None:
    """Find the first bad commit: of a slowdown, a counter, a memory growth or a crash.

    \b
    pagewalk bisect --good go1.24.11 --bad go1.25.5 -b 'Map.*lookup-hit.*4096' -r local -m time
    pagewalk bisect --subject my-malloc --good v1.0 --bad main -b 'Churn.*size=16' -r qemu-riscv64
    pagewalk bisect --repo ~/src/mimalloc --good v2.1 --bad HEAD --command 'make -s && ./bench.sh'
    pagewalk bisect --good v1 --bad HEAD --command '/tmp/measure.sh {commit}' --format json

    A command runs in a worktree of its own with the commit checked out. The last number it prints is the
    value. Status 125 skips a commit that does not build. Another status, a signal or a timeout is a crash:
    it is searched for where only bad crashes; where both ends print numbers the commit is skipped. Noise is
    learned from the executions: no need to repeat anything in the command itself.

    Stop it with Ctrl-C whenever you like: the same command goes on where it was stopped.

    Exit status: 0 found; 1 a range, several steps or the budget used up; 2 usage; 4 not reproduced, or
    nothing could be measured.
    """
    if (shell is None) == (benchmark is None):
        raise ConfigError(
            "Say what to measure: either --benchmark or --command.",
            "For example: pagewalk bisect --good A --bad B --command 'make -s && ./bench'",
        )
    if shell is not None:
        asked = CommandQuestion(repo or Path.cwd(), shell, timeout, confidence, budget, fresh, state)
        findings = [_of_command(asked, good, bad)]
    elif repo is not None:
        raise ConfigError("--repo goes with --command.", "Name what is under test with --subject.")
    else:
        root = options.project_root()
        history = (results or root / "results") / subject_name
        wanted = SuiteQuestion(str(benchmark), metric, confidence, budget, fresh, history, state)
        findings = _of_suite(root, subject_name, (good, bad), runner_names, wanted)
    for finding in findings:
        render = bisection_report.render if style == "json" else bisection_report.sentences
        click.echo(render(finding), nl=False)
    sys.exit(max(EXIT.get(finding.answer.status, 1) for finding in findings))


@dataclass(frozen=True, slots=True)
class CommandQuestion:
    """What a user asked of a command."""

    folder: Path
    shell: str
    timeout: float
    confidence: float
    budget: int
    fresh: bool
    state: Path | None


def _of_command(asked: CommandQuestion, good: str, bad: str) -> Finding:
    repository = toplevel(asked.folder)
    commits = candidates(repository, commit_of(repository, good), commit_of(repository, bad))
    words = (str(repository), commits[0], commits[-1], asked.shell)
    state = load(asked.state or state_root() / name_of(words), words, fresh=asked.fresh)
    lines = tuple(zip(commits, subject_lines(repository, commits), strict=True))
    told = Asked(
        lines,
        asked.shell,
        str(repository),
        "",
        VALUE,
        confidence=asked.confidence,
        budget=asked.budget,
        pages=commit_pages_of(repository),
    )
    question = question_of(told)
    with (
        worktree(repository, commits[0]) as tree,
        state.attempted(told),
        _live(live_root(), str(repository), asked.shell) as live,
        watching(console(), question, state, live) as on_step,
    ):
        units = state.printed_units()
        probe = CommandProbe(asked.shell, tree, asked.timeout, found=bool(state.taken), units=units)
        answer = bisect(question, probe, state, on_step)
        about = str(describe(repository, commits[answer.up_to]))
        finding = finding_of(question, state, answer, about)
        state.conclude(bisection_report.headline(finding))
        live.tell(words=bisection_report.headline(finding))
    return finding


def _of_suite(
    root: Path, subject_name: str, ends: tuple[str, str], runner_names: Sequence[str], asked: SuiteQuestion
) -> list[Finding]:
    subject = load_subject(subject_name, root)
    prepare(subject)
    good, bad = (resolve(subject, name).commit for name in ends)
    commits = candidates(subject.repository, good, bad)
    runners = usable(runners_named(runner_names), named=bool(runner_names), say=console().print)
    findings = []
    # Each runner costs a search of its own; one is enough unless more are named.
    for runner in runners if runner_names else runners[:1]:
        with _live(root / FOLDER, f"{subject.name} on {runner.name}", asked.pattern) as live:
            watch = partial(watching, console(), live=live)
            findings.append(search_suite(root, subject, runner, commits, asked, watch))
            live.tell(words=bisection_report.headline(findings[-1]))
    return findings


def _live(folder: Path, subject: str, what: str) -> AbstractContextManager[Reporter]:
    return reporting(folder, "bisect", subject, what=what, now="preparing")
