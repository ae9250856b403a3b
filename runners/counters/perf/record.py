"""Where page faults or time come from: samples of an event with their call stacks, by `perf record`.

Costs about a second an execution and disturbs it, so nothing else is measured in one.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.events.processor import this_processor
from runners.counters.perf.command import NO_PERF, ask_perf, perf_path
from runners.counters.perf.control import PerfControl
from runners.counters.perf.record_plan import FAULTS, RecordPlan, plan_of, plan_of_calls, require_event
from runners.counters.perf.recordable import require_recordable
from runners.counters.probes.placing import Probes

SIZE_LIMIT = 64 << 20
"""Bytes of recording, some 10,000 faults with a copy of their stack; perf then ends by itself."""

_PATIENCE = 300.0

# The default of half a megabyte a processor loses a fifth of a burst of faults with stacks. More
# takes CAP_IPC_LOCK (include/uapi/linux/capability.h, bit 14), since it is locked memory.
_BUFFER = "32M"
_IPC_LOCK = 1 << 14


class PerfRecord:
    """A source of call stacks; it has no metrics.

    Args:
        probes: what stands and is recorded instead of an event; None to record the one the job names.
    """

    name = "perf_record"

    def __init__(self, probes: Probes | None = None) -> None:
        self._probes = probes

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {}

    def open(self, scratch: Path, job: Job) -> "PerfRecordSession":
        """Begin to record one execution.

        Raises:
            Unavailable: perf is not installed, or cannot record the event here.
            ConfigError: there is no such event.
        """
        if self._probes is not None:
            return PerfRecordSession(scratch, plan_of_calls(job, self._probes))
        require_recordable(job.record or FAULTS)
        return PerfRecordSession(scratch, plan_of(job, this_processor()))


class PerfRecordSession:
    """One `perf record` around one workload."""

    def __init__(self, scratch: Path, plan: RecordPlan) -> None:
        self._control = PerfControl(scratch)
        self._file = scratch / "perf.data"
        self.plan = plan
        self.enabled_at: int | None = None
        """Nanoseconds of CLOCK_MONOTONIC when perf was first switched on; None until then."""

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        told = self.plan.record(str(self._file), self._control.option, SIZE_LIMIT)
        return (perf_path(), *told, *_buffer(), "--", *command)

    def attach(self, pid: int) -> None:
        self._control.attach(pid)

    def enable(self) -> None:
        self._control.ask("enable")
        self.enabled_at = self.enabled_at or time.monotonic_ns()

    def disable(self) -> None:
        """Raises: Unavailable: perf is gone for another reason than its file being full."""
        try:
            self._control.ask("disable")
        except Unavailable:
            if not self.truncated:
                raise

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:  # noqa: ARG002
        """Stacks are no metric; see `folded`."""
        return ()

    @property
    def truncated(self) -> bool:
        """Whether perf stopped because its file was full; it then ends the workload by SIGTERM."""
        return self._file.exists() and self._file.stat().st_size >= SIZE_LIMIT

    def script(self) -> str:
        """Return what perf prints of what it recorded, in the fields of the plan.

        Raises:
            Unavailable: perf left no file, or recorded another event than it was asked for.
        """
        file = str(self._file)
        require_event(_perf(*self.plan.listing(file)).splitlines(), self.plan.event)
        return _perf(*self.plan.script(file))

    def folded(self) -> str:
        """Return the stacks in the folded format, as often as they occurred where they are weighted.

        Raises:
            Unavailable: as `script`.
        """
        return self.plan.fold(self.script())


def _buffer() -> tuple[str, ...]:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:") and int(line.split()[1], 16) & _IPC_LOCK:
            return ("-m", _BUFFER)
    return ()


def _perf(*arguments: str) -> str:
    done = ask_perf(*arguments, patience=_PATIENCE)
    if done.returncode:
        said = done.stderr.strip()[-500:]
        raise Unavailable(f"perf {arguments[0]} ended with status {done.returncode}: {said}", NO_PERF)
    return done.stdout
