"""Finds runners through entry points, the built-in ones too; the core imports none of them."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points

from pagewalk.config import nearest
from pagewalk.errors import ConfigError
from pagewalk.protocols import Runner

RUNNERS = "pagewalk.runners"
ON_REQUEST = "pagewalk.runners.on_request"
"""Runners that are taken only where they are named: they cost much, or tell what another one tells."""


@cache
def load_runners(group: str = RUNNERS) -> tuple[tuple[Runner, ...], tuple[str, ...]]:
    """Return all runners, those that cannot execute anything here too, and what went wrong with a plugin.

    An entry point of the group names a function without arguments that returns a sequence of runners.
    One that raises is reported by name and costs nobody else anything.

    Args:
        group: those that are taken without being named, or `ON_REQUEST`.
    """
    runners: list[Runner] = []
    problems: list[str] = []
    for entry in sorted(entry_points(group=group), key=lambda entry: (entry.name != "local", entry.name)):
        try:
            runners += entry.load()()
        except Exception as error:  # somebody else's code may raise anything
            problems.append(f"runner plugin {entry.name} ({entry.value}): {type(error).__name__}: {error}")
    return tuple(runners), tuple(problems)


def runner_named(name: str) -> Runner:
    """Return the runner of that name, or whose asv machine has it.

    Raises:
        ConfigError: there is none; names those that there are.
    """
    usual, problems = load_runners()
    others, more_problems = load_runners(ON_REQUEST)
    runners, problems = (*usual, *others), (*problems, *more_problems)
    for runner in runners:
        if name in (runner.name, runner.machine):
            return runner
    names = [runner.name for runner in runners]
    close = nearest(name, names, 1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    told = f" Not loaded: {'; '.join(problems)}." if problems else ""
    raise ConfigError(f"There is no runner {name!r}.", f"{hint}There are: {', '.join(names)}.{told}")


def runners_named(names: Sequence[str]) -> list[Runner]:
    """Return the runners named, each once; all but those on request where none is named."""
    if not names:
        return list(load_runners()[0])
    return list({runner.name: runner for runner in map(runner_named, names)}.values())
