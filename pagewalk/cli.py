"""The command line: commands that are loaded when they are called, and the one place where errors end."""

import errno
import importlib
import sys

import click
from rich.console import Console
from rich.text import Text

from pagewalk import __version__
from pagewalk.errors import PagewalkError
from pagewalk.last_will import write_last_will

COMMANDS = {
    "bisect": "Find the first bad commit: of a slowdown, a counter or a crash.",
    "ci": "Measure what a change may have changed, and answer with an exit status.",
    "compare": "Measure two revisions turn by turn and say what changed.",
    "doctor": "Say what this machine can measure, and what to do about what it cannot.",
    "flame": "Say which functions gained or lost their share between two revisions.",
    "index": "Build the index that pages read, of any asv project's results.",
    "noise": "Measure how much each benchmark differs from itself.",
    "profile": "Say where a workload's time, page faults or misses come from.",
    "regressions": "Find what changed for good over a history, and at which commits.",
    "revisions": "List the revisions of a subject.",
    "run": "Measure revisions and add them to the history.",
    "sequences": "Find sequences of calls that crash or regress, and keep the smallest.",
    "runners": "List, add and check the boards that workloads are executed on.",
    "serve": "Look at the history in a browser.",
    "timeline": "Put a case's page faults, pauses and crash on one time line.",
    "triage": "List or decide what regressions and crashes come to.",
}


class Commands(click.Group):
    """Knows every command's name and first line; imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pagewalk.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def pagewalk() -> None:
    """What did a patch do to memory behaviour, on x86_64, arm64 and riscv64?

    \b
    pagewalk doctor                                        what can be measured here
    pagewalk revisions --subject go                        what can be compared
    pagewalk compare go1.25.5+noswissmap go1.25.5          measure both and say what changed
    pagewalk compare go1.24.3 --patch my.patch             the same for a patch of yours
    pagewalk flame go1.25.5+noswissmap go1.25.5 -b 'Map.*assign-grow.*4096'   which functions changed
    pagewalk bisect --good v1 --bad main --command './measure {commit}'       since which commit
    pagewalk ci --base main --head my-branch               may it be merged?
    pagewalk serve                                         look at it in a browser

    Completion for your shell: eval "$(_PAGEWALK_COMPLETE=bash_source pagewalk)" (or zsh_source, fish_source).
    """


def script() -> None:
    """Run the command line as a process of its own, which leaves nothing behind however it ends."""
    write_last_will()
    main()


def main() -> None:
    """Run the command line.

    Exit status: 0 well, 2 usage, 3 a build failed, 4 not possible here, 130 stopped.
    """
    console = Console(stderr=True, highlight=False)
    try:
        pagewalk(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PagewalkError as error:
        console.print(Text.assemble(("error: ", "bold red"), error.message), soft_wrap=True)
        if error.remedy:
            console.print(Text.assemble(("  → ", "bold"), error.remedy), soft_wrap=True)
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, click.Abort):
        console.print("Stopped. What was measured is kept; the same command goes on from here.")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        console.print(
            Text.assemble(("error: ", "bold red"), f"{where}{error.strerror or error}"), soft_wrap=True
        )
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "Make room there and type it again: what was measured is kept, and it goes on from here."
            console.print(Text.assemble(("  → ", "bold"), remedy), soft_wrap=True)
        sys.exit(4)
