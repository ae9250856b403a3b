"""Probes on a board: a group a function, named after the execution that they stand for.

The other half is program/7-probes.sh, which places them and takes them away.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Target
from runners.counters.probes.arguments import Asked
from runners.counters.probes.placing import Probes
from runners.counters.probes.spots import spots_of
from runners.counters.probes.tracefs import MOUNT
from runners.ssh.board import Board
from runners.ssh.facts import is_32_bit_on_64
from runners.ssh.recording import DMESG

_CANNOT = {
    "denied": (
        "only root may place probes there",
        "Log in as root: host = 'root@…' in runners/machines.toml.",
    ),
    "unmounted": (
        "its tracefs is not mounted, or its kernel traces nothing",
        MOUNT.replace("As root", "There, as root"),
    ),
    "absent": ("its kernel has no uprobes", "Boot one that was built with CONFIG_UPROBE_EVENTS."),
}
"""By what `uprobes` of the board's program says."""


Names = Callable[[Path], Iterable[str]]


@dataclass(frozen=True, slots=True)
class BoardProbes:
    """One function's.

    Args:
        places: the words after `place` in the job, see program/7-probes.sh.
    """

    probes: Probes
    places: tuple[tuple[str, ...], ...]


def board_probes(what: Asked, artifact: Artifact, names: Names, group: str) -> BoardProbes:
    """Return where the probes on a function are to stand.

    Args:
        names: of a file of ours on the board, one for each link that leads to it here.
        group: of no other function; see `group_of`.

    Raises:
        ConfigError: no file of the workload has such a function; names some that are like it.
        Unavailable: no register holds an argument that is asked for.
    """
    spots = ((name, spot) for spot in spots_of(what, artifact) for name in names(spot.file))
    places = [(group, str(n), name, hex(spot.offset), spot.fetch) for n, (name, spot) in enumerate(spots)]
    return BoardProbes(Probes(group, (), what), tuple(places))


def group_of(ident: str, number: int = 0) -> str:
    """Return the name of a group of probes that stand for the execution named `ident`."""
    return f"pagewalk_job_{ident}_{number}"


def require_probes_on(board: Board, target: Target) -> None:
    """Check that a probe can be placed on a board and counted by its perf: one is.

    Args:
        target: of what is executed there.

    Raises:
        Unavailable: it cannot; says what is in the way.
    """
    if found := next(_obstacles(board, target), None):
        why, remedy = found
        raise Unavailable(f"{board.name}: {why}", remedy)


def _obstacles(board: Board, target: Target) -> Iterator[tuple[str, str]]:
    facts = board.facts
    if found := _CANNOT.get(facts.text("uprobes")):
        yield found
    if is_32_bit_on_64(facts, target):
        # arch/arm64/kernel/probes/uprobes.c: the breakpoint would be left out without a word
        yield "an arm64 kernel places no probes in 32-bit programs", "Build for arm64 and probe that."
    tried = board.try_probe()
    if "unprobed" in tried:
        yield f"its kernel refuses probes: {tried.words('unprobed')}", DMESG
    if tried.text("status") != "0":
        yield (
            f"its perf cannot count a probe: {tried.words('said')}",
            "Is it built without libtraceevent? Take the distribution's: apt-get install linux-perf there",
        )
