"""Go's pauses: from the begin of stopTheWorldWithSema to that of startTheWorldWithSema, by probes on both."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import ConfigError, Unavailable
from pagewalk.model import Artifact
from runners.counters.probes.arguments import PREFIX
from runners.counters.probes.placing import Probes, placed
from runners.executable import is_go

STOP, START = "runtime.stopTheWorldWithSema", "runtime.startTheWorldWithSema"


@dataclass(frozen=True, slots=True)
class Pauses:
    """Probes on Go's world, stopped and started."""

    stop: Probes
    start: Probes


@contextlib.contextmanager
def watched_pauses(artifact: Artifact) -> Iterator[Pauses | None]:
    """Stand probes on the functions of Go's that stop and start the world; None where that cannot be."""
    if not has_world(artifact):
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            found = [stack.enter_context(placed(f"{PREFIX}{name}", artifact)) for name in (STOP, START)]
        except (ConfigError, Unavailable):  # a Go that calls them otherwise, or not for us: no pauses
            yield None
            return
        yield Pauses(*found)


def has_world(artifact: Artifact) -> bool:
    """Return whether Go linked the workload."""
    return is_go(Path(artifact.command[-1]))
