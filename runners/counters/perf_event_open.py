"""Counting with the kernel's own counters, by perf_event_open(2) on a process that waits at the gate.

Costs nothing measurable and is exact for software events, where `perf stat` costs a process
and `perf record` a second.
"""

import errno
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Origin, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters import perf_syscall
from runners.counters.events.groups import Group, counters_taken, groups
from runners.counters.events.kernel import KERNEL_EVENTS, Event
from runners.counters.events.processor import this_processor
from runners.counters.events.sysfs import core_pmus, implemented, lacking
from runners.counters.events.table import Counted, Processor

PARANOID = Path("/proc/sys/kernel/perf_event_paranoid")

NO_PMU = (
    "no hardware counters: this kernel offers no PMU. In a virtual machine ask its host for one "
    "(KVM: -cpu host,pmu=on; clouds: a bare-metal size); simulated counts need none: -r qemu-x86_64"
)
TWO_KINDS = (
    "one opening counts one kind of core only, and here are {pmus}: perf stat counts both (apt-get install "
    "linux-perf)"
)
_NOT_THERE = (errno.ENOENT, errno.EOPNOTSUPP, errno.ENODEV)


@dataclass(frozen=True, slots=True)
class _Usable:
    """A metric that can be counted here."""

    counted: Counted
    events: tuple[Event, ...]
    user_only: bool

    @property
    def provenance(self) -> Provenance:
        names = "+".join(event.name + (":u" if self.user_only else "") for event in self.events)
        return Provenance(self.counted.origin, Precision.SAMPLED, f"perf_event_open {names}")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is opened for an execution.

    Args:
        metrics: how each is counted, or why it is not.
        groups: each event once.
        user_only: events that leave the kernel out.
    """

    metrics: Mapping[str, _Usable | Missing]
    groups: tuple[Group, ...]
    user_only: frozenset[Event]


class PerfEventOpen:
    """The counter source of that name.

    Args:
        processor: whose events to count; this machine's where none is given.
    """

    name = "perf_event_open"

    def __init__(self, processor: Processor | None = None) -> None:
        self._processor = processor
        self._planned: _Plan | None = None

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric, found by really opening each event once."""
        return {
            metric: found if isinstance(found, Missing) else found.provenance
            for metric, found in self._plan().metrics.items()
        }

    def open(self, scratch: Path, job: Job) -> "PerfEventSession":  # noqa: ARG002  the protocol's
        """Begin to count one execution; nothing is left in `scratch`."""
        return PerfEventSession(self._plan())

    def _plan(self) -> _Plan:
        if self._planned is None:
            self._planned = _plan(self._processor or this_processor())
        return self._planned


class PerfEventSession:
    """Counting of one process with all its threads and children."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan
        self._descriptors: dict[Event, int] = {}
        # An execution that crashed is never parsed; its counters must be closed all the same.
        self._close = weakref.finalize(self, _close_all, self._descriptors)

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        """Nothing to wrap: the kernel counts."""
        return command

    def attach(self, pid: int) -> None:
        """Open the counters, disabled.

        Raises:
            Unavailable: the kernel refuses what it allowed when it was probed.
        """
        for group in self._plan.groups:
            for event in group:
                leader = self._descriptors.get(group[0], -1)
                user_only = event in self._plan.user_only
                self._descriptors[event] = _open(event, pid, user_only, leader)

    def enable(self) -> None:
        # A group counts from when its leader does, all its members at once.
        for descriptor in reversed(self._descriptors.values()):
            perf_syscall.enable(descriptor)

    def disable(self) -> None:
        for descriptor in self._descriptors.values():
            perf_syscall.disable(descriptor)

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Return a sample per metric that counted, per operation over all regions."""
        operations = sum(region.operations for region in regions)
        found = list(self._parse(operations))
        self._close()
        return found

    def _parse(self, operations: int) -> Iterator[Sample | Missing]:
        readings = {event: perf_syscall.read(found) for event, found in self._descriptors.items()}
        for usable in self._plan.metrics.values():
            if isinstance(usable, Missing):
                yield usable
                continue
            counts = [readings[event] for event in usable.events]
            yield summed(usable.counted, usable.provenance, counts, operations)


def summed(
    counted: Counted, provenance: Provenance, readings: Sequence[perf_syscall.Reading], operations: int
) -> Sample | Missing:
    """Return the metric from the readings of its events, each scaled up by the time it did not run."""
    total, least = 0.0, 1.0
    for reading in readings:
        if reading.enabled == 0 or operations <= 0:
            return Missing(counted.metric, "the workload marked no region of interest")
        if reading.running == 0:
            return Missing(counted.metric, _NEVER_RAN.format(metric=counted.metric))
        share = min(1.0, reading.running / reading.enabled)
        total += reading.count / share
        least = min(least, share)
    measured = Provenance(provenance.origin, provenance.precision, provenance.source, least)
    return Sample(counted.metric, total * counted.scale / operations, measured)


_NEVER_RAN = (
    "multiplexed away: the event was never scheduled; count fewer hardware events at once: "
    "export PAGEWALK_METRICS={metric}"
)


def _open(event: Event, pid: int, user_only: bool, leader: int) -> int:
    try:
        return perf_syscall.open_event(event, pid, user_only, leader)
    except OSError as error:
        # Some PMUs have no groups, or not this one: the event then takes its turn alone.
        if leader != -1 and error.errno == errno.EINVAL:
            return _open(event, pid, user_only, -1)
        raise Unavailable(
            f"perf_event_open {event.name} on process {pid}: {error.strerror}",
            "Too many open files? ulimit -n 4096",
        ) from error


def _close_all(descriptors: dict[Event, int]) -> None:
    while descriptors:
        os.close(descriptors.popitem()[1])


def _plan(processor: Processor) -> _Plan:
    metrics: dict[str, _Usable | Missing] = {m: Missing(m, why) for m, why in processor.missing.items()}
    absent = _no_hardware()
    for counted in processor.counted:
        without = absent and counted.origin is Origin.HARDWARE
        metrics[counted.metric] = Missing(counted.metric, absent) if without else probe(counted, processor)
    usable = [found for found in metrics.values() if isinstance(found, _Usable)]
    together = groups(processor, [Counted(u.counted.metric, u.events) for u in usable], counters_taken())
    return _Plan(metrics, together, frozenset(e for u in usable if u.user_only for e in u.events))


def _no_hardware() -> str:
    """Why no hardware event can be counted at all; empty where some may be."""
    pmus = core_pmus()
    if len(pmus) > 1:
        return TWO_KINDS.format(pmus=" and ".join(pmus))
    return NO_PMU if _try(KERNEL_EVENTS["cycles"], user_only=True) in _NOT_THERE else ""


def probe(counted: Counted, processor: Processor) -> _Usable | Missing:
    """Return how a metric can be counted, by opening each of its events, or why it cannot."""
    if reason := lacking(processor, counted.events):
        return Missing(counted.metric, reason)
    user_only = counted.user_only and any(_refused(event) for event in counted.events)
    for event in counted.events:
        if code := _try(event, user_only):
            return Missing(counted.metric, refusal(code, event, counted.user_only))
    more = tuple(e for e in counted.more if implemented(processor, e) and not _try(e, user_only))
    return _Usable(counted, (*counted.events, *more), user_only)


def _refused(event: Event) -> bool:
    """Whether the kernel does not let us count what happens inside it."""
    return _try(event, user_only=False) in (errno.EACCES, errno.EPERM)


def _try(event: Event, user_only: bool) -> int:
    """Return 0 where the event can be counted, else the error number."""
    try:
        os.close(perf_syscall.open_event(event, 0, user_only))
    except OSError as error:
        return error.errno or errno.EINVAL
    return 0


def refusal(code: int, event: Event, user_only: bool, paranoid: Path = PARANOID) -> str:
    """Return why the kernel refuses an event, from the error number, and what to do about it.

    Args:
        user_only: whether the event would do without the kernel.
    """
    if code in _NOT_THERE:
        return f"no hardware counter: this kernel offers no PMU event {event.name} (a virtual machine?)"
    if code not in (errno.EACCES, errno.EPERM):
        return f"perf_event_open {event.name}: {os.strerror(code)}"
    try:
        level = paranoid.read_text().strip()
    except OSError:
        return (
            f"perf_event_open {event.name} is refused and {paranoid} does not exist: "
            "the kernel lacks perf events"
        )
    enough = 2 if user_only else 1
    if level.lstrip("-").isdigit() and int(level) <= enough:
        return (
            f"perf_event_open {event.name} is refused although kernel.perf_event_paranoid is {level}: "
            "a container's seccomp filter? Run it with --cap-add PERFMON --security-opt seccomp=unconfined"
        )
    return f"kernel.perf_event_paranoid is {level}: sudo sysctl kernel.perf_event_paranoid={enough}"
