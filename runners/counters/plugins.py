"""Counter sources of other packages, found through the entry point group `pagewalk.counters`."""

import warnings
from collections.abc import Iterator
from importlib.metadata import entry_points

from pagewalk.protocols import CounterSource

GROUP = "pagewalk.counters"
_OURS = "pagewalk"


def native_plugins() -> Iterator[CounterSource]:
    """Yield a source per entry point of other packages; one that raises is reported by name and left out.

    An entry point names a class, or a function without arguments, that makes a source which
    counts a native process. Our own entries are chosen by the runner that they suit.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        if entry.dist is not None and entry.dist.name == _OURS:
            continue
        try:
            source: CounterSource = entry.load()()
            source.availability()
        except Exception as error:  # somebody else's code may raise anything
            told = f"counter plugin {entry.name} ({entry.value}): {type(error).__name__}: {error}"
            warnings.warn(told, RuntimeWarning, stacklevel=2)
        else:
            yield source
