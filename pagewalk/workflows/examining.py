"""A runner examined before it measures: the state its machine is in, and what to do about it."""

from collections.abc import Mapping

from pagewalk.analysis.advice import Advice, advise
from pagewalk.protocols import Observed, Runner


def state_of(runner: Runner) -> Mapping[str, str]:
    """Return what a runner says of its machine, and of this moment where it can tell.

    Raises:
        Unavailable: the machine cannot be reached.
    """
    told = runner.moment() if isinstance(runner, Observed) else {}
    return {**runner.facts(), **told}


def advice_for(runner: Runner, state: Mapping[str, str]) -> tuple[Advice, ...]:
    """Return what harms measurement there; nothing does where all counts are an emulator's."""
    return () if runner.emulated else advise(state)
