"""Counting under qemu's user mode with the project's own plugin: instructions, TLB and cache misses.

What is modelled, and what is not: runners/memsim/README.md.
"""

from collections.abc import Mapping
from pathlib import Path

from pagewalk.metrics import INSTRUCTIONS, ITLB_MISSES
from pagewalk.model import Job, Missing, Precision, Provenance
from runners.counters.memsim_session import MemsimSession, Plan, provenance, remark_on, why_not
from runners.memsim.counts import ALWAYS, FETCHES, MODELLED
from runners.memsim.geometries import load_geometry

EMULATORS = {"x86_64": "qemu-x86_64", "arm64": "qemu-aarch64", "riscv64": "qemu-riscv64", "armv7": "qemu-arm"}
"""Per architecture, the emulator's name."""

RECORDABLE = (*ALWAYS, *MODELLED, *FETCHES)
"""Events whose call stacks can be recorded (`Job.record`): the metrics themselves, and L1I misses."""

NOT_ASKED = (
    "fetches of instructions are modelled where they are asked for: "
    "export PAGEWALK_METRICS=itlb_misses, or pagewalk profile --event itlb_misses"
)
"""Why there are no iTLB misses: each block would cost a call."""


class Memsim:
    """The counter source of that name.

    Args:
        architecture: whose emulator `availability` asks; a session goes by its job's.
        core: a geometry other than the architecture's reference: a core's name or a TOML file.
        instructions_only: leave TLBs and caches out, which is several times as fast.
        fetches: model fetches of instructions as well, which share the L2 and the STLB with data.
        emulator: its path, where it is not the one found by name.

    Raises:
        ConfigError: an unknown architecture or core.
    """

    name = "memsim"

    def __init__(
        self,
        architecture: str = "x86_64",
        core: str = "",
        *,
        instructions_only: bool = False,
        fetches: bool = False,
        emulator: str = "",
    ) -> None:
        self.geometry = load_geometry(architecture, core)
        self._architecture = architecture
        self._core = core
        self._instructions_only = instructions_only
        self._fetches = fetches
        self._emulator = emulator or EMULATORS[architecture]

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric; compiles the plugin and lets the emulator load it, the first time."""
        names = (*ALWAYS, *MODELLED, ITLB_MISSES.name)
        if reason := why_not(self._emulator):
            return {name: Missing(name, reason) for name in names}
        return {name: self._offer(name) for name in names}

    def open(self, scratch: Path, job: Job) -> MemsimSession:
        """Begin to count one execution, and record the event its job names; what it leaves is in `scratch`.

        Raises:
            ConfigError: there is no geometry for the job's architecture.
        """
        architecture = job.artifact.target.architecture
        geometry = load_geometry(architecture, self._core)
        alone = self._instructions_only or job.record == INSTRUCTIONS.name
        fetches = not alone and (self._fetches or job.record in FETCHES)
        target = EMULATORS[architecture].removeprefix("qemu-")
        plan = Plan(geometry, architecture, target, job.threads, alone, fetches, job.record)
        return MemsimSession(plan, scratch.absolute() / "memsim.jsonl")

    def _offer(self, metric: str) -> Provenance | Missing:
        if self._instructions_only and metric in MODELLED:
            return Missing(metric, "only instructions were asked for")
        if metric == ITLB_MISSES.name and not self._fetches:
            return Missing(metric, NOT_ASKED)
        return provenance(metric, self.geometry, Precision.EXACT, remark_on(metric, self._fetches))
