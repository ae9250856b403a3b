"""Counting with `perf stat`: on boards, and where perf may do what we may not (file capabilities)."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Job, Missing, Precision, Provenance, Sample
from pagewalk.protocols import Region
from runners.counters.generic_events import COUNTED, Counted
from runners.counters.perf_control import PerfControl
from runners.counters.perf_csv import NOT_SUPPORTED, Line, parse_csv

EVENTS = tuple(event.name for counted in COUNTED for event in (counted.needed, *counted.more))
"""perf's names of all that is asked for."""

NO_PERF = "perf is not installed: apt-get install linux-perf"

# perf stat ends with status 0 when a signal ended its child; a shell in between says 128 + signal.
_RELAY = ("sh", "-c", '"$@"; exit $?', "sh")


def stat_command(output: str, control: str, events: Sequence[str] = EVENTS) -> tuple[str, ...]:
    """Return the command line that goes before a workload's, counting only while switched on.

    Args:
        output: the file perf writes its CSV to.
        control: perf's own option, `--control=fd:4,5` where the workload itself talks to perf.
    """
    return ("perf", "stat", "-x,", "-o", output, "-D", "-1", control, "-e", ",".join(events), "--", *_RELAY)


class PerfStat:
    """The counter source of that name."""

    name = "perf_stat"

    def __init__(self) -> None:
        self._availability: dict[str, Provenance | Missing] | None = None

    def availability(self) -> Mapping[str, Provenance | Missing]:
        """Per metric, found by counting `true` once."""
        if self._availability is None:
            self._availability = _probe()
        return self._availability

    def open(self, scratch: Path, job: Job) -> "PerfStatSession":  # noqa: ARG002  the protocol's
        return PerfStatSession(scratch)


class PerfStatSession:
    """One `perf stat` around one workload; reports 128 + signal for a workload that a signal ended."""

    def __init__(self, scratch: Path) -> None:
        self._control = PerfControl(scratch)
        self._output = scratch / "perf-stat.csv"

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        return (*stat_command(str(self._output), self._control.option), *command)

    def attach(self, pid: int) -> None:
        self._control.attach(pid)

    def enable(self) -> None:
        self._control.ask("enable")

    def disable(self) -> None:
        self._control.ask("disable")

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:
        """Raises: Unavailable: perf wrote nothing."""
        try:
            text = self._output.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise Unavailable(f"perf stat left no {self._output}: {error.strerror}", NO_PERF) from error
        return samples(text, sum(region.operations for region in regions))


def samples(text: str, operations: int) -> list[Sample | Missing]:
    """Return every metric that `text`, from `perf stat -x,`, gives or refuses, per operation."""
    lines = parse_csv(text, EVENTS)
    return [_metric(counted, lines, operations) for counted in COUNTED]


def _metric(counted: Counted, lines: Sequence[Line], operations: int) -> Sample | Missing:
    needed = [line for line in lines if line.event == counted.needed.name]
    more = [line for line in lines if line.event in {event.name for event in counted.more}]
    # A hybrid processor has a line for each kind of core; the kind it never ran on is not counted.
    counts = [line for line in (*needed, *more) if line.value is not None and line.share > 0]
    if operations <= 0:
        return Missing(counted.metric, "the workload marked no region of interest")
    if not any(line.event == counted.needed.name for line in counts):
        return Missing(counted.metric, _refusal(counted, needed))
    if not counted.user_only and any(_user_only(line) for line in counts):
        reason = "sudo sysctl kernel.perf_event_paranoid=1: perf excludes the kernel, where this happens"
        return Missing(counted.metric, reason)
    share = min(line.share for line in counts)
    value = sum(line.value for line in counts if line.value is not None) / operations
    return Sample(counted.metric, value, _provenance(counted, [line.said for line in counts], share))


def _user_only(line: Line) -> bool:
    modifiers = line.said.rpartition("/" if "/" in line.said else ":")[2]
    return modifiers != line.said and "u" in modifiers and "k" not in modifiers


def _refusal(counted: Counted, lines: Sequence[Line]) -> str:
    event = counted.needed.name
    if any(line.refused == NOT_SUPPORTED for line in lines):
        return f"perf stat: {event} is not supported: this kernel offers no PMU event of that name"
    if lines:
        return f"perf stat: {event} was not counted: multiplexed away, or never scheduled"
    return f"perf stat said nothing of {event}"


def _provenance(counted: Counted, said: Sequence[str], share: float = 1.0) -> Provenance:
    return Provenance(counted.origin, Precision.SAMPLED, f"perf stat {'+'.join(said)}", share)


def _probe() -> dict[str, Provenance | Missing]:
    if shutil.which("perf") is None:
        return {counted.metric: Missing(counted.metric, NO_PERF) for counted in COUNTED}
    command = ["perf", "stat", "-x,", "-e", ",".join(EVENTS), "--", "true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        reason = f"perf stat ended with status {done.returncode}: {done.stderr.strip()[:300]}"
        return {counted.metric: Missing(counted.metric, reason) for counted in COUNTED}
    found = {value.metric: value for value in samples(done.stderr, operations=1)}
    return {
        metric: value if isinstance(value, Missing) else value.provenance for metric, value in found.items()
    }
