"""The clock the workload read and the memory the kernel says it held: what needs no counter."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.metrics import OVERHEAD, PEAK_RSS, SETTLED_RSS, TIME
from pagewalk.model import Job, Missing, Origin, Precision, Provenance, Sample
from pagewalk.protocols import Region

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC in the workload")
PEAK = Provenance(Origin.KERNEL, Precision.SAMPLED, "VmHWM of /proc/PID/status at the last end mark")
STATM = Provenance(Origin.KERNEL, Precision.SAMPLED, "/proc/self/statm as the workload reads it")

_NOT_TOLD = "this workload does not say: it holds no memory worth the question"
_NO_MARK = "the workload ended without an end mark, so nobody could look at it while it lived"


class ProcessStatus:
    """The counter source of time and of peak resident memory.

    Not `ru_maxrss` of wait4(2): at exec the kernel carries the old image's high water over into
    it (fs/exec.c, `setmax_mm_hiwater_rss`), so that a small child of a large Python reports
    Python's. VmHWM belongs to the new image alone. The workload stands still at its end
    mark, so reading it there disturbs nothing.
    """

    name = "process_status"

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {TIME.name: CLOCK, PEAK_RSS.name: PEAK, OVERHEAD.name: STATM, SETTLED_RSS.name: STATM}

    def open(self, scratch: Path, job: Job) -> "ProcessStatusSession":  # noqa: ARG002  the protocol's
        return ProcessStatusSession()


class ProcessStatusSession:
    """One process; children it forks are not looked at."""

    def __init__(self) -> None:
        self._pid = 0
        self._peak: int | None = None

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        return command

    def attach(self, pid: int) -> None:
        self._pid = pid

    def enable(self) -> None:
        """Nothing to switch on."""

    def disable(self) -> None:
        self._peak = peak_rss(_behind_perf(self._pid))

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        return status_values(regions, self._peak)


def status_values(regions: Sequence[Region], peak: int | None) -> Iterable[Sample | Missing]:
    """Yield seconds per operation over all regions, and bytes.

    Args:
        peak: bytes at the last end mark; None where nobody could look.
    """
    operations = sum(region.operations for region in regions)
    if operations:
        yield Sample(TIME.name, sum(region.seconds for region in regions) / operations, CLOCK)
    else:
        yield Missing(TIME.name, "the workload reported no region of interest")
    if peak is None:
        yield Missing(PEAK_RSS.name, _NO_MARK)
    else:
        yield Sample(PEAK_RSS.name, float(peak), PEAK)
    yield from memory_values(regions)


def memory_values(regions: Sequence[Region]) -> Iterable[Sample | Missing]:
    """Yield overhead (bytes a byte) and settled memory (bytes), of the last region that tells."""
    told = next((region.memory for region in reversed(regions) if region.memory), {})
    if "live_bytes" in told and "resident_bytes" in told:
        yield Sample(OVERHEAD.name, told["resident_bytes"] / told["live_bytes"], STATM)
    else:
        yield Missing(OVERHEAD.name, _NOT_TOLD)
    if "settled_bytes" in told:
        yield Sample(SETTLED_RSS.name, float(told["settled_bytes"]), STATM)
    else:
        yield Missing(SETTLED_RSS.name, _NOT_TOLD)


def peak_rss(pid: int) -> int | None:
    """Return the largest resident set of `pid`'s present image in bytes; None where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def _behind_perf(pid: int) -> int:
    """Return the workload's process where `pid` is a `perf stat` that wraps it."""
    for _ in range(4):
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return pid
        if name not in ("perf", "sh") or len(children) != 1:
            return pid
        pid = int(children[0])
    return pid
