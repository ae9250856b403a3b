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
from pagewalk.metrics import L2_MISSES, STLB_MISSES
from pagewalk.model import Job, Missing, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters import perf_syscall
from runners.counters.generic_events import COUNTED, LAST_LEVEL, Counted, last_cache_level
from runners.counters.perf_syscall import Event

PARANOID = Path("/proc/sys/kernel/perf_event_paranoid")

_NO_STLB = (
    "no generic event counts second-level TLB misses; it takes a raw event of this processor model "
    "(Intel dtlb_load_misses.walk_completed, arm64 dtlb_walk)"
)


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


class PerfEventOpen:
    """The counter source of that name."""

    name = "perf_event_open"

    def __init__(self) -> None:
        self._probed: dict[str, _Usable | Missing] | None = None

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric, found by really opening each event once."""
        return {
            metric: found if isinstance(found, Missing) else found.provenance
            for metric, found in self._probe().items()
        }

    def open(self, scratch: Path, job: Job) -> "PerfEventSession":  # noqa: ARG002  the protocol's
        """Begin to count one execution; nothing is left in `scratch`."""
        return PerfEventSession(self._probe())

    def _probe(self) -> dict[str, _Usable | Missing]:
        if self._probed is None:
            found = {counted.metric: _probe(counted) for counted in COUNTED}
            found[STLB_MISSES.name] = Missing(STLB_MISSES.name, _NO_STLB)
            found[L2_MISSES.name] = _probe_last_level(last_cache_level())
            self._probed = found
        return self._probed


class PerfEventSession:
    """Counting of one process with all its threads and children."""

    def __init__(self, usable: Mapping[str, _Usable | Missing]) -> None:
        self._usable = usable
        self._descriptors: dict[tuple[str, Event], int] = {}
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
        for metric, usable in self._usable.items():
            if not isinstance(usable, Missing):
                for event in usable.events:
                    self._descriptors[metric, event] = _open(event, pid, usable.user_only)

    def enable(self) -> None:
        for descriptor in self._descriptors.values():
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
        for metric, usable in self._usable.items():
            if isinstance(usable, Missing):
                yield usable
                continue
            counts = [perf_syscall.read(self._descriptors[metric, event]) for event in usable.events]
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
            reason = "multiplexed away: the event was never scheduled; count fewer hardware events at once"
            return Missing(counted.metric, reason)
        share = min(1.0, reading.running / reading.enabled)
        total += reading.count / share
        least = min(least, share)
    measured = Provenance(provenance.origin, provenance.precision, provenance.source, least)
    return Sample(counted.metric, total * counted.scale / operations, measured)


def _open(event: Event, pid: int, user_only: bool) -> int:
    try:
        return perf_syscall.open_event(event, pid, user_only)
    except OSError as error:
        raise Unavailable(
            f"perf_event_open {event.name} on process {pid}: {error.strerror}",
            "Too many open files? ulimit -n 4096",
        ) from error


def _close_all(descriptors: dict[tuple[str, Event], int]) -> None:
    while descriptors:
        os.close(descriptors.popitem()[1])


def _probe_last_level(level: int | None) -> _Usable | Missing:
    if level == 2:
        return _probe(LAST_LEVEL)
    where = "at an unknown level" if level is None else f"at level {level}"
    reason = f"the generic event LLC-load-misses counts the last cache, here {where}; it takes a raw event"
    return Missing(L2_MISSES.name, reason)


def _probe(counted: Counted) -> _Usable | Missing:
    code = _try(counted.needed, user_only=False)
    user_only = code in (errno.EACCES, errno.EPERM) and counted.user_only
    if user_only:
        code = _try(counted.needed, user_only=True)
    if code:
        return Missing(counted.metric, refusal(code, counted))
    more = tuple(event for event in counted.more if not _try(event, user_only))
    return _Usable(counted, (counted.needed, *more), user_only)


def _try(event: Event, user_only: bool) -> int:
    """Return 0 where the event can be counted, else the error number."""
    try:
        os.close(perf_syscall.open_event(event, 0, user_only))
    except OSError as error:
        return error.errno or errno.EINVAL
    return 0


def refusal(code: int, counted: Counted, paranoid: Path = PARANOID) -> str:
    """Return why the kernel refuses an event, from the error number, and what to do about it."""
    event = counted.needed.name
    if code in (errno.ENOENT, errno.EOPNOTSUPP, errno.ENODEV):
        return f"no hardware counter: this kernel offers no PMU event {event} (a virtual machine?)"
    if code not in (errno.EACCES, errno.EPERM):
        return f"perf_event_open {event}: {os.strerror(code)}"
    try:
        level = paranoid.read_text().strip()
    except OSError:
        return (
            f"perf_event_open {event} is refused and {paranoid} does not exist: the kernel lacks perf events"
        )
    enough = 2 if counted.user_only else 1
    if level.lstrip("-").isdigit() and int(level) <= enough:
        return (
            f"perf_event_open {event} is refused although kernel.perf_event_paranoid is {level}: "
            "a container's seccomp filter? Run it with --cap-add PERFMON --security-opt seccomp=unconfined"
        )
    return f"kernel.perf_event_paranoid is {level}: sudo sysctl kernel.perf_event_paranoid={enough}"
