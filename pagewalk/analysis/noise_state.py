"""What of a machine's state its noise depends on: a floor that was measured in another one says nothing."""

from collections.abc import Mapping

_STATE = (
    "cpu",
    "kernel",
    "microcode",
    "governor",
    "boost",
    "smt",
    "swap",
    "aslr",
    "transparent_hugepage.enabled",
    "transparent_hugepage.defrag",
)
"""Facts of a run; the load of the moment is not among them, since it is noise itself."""


def noise_state(facts: Mapping[str, str]) -> dict[str, str]:
    """Return those of a run's facts that its noise depends on, as far as they are known."""
    return {name: facts[name] for name in _STATE if name in facts}


def differing_state(measured: Mapping[str, str], facts: Mapping[str, str]) -> str:
    """Return what of a machine's state is another than when its noise was measured; empty where nothing is.

    What either does not tell, as emulated runners and asv never do, is no difference.

    Args:
        measured: of the executions behind the floor; facts: of those that are judged.
    """
    for name in _STATE:
        was, now = measured.get(name), facts.get(name)
        if was and now and was != now:
            return f"{name} was {was} then and is {now} now"
    return ""
