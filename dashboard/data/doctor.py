"""What the runners of this machine say of themselves: asked once, in the background, kept a while."""

from dataclasses import dataclass
from time import monotonic

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


@dataclass(frozen=True, slots=True)
class Answers:
    """What all runners say.

    Args:
        problems: what went wrong with plugins.
        asked: when, in seconds of the monotonic clock.
    """

    runners: tuple[Answer, ...]
    problems: tuple[str, ...]
    asked: float


_latest: list[Answers] = []
"""At most one."""


def at_hand() -> Answers | None:
    """Return what every runner said lately; None where nobody asked."""
    fresh = [answers for answers in _latest if monotonic() - answers.asked < _KEPT]
    return fresh[0] if fresh else None


def ask() -> Answers:
    """Return what every runner says. May take seconds where that is not at hand."""
    known = at_hand()
    if known is None:
        runners, problems = load_runners()
        known = Answers(tuple(_answer(runner) for runner in runners), problems, monotonic())
        _latest[:] = [known]
    return known


def _answer(runner: Runner) -> Answer:
    try:
        reason = runner.unavailable()
        metrics = {} if reason else dict(runner.availability())
        advice = () if reason else advice_for(runner, state_of(runner))
    except Exception as error:  # somebody else's runner may raise anything, and costs nobody else anything
        reason, metrics, advice = f"{type(error).__name__}: {error}", {}, ()
    return Answer(runner.name, runner.machine, str(runner.target), runner.emulated, reason, metrics, advice)
