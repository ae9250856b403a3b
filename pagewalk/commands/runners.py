"""pagewalk runners: the boards that workloads are executed on."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pagewalk.commands import doctor, options
from pagewalk.commands.progress import bar, console
from pagewalk.commands.trying import require_ok, tried, trouble
from pagewalk.config import nearest
from pagewalk.errors import ConfigError, PagewalkError, Unavailable
from pagewalk.inventories import FOLDER, Entry, Inventory, open_inventory
from pagewalk.metrics import METRICS
from pagewalk.model import Outcome, Run
from pagewalk.plugins import ON_REQUEST, load_runners
from pagewalk.protocols import Runner
from pagewalk.reports.wording import printable
from pagewalk.toolchains.platforms import PLATFORMS, parse_target


@click.group("runners", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List, add and check the boards that workloads are executed on.

    A board needs sshd and a shell; perf where it shall count more than time and memory. Boards are
    kept in runners/machines.toml; docs/runners.md says what each line means.

    \b
    pagewalk runners list                                            all places to measure
    pagewalk runners add visionfive --target riscv64 --host vf2      tries it, then adds it
    pagewalk runners add pi5 --target arm64 --host me@10.0.0.7 --cpus 3
    pagewalk runners check visionfive                                can it measure, and what?
    pagewalk compare -r visionfive go1.25.5+noswissmap go1.25.5      measure there
    """
    if context.invoked_subcommand is None:
        context.invoke(list_command)


@command.command("list")
@options.plain_format_option
def list_command(style: str) -> None:
    """List all places to measure. Connects to none of them: `pagewalk runners check` does."""
    inventory = open_inventory(options.project_root())
    entries = {entry.name: entry for entry in inventory.entries()}
    usual, problems = load_runners()
    named, more_problems = load_runners(ON_REQUEST)
    problems += more_problems
    if style == "json":
        rows = [
            _as_json(runner, entries.get(runner.name)) | {"on_request": runner in named}
            for runner in (*usual, *named)
        ]
        click.echo(json.dumps({"runners": rows, "problems": problems}, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("runner", "target", "where", "pinned to", "counts", "taken"):
        table.add_column(heading, no_wrap=heading == "runner")
    for runner in (*usual, *named):
        taken = "if named" if runner in named else "always"
        table.add_row(*map(printable, (*_row(runner, entries.get(runner.name)), taken)))
    screen = Console(file=sys.stdout, highlight=False, markup=False)
    screen.print(table)
    if not entries:
        screen.print(f"\nNo boards yet ({inventory.path}): pagewalk runners add --help")
    for problem in problems:
        screen.print(printable(problem), style="red")


def _row(runner: Runner, entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return runner.name, str(runner.target), "emulated here" if runner.emulated else "this machine", "", ""
    if not entry.host:
        return (
            entry.name,
            str(entry.target),
            f"{entry.transport}, booted here",
            "",
            "instructions, page faults",
        )
    cpus = ",".join(map(str, entry.cpus)) or "its last processor"
    where = f"{entry.transport} {entry.host}"
    return entry.name, str(entry.target), where, cpus, ", ".join(entry.counters) or "all it has"


def _as_json(runner: Runner, entry: Entry | None) -> dict[str, object]:
    known: dict[str, object] = {
        "name": runner.name,
        "machine": runner.machine,
        "target": str(runner.target),
        "emulated": runner.emulated,
    }
    if entry is None:
        return known
    return known | {
        "transport": entry.transport,
        "host": entry.host,
        "folder": entry.folder,
        "cpus": entry.cpus,
        "counters": entry.counters,
        "timeout": entry.timeout or None,
        "config": entry.config or None,
    }


def _complete_target(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in PLATFORMS if name.startswith(incomplete)]


def _complete_board(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    try:
        entries = open_inventory(options.project_root()).entries()
    except PagewalkError:
        return []
    return [entry.name for entry in entries if entry.name.startswith(incomplete)]


def _cpus(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[int, ...]:
    words = [word for word in value.split(",") if word.strip()]
    if not all(word.strip().isdecimal() for word in words):
        raise click.BadParameter(f"{value!r} is no list of processors; write 2 or 2,3")
    return tuple(map(int, words))


@command.command("add")
@click.argument("name")
@click.option("--target", required=True, shell_complete=_complete_target, help="As arm64 or riscv64-musl.")
@click.option("--host", default="", help="Anything ssh takes: an alias of ~/.ssh/config, user@host.")
@click.option(
    "--transport",
    type=click.Choice(["ssh", "qemu-system"]),
    default="ssh",
    show_default=True,
    help="qemu-system: no board but a Linux booted here, for its own page faults and perf.",
)
@click.option("--folder", default=FOLDER, show_default=True, help="Where things are kept on the board.")
@click.option("--cpus", default="", callback=_cpus, help="Pin workloads to these, as 2 or 2,3.")
@click.option(
    "--counter",
    "counters",
    multiple=True,
    type=click.Choice(list(METRICS)),
    metavar="METRIC",
    help="Count only this in hardware; may be given several times. [default: all]",
)
@click.option("--timeout", type=click.FloatRange(min=0), default=0.0, help="Seconds for one execution.")
@click.option("--ssh-config", "config", default="", metavar="FILE", help="Instead of ~/.ssh/config.")
@click.option("--check/--no-check", default=True, help="Try it first. [default: --check]")
def add_command(  # noqa: PLR0913  one parameter an option
    *,
    name: str,
    target: str,
    host: str,
    transport: str,
    folder: str,
    cpus: tuple[int, ...],
    counters: tuple[str, ...],
    timeout: float,
    config: str,
    check: bool,
) -> None:
    """Add a board, after executing something on it.

    \b
    pagewalk runners add visionfive --target riscv64 --host vf2
    pagewalk runners add pi5 --target arm64 --host me@10.0.0.7 --cpus 3 --counter dtlb_misses
    pagewalk runners add later --target arm64 --host lab-7 --no-check     it is not switched on today
    pagewalk runners add qemu-system-riscv64 --target riscv64 --transport qemu-system
    """
    if transport == "ssh" and not host:
        raise click.UsageError("Missing option '--host': what ssh shall connect to.")
    inventory = open_inventory(options.project_root())
    config = str(Path(config).expanduser().absolute()) if config else ""
    where = host or parse_target(target).architecture
    entry = Entry(name, parse_target(target), transport, where, folder, cpus, counters, timeout, config)
    inventory.add(entry, only_try=True)
    if check:
        runner = inventory.runner(entry)
        with console().status(f"Trying {name} …"):
            require_ok(runner, tried(runner))
    inventory.add(entry)
    click.echo(f"Added {name} to {inventory.path}. Measure on it: pagewalk run -r {name} …")


@command.command("check")
@click.argument("names", nargs=-1, shell_complete=_complete_board)
@options.plain_format_option
def check_command(names: Sequence[str], style: str) -> None:
    """Connect to boards (all where none is named), execute something there, and say what they can measure.

    Exit status 0 where all of them can measure, 4 where one cannot.
    """
    inventory = open_inventory(options.project_root())
    entries = _chosen(inventory, names)
    runners = [inventory.runner(entry) for entry in entries]
    runs = []
    with bar(console()) as progress:
        task = progress.add_task("checking", total=len(runners))
        for runner in runners:
            progress.update(task, description=f"trying {runner.name}")
            runs.append(tried(runner))
            progress.advance(task)
    if style == "json":
        rows = [
            doctor.as_json(runner) | {"probe": _probe(run)} for runner, run in zip(runners, runs, strict=True)
        ]
        click.echo(json.dumps({"boards": rows}, indent=2))
    else:
        _show(runners, runs)
    if any(run.outcome is not Outcome.OK for run in runs):
        sys.exit(Unavailable.exit_status)


def _chosen(inventory: Inventory, names: Sequence[str]) -> list[Entry]:
    entries = {entry.name: entry for entry in inventory.entries()}
    for name in names:
        if name not in entries:
            close = nearest(name, entries, 1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            there = f"There are: {', '.join(entries)}." if entries else "See `pagewalk runners add --help`."
            raise ConfigError(f"There is no board {name!r} in {inventory.path}.", hint + there)
    if not entries:
        raise ConfigError(f"There are no boards in {inventory.path}.", "See `pagewalk runners add --help`.")
    return [entries[name] for name in dict.fromkeys(names or entries)]


def _probe(run: Run) -> dict[str, object]:
    told = {} if run.outcome is Outcome.OK else {"trouble": trouble(run)}
    return {"outcome": run.outcome, "samples": {s.metric: s.value for s in run.samples}, **told}


def _show(runners: Sequence[Runner], runs: Sequence[Run]) -> None:
    screen = Console(file=sys.stdout, highlight=False)
    for runner, run in zip(runners, runs, strict=True):
        if run.outcome is Outcome.OK:
            screen.print(Text.assemble((runner.name, "bold green"), ": works"))
            for line in _advice(runner, run):
                screen.print(Text(f"  {line}"), soft_wrap=True)
        else:
            screen.print(Text.assemble((runner.name, "bold red"), f": {trouble(run)}"), soft_wrap=True)
    working = [runner for runner, run in zip(runners, runs, strict=True) if run.outcome is Outcome.OK]
    if working:
        screen.print()
        doctor.show(working, ())


def _advice(runner: Runner, run: Run) -> list[str]:
    """What is less steady on a board than it could be, and what to type there."""
    facts = runner.facts()
    found = []
    if run.facts.get("cpus") == "not pinned":
        found.append("nothing is pinned, since it has no taskset: apt-get install util-linux")
    if (governor := facts.get("governor", "performance")) != "performance":
        found.append(
            f"its processors change their speed ({printable(governor)}): "
            "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor"
        )
    if facts.get("swap", "0") != "0":
        found.append("it may swap: sudo swapoff -a")
    return found
