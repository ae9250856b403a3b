"""The rule on our own suites, here: how often it tells nothing as something, and finds what is there.

Real sittings of real workloads, through the code that `pagewalk compare` runs. The head is the
same program as the base, told to burn so many permille more (`--burn-permille`). A slowdown is looked
for in both times: that of the clock counts waiting for a processor, and where others use the machine
it strays more than twice as far as the processor's own.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from pagewalk.analysis.comparison import Comparison
from pagewalk.analysis.settings import Settings
from pagewalk.analysis.verdict import Verdict
from pagewalk.commands.options import project_root
from pagewalk.history import History
from pagewalk.metrics import TASK_CLOCK, TIME
from pagewalk.model import Artifact, Revision
from pagewalk.plugins import runners_named
from pagewalk.sampling import Cell, Side, Sitting
from pagewalk.subjects import load_subject, prepare, resolve
from pagewalk.workflows.comparing import compare_pair
from pagewalk.workflows.measuring import Request, plan

SUBJECT, REVISION = "malloc", "glibc"
BURNT = (0, 20, 50, 100)
TIMES = (TIME.name, TASK_CLOCK.name)
TOLD = {Verdict.REGRESSED, Verdict.IMPROVED, Verdict.BROKEN, Verdict.FIXED}


@dataclass(slots=True)
class Tally:
    """What the verdicts of one share of slowdown were; of those on time, by metric."""

    cases: int = 0
    rows: int = 0
    told: int = 0
    found: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Print how often nothing was told as a change, and how often a slowdown of time was found."""
    parser = argparse.ArgumentParser(prog="python -m bench power", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="12 comparisons instead of 200")
    parser.add_argument("--bench", action="append", default=[], metavar="REGEX", help="only these cases")
    parser.add_argument("--rounds", type=int, default=10, help="executions a side")
    options = parser.parse_args()
    cells = _cells(tuple(options.bench), options.rounds)
    wanted = 12 if options.quick else 200
    sittings = {0: -(-wanted // len(cells))} | dict.fromkeys(BURNT[1:], -(-wanted // 4 // len(cells)))
    one = _seconds(cells[0])
    seconds = sum(sittings.values()) * len(cells) * 2 * options.rounds * one
    print(
        f"{len(cells)} cases, {sum(sittings.values())} sittings: about {seconds / 60:.0f} minutes.",
        flush=True,
    )
    tallies = {permille: _tally(cells, permille, count) for permille, count in sittings.items()}
    Console().print(_table(tallies))


def _cells(patterns: tuple[str, ...], rounds: int) -> list[Cell]:
    root = project_root()
    subject = load_subject(SUBJECT, root)
    prepare(subject)
    revision = resolve(subject, REVISION)
    request = Request(root, subject, (revision,), tuple(runners_named(("local",))), patterns, rounds)
    return plan(request, print)


def _seconds(cell: Cell) -> float:
    """What one execution takes."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        history = History(Path(folder) / SUBJECT, SUBJECT)
        _sit(history, [replace(cell, rounds=3)], "warm")
    return (time.perf_counter() - start) / 3


def _tally(cells: Sequence[Cell], permille: int, sittings: int) -> Tally:
    tally = Tally()
    label = f"+{permille / 10:.0f} %" if permille else "A/A"
    for number in track(range(sittings), label, console=Console(stderr=True), transient=True):
        found = _compared(cells, permille, number)
        tally.cases += len(cells)
        verdicts = [*(row.verdict for row in found.metrics), *(row.verdict for row in found.outcomes)]
        tally.rows += sum(verdict is not None for verdict in verdicts)
        tally.told += sum(verdict in TOLD for verdict in verdicts)
        times = [row for row in found.metrics if row.metric in TIMES]
        tally.found.update(row.metric for row in times if row.verdict is Verdict.REGRESSED)
        tally.unsure.update(row.metric for row in times if row.verdict is Verdict.UNSURE)
    return tally


def _compared(cells: Sequence[Cell], permille: int, number: int) -> Comparison:
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        history = History(Path(folder) / SUBJECT, SUBJECT)
        pair = Revision(SUBJECT, "a" * 40, "base", 1), Revision(SUBJECT, "b" * 40, "head", 2)
        shares = (0, permille)
        asked = [
            replace(cell, sides=tuple(_side(cell.sides[0], *both) for both in zip(pair, shares, strict=True)))
            for cell in cells
        ]
        _sit(history, asked, f"s{number}")
        return compare_pair(history, pair, history.machines(), (), Settings())


def _side(side: Side, revision: Revision, permille: int) -> Side:
    return Side(revision, dict(_burning(side, permille)))


def _burning(side: Side, permille: int) -> Iterator[tuple[str, Artifact]]:
    for program, built in side.builds.items():
        assert isinstance(built, Artifact), built
        # Both sides are given the option, so that their command lines are of one length
        yield program, replace(built, command=(*built.command, f"--burn-permille={permille:03d}"))


def _sit(history: History, cells: Sequence[Cell], name: str) -> None:
    Sitting(history, name, cells, record_faults=False).run(lambda _turn: None, lambda _turn, _run: None)


def _table(tallies: dict[int, Tally]) -> Table:
    headings = [f"{metric} {verdict}" for metric in TIMES for verdict in ("regressed", "unsure")]
    table = Table("slowdown", "comparisons", "rows told / judged", *headings)
    for permille, tally in tallies.items():
        share = f"{tally.told} / {tally.rows} ({tally.told / max(1, tally.rows):.2%})" if not permille else ""
        counts = [count[metric] for metric in TIMES for count in (tally.found, tally.unsure)]
        shares = [f"{count / max(1, tally.cases):.0%}" for count in counts]
        label = f"+{permille / 10:.0f} %" if permille else "none (A/A)"
        table.add_row(label, str(tally.cases), share, *shares)
    return table
