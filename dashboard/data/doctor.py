"""What the runners of this machine say of themselves: asked once, in the background, kept a while."""

import time
from dataclasses import dataclass
from functools import lru_cache

from pagewalk.analysis.advice import Advice
from pagewalk.model import Missing, Provenance
from pagewalk.plugins import load_runners
from pagewalk.protocols import Runner
from pagewalk.workflows.examining import advice_for, state_of

_KEPT = 300
"""Seconds: what can be measured changes when somebody installs something."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one runner says.

    Args:
        unavailable: why nothing can be executed, and what to do; empty when all is well.
        metrics: per metric name, how it is obtained or why it cannot be; empty where nothing runs.
        advice: what state of the machine harms measurement, and what to do about it.
    """

    name: str
    machine: str
    target: str
    emulated: bool
    unavailable: str
    metrics: dict[str, Provenance | Missing]
    advice: tuple[Advice, ...] = ()


def ask() -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    """Return what every runner says, and what went wrong with plugins. May take seconds the first time."""
    return _ask(int(time.monotonic() // _KEPT))


@lru_cache(maxsize=1)
def _ask(_period: int) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    runners, problems = load_runners()
    return tuple(_answer(runner) for runner in runners), problems


def _answer(runner: Runner) -> Answer:
    try:
        reason = runner.unavailable()
        metrics = {} if reason else dict(runner.availability())
        advice = () if reason else advice_for(runner, state_of(runner))
    except Exception as error:  # somebody else's runner may raise anything, and costs nobody else anything
        reason, metrics, advice = f"{type(error).__name__}: {error}", {}, ()
    return Answer(runner.name, runner.machine, str(runner.target), runner.emulated, reason, metrics, advice)
