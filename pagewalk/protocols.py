"""The two protocols that runners and counters adapt. The core knows no other thing of them.

Implementations are found through the entry point groups `pagewalk.runners` and
`pagewalk.counters`, the built-in ones too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from pagewalk.model import Job, Missing, Provenance, Run, Sample, Target


@dataclass(frozen=True, slots=True)
class Region:
    """One region of interest, as the workload reported it on stdout.

    Args:
        name: the workload's word for it.
        operations: how many operations it did; every count is divided by this.
        seconds: the workload's own monotonic clock over the region.
        memory: bytes by name, as `benchmarks/CONTRACT.md` has them; only what the workload knew.
    """

    name: str
    operations: int
    seconds: float
    memory: Mapping[str, int] = field(default_factory=dict)


class CounterSession(Protocol):
    """Counting of one process execution. Calls come in the order of the methods."""

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        """Return the command line that executes `command` while counting."""
        ...

    def attach(self, pid: int) -> None:
        """The process exists and has not yet executed the workload."""
        ...

    def enable(self) -> None:
        """The workload enters a region of interest and waits for our return."""
        ...

    def disable(self) -> None:
        """The workload has left the region and waits for our return."""
        ...

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """The process is gone; return what was counted, per operation."""
        ...


class CounterSource(Protocol):
    """How numbers are obtained."""

    @property
    def name(self) -> str: ...

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric name: how it would be obtained here, or why it cannot be."""
        ...

    def open(self, scratch: Path, job: Job) -> CounterSession:
        """Begin to count one execution; `scratch` is an empty folder of its own."""
        ...


class Runner(Protocol):
    """A place where a workload is executed, with one target and one asv machine name."""

    @property
    def name(self) -> str: ...

    @property
    def machine(self) -> str:
        """asv's machine name; an emulated runner never shares one with a real runner."""
        ...

    @property
    def target(self) -> Target: ...

    @property
    def emulated(self) -> bool: ...

    def unavailable(self) -> str:
        """Why nothing can be executed here and what to do about it; empty when all is well."""
        ...

    def facts(self) -> Mapping[str, str]:
        """The machine as it is now: asv's fields (os, arch, cpu, num_cpu, ram) and more."""
        ...

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric name: how it is obtained on this runner, or why it cannot be."""
        ...

    def execute(self, job: Job) -> Run:
        """Execute once. A crash is a `Run` too; only a broken runner raises."""
        ...


@runtime_checkable
class Observed(Protocol):
    """What a runner is besides that can tell what its machine is doing just now."""

    def moment(self) -> Mapping[str, str]:
        """Return what is true of this moment only, as `load_avg_1min`; it is no part of `facts`."""
        ...


@runtime_checkable
class Recorder(Protocol):
    """What a runner is besides that can record events with their call stacks (`Job.record`)."""

    def require_event(self, event: str) -> None:
        """Check that an event can be recorded, before anything is built for it.

        Raises:
            ConfigError: there is no such event; names the right one.
            Unavailable: there is, and it cannot be recorded here.
        """
        ...
