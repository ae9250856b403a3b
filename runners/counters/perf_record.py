"""Where page faults or time come from: samples of an event with their call stacks, by `perf record`.

Every page fault is a sample; other events are sampled at a rate.

Costs about a second an execution and disturbs it, so nothing else is measured in one.
"""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.event_names import asked_as
from runners.counters.folded import UNKNOWN, fold
from runners.counters.perf_control import PerfControl
from runners.counters.perf_csv import bare_name
from runners.counters.perf_stat import NO_PERF, perf_path
from runners.counters.processor import this_processor
from runners.counters.recordable import require_recordable
from runners.execution.capture import printable

FAULTS = "page-faults"
HERTZ = 4999
"""Samples a second of what is not counted one by one; odd, so that no timer keeps in step with it."""
SIZE_LIMIT = 64 << 20
"""Bytes of recording, some 10,000 faults with a copy of their stack; perf then ends by itself."""

# Frame pointers end at the first frame of glibc, which has none; Go has them everywhere, and
# stacks of its own, which a copy of 4 KiB does not unwind through.
_STACKS = {"dwarf": "dwarf,4096", "fp": "fp"}
_PATIENCE = 300.0
_FAULT = re.compile(r"^ *([0-9a-f]{1,16}) \S.*? +[0-9a-f]{1,16} (.{0,500})$", re.MULTILINE)

# .note.go.buildid, type 4 and owner, near the start of the file (cmd/link/internal/ld/elf.go)
_GO_NOTE = b"\x04\x00\x00\x00Go\x00\x00"

# The default of half a megabyte a processor loses a fifth of a burst of faults with stacks. More
# takes CAP_IPC_LOCK (include/uapi/linux/capability.h, bit 14), since it is locked memory.
_BUFFER = "32M"
_IPC_LOCK = 1 << 14


class PerfRecord:
    """A source of call stacks; it has no metrics.

    Args:
        events: perf's pattern of events to record instead of the one the job names; they are weighted.
    """

    name = "perf_record"

    def __init__(self, events: str = "") -> None:
        self._events = events

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {}

    def open(self, scratch: Path, job: Job) -> "PerfRecordSession":
        """Begin to record one execution.

        Raises:
            Unavailable: perf is not installed, or cannot record the event here.
            ConfigError: there is no such event.
        """
        event = self._events or job.record or FAULTS
        if not self._events:
            require_recordable(event)
        stacks = "fp" if is_go(job.artifact.command) else "dwarf"
        return PerfRecordSession(scratch, stacks, event, weighted=bool(self._events))


class PerfRecordSession:
    """One `perf record` around one workload."""

    def __init__(self, scratch: Path, stacks: str, event: str = FAULTS, *, weighted: bool = False) -> None:
        self._control = PerfControl(scratch)
        self._file = scratch / "perf.data"
        self._stacks = _STACKS[stacks]
        self._event = asked_as(event, this_processor())
        self._weighted = weighted

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        often = ("-c", "1", "-d") if self._event == FAULTS else ("-F", str(HERTZ))
        options = ("-e", self._event, *often, "--call-graph", self._stacks, "-D", "-1")
        limits = (*_buffer(), "--max-size", f"{SIZE_LIMIT}B", "-o", str(self._file), self._control.option)
        return (perf_path(), "record", "-q", *options, *limits, "--", *command)

    def attach(self, pid: int) -> None:
        self._control.attach(pid)

    def enable(self) -> None:
        self._control.ask("enable")

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

    def folded(self) -> str:
        """Return the stacks in the folded format, as often as they occurred where they are weighted.

        Raises:
            Unavailable: perf left no file, or recorded another event than it was asked for.
        """
        require_event(self._file, self._event)
        fields = "comm,period,ip,sym" if self._weighted else "comm,ip,sym"
        script = _perf("script", "-i", str(self._file), "--no-inline", "--show-lost-events", "-F", fields)
        return fold(script, weighted=self._weighted)

    def last_faults(self, address: int | None, most: int = 12) -> tuple[str, ...]:
        """Return the page faults at the end of the recording, the last one last, as `0x7f001000 in memset`.

        Args:
            address: where the workload died; what came after a fault there is its handler's. None for all.

        Raises:
            Unavailable: perf left no file that it can read.
        """
        script = _perf("script", "-i", str(self._file), "--no-inline", "-G", "-F", "addr,ip,sym")
        return read_faults(script, address)[-most:]


def read_faults(script: str, address: int | None) -> tuple[str, ...]:
    """Return the faults of `perf script -G -F addr,ip,sym`, up to the first at an address."""
    found: list[str] = []
    for match in _FAULT.finditer(script):
        found.append(f"{int(match[1], 16):#x} in {printable(match[2].strip()) or UNKNOWN}")
        if address is not None and int(match[1], 16) == address:
            break
    return tuple(found)


def require_event(file: Path, event: str) -> None:
    """Check that `file` holds samples of `event`.

    perf record takes cpu-clock instead of cycles where there is no PMU, and does not say so.

    Raises:
        Unavailable: it holds others.
    """
    # With a delayed start perf adds an event of its own that only tracks mappings, and it gives tips.
    found = [line for line in _perf("evlist", "-i", str(file)).splitlines() if line.strip()]
    names = [bare_name(name) for name in found if not name.startswith(("#", "dummy"))]
    if set(names) != {bare_name(event)}:
        instead = ", ".join(names) or "nothing"
        raise Unavailable(
            f"perf recorded {instead} instead of {event}: this kernel does not offer that event",
            "Record page-faults, or use a machine whose PMU can sample (`perf list hardware`).",
        )


def is_go(command: Sequence[str]) -> bool:
    """Return whether Go linked the workload, the last file of `command`: it has a note by `Go`."""
    try:
        with Path(command[-1]).open("rb") as stream:
            return _GO_NOTE in stream.read(1 << 16)
    except OSError:
        return False


def _buffer() -> tuple[str, ...]:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:") and int(line.split()[1], 16) & _IPC_LOCK:
            return ("-m", _BUFFER)
    return ()


def _perf(*arguments: str) -> str:
    # A user's ~/.perfconfig may change what perf prints.
    environment = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "LC_ALL": "C",
        "PERF_CONFIG": "/dev/null",
        "PAGER": "cat",
    }
    try:
        done = subprocess.run(
            [perf_path(), *arguments],
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"perf {arguments[0]} took longer than {_PATIENCE:.0f} s") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-500:]
        raise Unavailable(f"perf {arguments[0]} ended with status {done.returncode}: {said}", NO_PERF)
    return done.stdout.decode("utf-8", "replace")
