"""Counting with cachegrind: other people's simulation of the caches that our emulator plugin simulates.

cachegrind counts a whole process and knows no region of interest (client requests that switch it came
with valgrind 3.22, and a workload would have to be built for them). So a workload is executed twice,
the second time with twice the loops: what is more of everything is what those loops cost, without
start-up and without the first touches of memory. Where a loop is not like the next, neither is the answer.

Declared sampled, not exact: the workload prints how long it took, and to print another number takes
another few instructions, some 70 in ten million.

Source: Valgrind manual, chapter 5; N. Nethercote and J. Seward, "Valgrind", PLDI 2007.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.metrics import DTLB_MISSES, INSTRUCTIONS, L1D_MISSES, L2_MISSES, STLB_MISSES
from pagewalk.model import Job, Missing, Origin, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.memsim.geometries import LINE_BYTES, Geometry, Structure, load_geometry

TOOL = "valgrind"

# Ir: instructions; D1mr, D1mw: misses of the first level, read and write; DLmr, DLmw: of the last level too.
_EVENTS = {
    INSTRUCTIONS.name: ("Ir",),
    L1D_MISSES.name: ("D1mr", "D1mw"),
    L2_MISSES.name: ("DLmr", "DLmw"),
}
_LEVELS = {L1D_MISSES.name: ("l1d",), L2_MISSES.name: ("l1d", "l2")}
_MISSING = {metric.name: "cachegrind simulates no TLB" for metric in (DTLB_MISSES, STLB_MISSES)}
_SLACK = 100
"""Events by which two executions of one length may differ; 70 instructions and 3 misses were seen."""

_L1I = Structure(32_768, 8)
"""Instruction cache: what the reference cores have; nothing that is counted here depends on it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one whole process cost.

    Args:
        counts: by cachegrind's names of events.
    """

    counts: Mapping[str, int]
    operations: int

    def __sub__(self, other: "Reading") -> "Reading":
        less = {name: count - other.counts.get(name, 0) for name, count in self.counts.items()}
        return Reading(less, self.operations - other.operations)


class Cachegrind:
    """The counter source of that name.

    Args:
        architecture: whose geometry to simulate.
        core: a geometry other than the architecture's reference.

    Raises:
        ConfigError: an unknown architecture or core.
    """

    name = "cachegrind"

    def __init__(self, architecture: str = "x86_64", core: str = "") -> None:
        self.geometry = load_geometry(architecture, core)

    def availability(self) -> Mapping[str, Provenance | Missing]:
        if shutil.which(TOOL) is None:
            reason = f"{TOOL} is not installed: apt-get install {TOOL}"
            return {name: Missing(name, reason) for name in (*_EVENTS, *_MISSING)}
        offered = {name: provenance(name, self.geometry) for name in _EVENTS}
        return offered | {name: Missing(name, reason) for name, reason in _MISSING.items()}

    def open(self, scratch: Path, job: Job) -> "CachegrindSession":  # noqa: ARG002  the protocol's
        """Begin to count one execution, start-up included."""
        return self.since(None, scratch)

    def since(self, before: "CachegrindSession | None", scratch: Path) -> "CachegrindSession":
        """Begin to count one execution, whose counts are those it has more than the shorter one before it."""
        return CachegrindSession(self.geometry, scratch.absolute(), before)


class CachegrindSession:
    """Counting of one execution."""

    def __init__(self, geometry: Geometry, scratch: Path, before: "CachegrindSession | None") -> None:
        self._geometry = geometry
        self._scratch = scratch
        self._before = before
        self._pid = 0
        self.reading: Reading | None = None
        """Of the whole process, once it has been parsed."""

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        """Return `command` under cachegrind, which says nothing on the workload's own output."""
        out = self._scratch / "cachegrind.out"
        files = (f"--cachegrind-out-file={_literal(out)}", f"--log-file={_literal(self._log)}")
        tool = (shutil.which(TOOL) or TOOL, "--tool=cachegrind", "--cache-sim=yes")
        return (*tool, *caches(self._geometry), *files, *command)

    def attach(self, pid: int) -> None:
        """Keep whose the log's lines are: the tool is the process, and children write to the log as well."""
        self._pid = pid

    def enable(self) -> None:
        """Nothing to do: the whole process is counted."""

    def disable(self) -> None:
        """Nothing to do: the whole process is counted."""

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Return a sample per metric, per operation.

        Raises:
            Unavailable: cachegrind left no counts.
        """
        operations = sum(region.operations for region in regions)
        self.reading = Reading(read_counts(self._scratch / "cachegrind.out"), operations)
        taken = self.reading
        if self._before is not None and self._before.reading is not None:
            taken -= self._before.reading
        whole = self._before is None
        return [_value(name, taken, provenance(name, self._geometry, whole=whole)) for name in _EVENTS]

    def killed_itself(self) -> bool:
        """Return whether the workload sent itself SIGKILL: cachegrind sums up, then dies of it too."""
        try:
            said = self._log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return any(line.startswith(f"=={self._pid}== I ") for line in said.splitlines())

    @property
    def _log(self) -> Path:
        return self._scratch / "valgrind.log"


def caches(geometry: Geometry) -> tuple[str, ...]:
    """Return the options that describe the caches: cachegrind would take the host's."""
    named = (("I1", _L1I), ("D1", geometry.l1d), ("LL", geometry.l2))
    return tuple(f"--{name}={shape.size},{shape.ways},{LINE_BYTES}" for name, shape in named)


def read_counts(path: Path) -> Mapping[str, int]:
    """Return the totals of a process, from the lines `events:` and `summary:` (cg_annotate(1)).

    Raises:
        Unavailable: there is no such file, or it is not cachegrind's.
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        remedy = "Does the workload execute another program in its place? Name that one, or take -r local."
        raise Unavailable(f"cachegrind left no {path}: {error.strerror}", remedy) from error
    said = {key: rest.split() for key, _, rest in (line.partition(":") for line in lines)}
    names, numbers = said.get("events", []), said.get("summary", [])
    if len(names) < 9 or len(names) != len(numbers) or not all(number.isdigit() for number in numbers):
        raise Unavailable(f"{path} is not what cachegrind writes with --cache-sim=yes", "Update valgrind.")
    return {name: int(number) for name, number in zip(names, numbers, strict=True)}


def provenance(metric: str, geometry: Geometry, *, whole: bool = False) -> Provenance:
    """Return how a metric is obtained: what was simulated, and of what part of the process."""
    part = "whole process" if whole else "difference of two lengths"
    simulated = geometry.describe(*_LEVELS[metric]) if metric in _LEVELS else metric
    return Provenance(Origin.SIMULATED, Precision.SAMPLED, f"cachegrind {geometry.name}: {simulated}; {part}")


def _value(metric: str, taken: Reading, source: Provenance) -> Sample | Missing:
    total = sum(taken.counts[event] for event in _EVENTS[metric])
    if taken.operations <= 0:
        return Missing(metric, "twice the loops were not more operations: this workload ignores --loops")
    if total < -_SLACK:
        return Missing(metric, "twice the loops cost less than once: loops of this workload are not alike")
    return Sample(metric, max(0, total) / taken.operations, source)


def _literal(path: Path) -> str:
    """Escape `%`, which valgrind expands in names of files (Valgrind manual, --log-file)."""
    return str(path).replace("%", "%%")
