"""One execution under the emulator's plugin: what it is asked for, and what it counted."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import PagewalkError, Unavailable
from pagewalk.metrics import (
    DTLB_MISSES,
    ITLB_MISSES,
    L1D_MISSES,
    L2_MISSES,
    STLB_MISSES,
    WALK_LOADS,
)
from pagewalk.model import Missing, Origin, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.memsim.counts import ALWAYS, MODELLED, Counts, Unreadable, read_counts
from runners.memsim.geometries import Geometry
from runners.memsim.plugin import plugin
from runners.memsim.probe import plugin_option, refusal
from runners.memsim.stacks import fold, read_stacks

_LEVELS = {
    DTLB_MISSES.name: ("dtlb",),
    STLB_MISSES.name: ("dtlb", "stlb"),
    WALK_LOADS.name: ("dtlb", "stlb", "walk"),
    L1D_MISSES.name: ("l1d",),
    L2_MISSES.name: ("l1d", "l2"),
    ITLB_MISSES.name: ("itlb",),
}
REPLACED = (
    "the workload executed another program in its place (execve), which is not emulated: "
    "execute that one itself, or measure natively: -r local"
)
_UNSEEN = "DC ZVA not seen"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one execution counts.

    Args:
        target: the architecture as the emulator calls it.
        record: the event whose call stacks are kept; empty for none.
    """

    geometry: Geometry
    architecture: str
    target: str
    threads: bool
    instructions_only: bool
    fetches: bool
    record: str

    @property
    def metrics(self) -> tuple[str, ...]:
        fetched = (ITLB_MISSES.name,) if self.fetches else ()
        return ALWAYS if self.instructions_only else (*ALWAYS, *MODELLED, *fetched)

    def arguments(self, out: Path) -> tuple[str, ...]:
        mode = "icount" if self.instructions_only else "full"
        return (
            f"out={out}",
            f"mode={mode}",
            f"threads={'on' if self.threads else 'off'}",
            *((f"record={self.record}",) if self.record else ()),
            *(() if self.instructions_only else self.geometry.arguments(self.architecture)),
            *(self.geometry.fetch_arguments() if self.fetches else ()),
        )


class MemsimSession:
    """Counting of one execution. The plugin finds the regions by their marks, so nobody need tell it."""

    def __init__(self, plan: Plan, out: Path) -> None:
        self._plan = plan
        self._out = out
        self._unavailable = ""

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        """Return `command`, which starts with the emulator, with the plugin loaded.

        Where the emulator cannot load it, the command is as it was and every metric is missing.
        None of it reaches the workload: options of the emulator are no arguments of its.
        """
        emulator, *rest = command
        self._unavailable = why_not(emulator)
        if self._unavailable:
            return command
        return (emulator, *plugin_option(plugin(), *self._plan.arguments(self._out)), *rest)

    def attach(self, pid: int) -> None:
        """Nothing to do: the emulator loads the plugin itself."""

    def enable(self) -> None:
        """Nothing to do: the plugin sees the mark."""

    def disable(self) -> None:
        """Nothing to do: the plugin sees the mark."""

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Return a sample per metric, per operation over all regions; all are missing where one region is."""
        try:
            if self._unavailable:
                raise Unreadable(self._unavailable)
            counts = read_counts(self._out)
            _check(counts, self._plan, regions)
        except Unreadable as error:
            return [Missing(metric, str(error)) for metric in self._plan.metrics]
        return [self._sample(metric, counts, regions) for metric in self._plan.metrics]

    def begun(self) -> bool:
        """Return whether the workload was: before that, the plugin leaves its first line or ends all."""
        return bool(self._unavailable) or (self._out.exists() and self._out.stat().st_size > 0)

    def killed_itself(self) -> bool:
        """Return whether the workload sent itself SIGKILL, of which the emulator died too."""
        counts = self._left()
        return counts is not None and counts.killed_itself

    def replaced(self) -> bool:
        """Return whether the workload executed another program, whose output and end are no emulator's."""
        counts = self._left()
        return counts is not None and counts.replaced

    def folded(self, program: str) -> str:
        """Return the stacks of the recorded event within all regions, below a frame for the program.

        Raises:
            Unavailable: the plugin left none, and why.
        """
        try:
            if self._unavailable:
                raise Unreadable(self._unavailable)
            return fold(read_stacks(self._out.with_name(f"{self._out.name}.stacks")), program)
        except Unreadable as error:
            raise Unavailable(f"no call stacks of {self._plan.record}: {error}") from error

    def _left(self) -> Counts | None:
        """Return what the plugin left, be it ever so little; None where it left nothing that can be read."""
        try:
            return None if self._unavailable else read_counts(self._out)
        except Unreadable:
            return None

    def _sample(self, metric: str, counts: Counts, regions: Sequence[Region]) -> Sample:
        total = sum(counts.regions[index][metric] for index in range(len(regions)))
        precision = Precision.SAMPLED if self._plan.threads else Precision.EXACT
        unseen = metric in MODELLED and any(region.get("zeroed_blocks") for region in counts.regions.values())
        remark = "; ".join(filter(None, (remark_on(metric, self._plan.fetches), _UNSEEN if unseen else "")))
        origin = provenance(metric, self._plan.geometry, precision, remark)
        return Sample(metric, total / sum(region.operations for region in regions), origin)


def remark_on(metric: str, fetches: bool) -> str:
    """Return what a metric's level holds besides data, for those who compare counts; mostly nothing."""
    shared = metric in (STLB_MISSES.name, WALK_LOADS.name, L2_MISSES.name)
    return "shared with fetches" if fetches and shared else ""


def provenance(metric: str, geometry: Geometry, precision: Precision, remark: str = "") -> Provenance:
    """Return how a metric is obtained: what it was counted with, and the structures it depends on."""
    modelled = _LEVELS.get(metric)
    words = f"memsim {geometry.name}: {geometry.describe(*modelled)}" if modelled else f"memsim {metric}"
    words += f"; {remark}" if remark else ""
    return Provenance(Origin.SIMULATED, precision, words)


def why_not(emulator: str) -> str:
    """Return why this emulator cannot count, and what to do; empty where it can."""
    path = shutil.which(emulator)
    if path is None:
        return f"{emulator} is not installed: apt-get install qemu-user"
    try:
        return refusal(path, plugin())
    except PagewalkError as error:
        return f"{error.message}; {error.remedy}" if error.remedy else error.message


def _check(counts: Counts, plan: Plan, regions: Sequence[Region]) -> None:
    """Refuse counts that are not those of this execution, or are known to be wrong."""
    counted, planned = (counts.full, counts.fetches), (not plan.instructions_only, plan.fetches)
    if counts.target != plan.target or counted != planned:
        raise Unreadable(f"the counts are of a {counts.target} guest, counted otherwise than asked for")
    if counts.replaced:
        raise Unreadable(REPLACED)
    if counts.vcpus > 1 and not counts.threads:
        raise Unreadable(
            "the workload started threads, which its job says it does not; "
            "say so in its benchmark: threads = True"
        )
    if counts.vcpus > counts.max_vcpus:
        raise Unreadable(f"more than {counts.max_vcpus} threads at a time, which is all the plugin models")
    if sorted(counts.regions) != list(range(len(regions))) or not regions:
        raise Unreadable(
            f"the workload reported {len(regions)} regions and the emulator plugin saw {len(counts.regions)}"
        )
    if any(region.operations <= 0 for region in regions):
        raise Unreadable("a region without operations cannot be counted per operation")
