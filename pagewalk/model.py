"""The nouns of the glossary, as frozen values. No I/O, no behaviour beyond their own consistency.

Of what there are tens of thousands of at once, a tuple with names is made in a third of a dataclass's time.
Base units everywhere: seconds, bytes, counts per operation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pagewalk.events import TimedEvent


class Outcome(StrEnum):
    """How one execution of a workload ended."""

    __hash__ = str.__hash__  # that of Enum is a call of Python, and thousands are looked up

    OK = "ok"
    CRASHED = "crashed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out-of-memory"
    BUILD_FAILED = "build-failed"
    UNSUPPORTED = "unsupported"
    AS_EXPECTED = "as-expected"
    """Ended badly in just the way that its suite says it must, as a data race that Go is to tell of."""

    @property
    def good(self) -> bool:
        """Whether the execution ended as it should."""
        return self in (Outcome.OK, Outcome.AS_EXPECTED)


class Origin(StrEnum):
    """What kind of thing counted."""

    HARDWARE = "hardware"
    KERNEL = "kernel"
    SIMULATED = "simulated"
    CLOCK = "clock"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """Whether the same execution would give the same number again."""

    EXACT = "exact"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a number was obtained.

    Args:
        origin: what counted.
        precision: exact, or sampled.
        source: the counter source and its event, as `perf_event_open page-faults`.
        share: the part of the time the event was really counting, in (0, 1]; below 1
            the kernel multiplexed and the value is an estimate.
    """

    origin: Origin
    precision: Precision
    source: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one process execution.

    Args:
        metric: a name of `pagewalk.metrics`.
        value: in that metric's base unit.
    """

    metric: str
    value: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that cannot be had, and why."""

    metric: str
    reason: str


@dataclass(frozen=True, slots=True)
class Crash:
    """What is known of a process that did not end well.

    Args:
        signal: its name, as `SIGSEGV`; empty where it exited by itself.
        exit_status: the status it exited with; None where a signal ended it.
        fault_address: the address it tripped over; None where nobody told.
        last_output: the last lines of stdout and stderr, in order of arrival.
        pc: the program counter; None where nobody told.
        frames: functions that were being executed, the innermost first, as `slab_refill` or
            `runtime.mallocgc`; without offsets and arguments. In a stripped library the exported symbol
            before it, as `near malloc+0x1c, exported symbol`.
        registers: by the names of the architecture's ABI.
        code: the line of /proc/PID/maps whose mapping holds the program counter.
        memory: the line whose mapping holds the fault address; `nothing is mapped there` where none does.
        page: the state of the page at the fault address, a word to each of `present`, `dirty`, `huge`,
            `aligned` …, or why it is not known.
        faults: the page faults just before, the last one last, as `0x7f001000 in memset`; of an execution
            that ended alike and recorded them. Empty where none did.
    """

    signal: str = ""
    exit_status: int | None = None
    fault_address: int | None = None
    last_output: tuple[str, ...] = ()
    pc: int | None = None
    frames: tuple[str, ...] = ()
    registers: Mapping[str, int] = field(default_factory=dict)
    code: str = ""
    memory: str = ""
    page: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """All of one execution of a workload."""

    outcome: Outcome
    samples: tuple[Sample, ...] = ()
    missing: tuple[Missing, ...] = ()
    crash: Crash | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    folded: str = ""
    """Call stacks of the recorded event in the folded format (`a;b;c 12` a line)."""
    events: tuple[TimedEvent, ...] = ()
    """What happened when, in order; only where the job asked to record `events.TIMELINE`."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Architecture and libc that code is built for."""

    architecture: str
    libc: str = "gnu"

    def __str__(self) -> str:
        return f"{self.architecture}-{self.libc}"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A workload built for one target against one revision, ready to execute.

    Args:
        command: argv up to the workload's own arguments: absolute paths, a loader
            and its options first where the libc comes from a sysroot.
        files: all that a remote runner must push, `command`'s own paths among them.
        environment: variables the workload needs.
        facts: what the build wants recorded, as `libc6=2.41-12`.
    """

    command: tuple[str, ...]
    target: Target
    files: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """One execution to be done: what a runner is given.

    Args:
        artifact: what to execute.
        arguments: the workload's own parameters, as `--size=64`.
        exact_loops: the fixed number of loops where counts must repeat (emulation);
            elsewhere the workload calibrates itself.
        seed: start value of the workload's pseudo-random generator.
        timeout: seconds until the whole process group is killed.
        threads: whether the workload starts threads of its own; its simulated counts
            are then sampled, not exact.
        record: an event to record with its call stacks, as `page-faults` or `cpu-clock`, or
            `events.TIMELINE`; such an execution is no measurement, since recording disturbs. Empty: measure.
    """

    artifact: Artifact
    arguments: tuple[str, ...]
    exact_loops: int
    seed: int = 1
    timeout: float = 60.0
    threads: bool = False
    record: str = ""


class _Kept:
    """Room for a hash and a text beside the fields: neither compared, nor copied, nor pickled."""

    __slots__ = ("_hash", "_text")

    _hash: int
    _text: str


@dataclass(frozen=True, slots=True, order=True)
class Case(_Kept):
    """One workload with one set of parameters: what one execution measures.

    Args:
        benchmark: family and class as asv names them, `alloc.Churn`.
        params: names and values in the suite's order, values as asv writes them (`repr`).
    """

    benchmark: str
    params: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        # A comparison of thousands of cases looks each up dozens of times
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash((self.benchmark, self.params)))
            return self._hash

    def __str__(self) -> str:
        try:
            return self._text
        except AttributeError:
            values = ", ".join([f"{name}={value}" for name, value in self.params])
            object.__setattr__(self, "_text", f"{self.benchmark}({values})" if values else self.benchmark)
            return self._text


class Values(NamedTuple):
    """All samples of one metric of one case at one revision on one runner.

    Args:
        samples: one value a process execution, in the order they were taken.
        provenance: None where nothing was recorded, or by whom is not known.
        missing: why there are no samples; empty where there are some.
        quartiles: of the measurements that a single sample is the median of; None where they are not
            known, or nothing was repeated.
    """

    metric: str
    samples: tuple[float, ...] = ()
    provenance: Provenance | None = None
    missing: str = ""
    quartiles: tuple[float, float] | None = None


class Record(NamedTuple):
    """What the history knows of one case at one revision on one runner.

    Args:
        outcomes: how many executions ended how, as `{Outcome.CRASHED: 10}`.
        values: by metric name.
        crash: of the last execution that did not end well.
        facts: of the last execution.
        varied: facts that were not the same in all executions: each value, in the order they came up.
        sitting: names the interleaved sitting in which it was measured; records of
            one sitting were taken turn by turn and may be compared pairwise.
    """

    case: Case
    outcomes: Mapping[Outcome, int]
    values: Mapping[str, Values]
    crash: Crash | None = None
    facts: Mapping[str, str] = MappingProxyType({})
    sitting: str = ""
    varied: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    @property
    def outcome(self) -> Outcome:
        """The outcome that counts: the worst one seen, `ok` only where all were ok."""
        return worst_of(self.outcomes)


def worst_of(outcomes: Mapping[Outcome, int]) -> Outcome:
    """Return the outcome seen most often of those that should not be; where there is none, what should."""
    if len(outcomes) == 1:
        return next(iter(outcomes))
    bad = {outcome: count for outcome, count in outcomes.items() if not outcome.good}
    if bad:
        return max(bad, key=lambda outcome: bad[outcome])
    return Outcome.AS_EXPECTED if Outcome.AS_EXPECTED in outcomes else Outcome.OK


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a subject: always a commit, whatever it came from.

    Args:
        subject: the subject's name.
        commit: 40 hexadecimal digits.
        name: the word a person would use, as `go1.25.5+noswissmap`.
        date: of the commit, seconds since the epoch.
    """

    subject: str
    commit: str
    name: str
    date: int


EMULATED = ("qemu-", "cachegrind-")
"""How the asv machine names of emulated runners begin, and those of no real one."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A runner as the history knows it.

    Args:
        name: asv's machine name.
        architecture: as in `Target.architecture`.
        emulated: whether counts come from the emulator plugin and no times exist.
        facts: cpu, os, ram, kernel …
    """

    name: str
    architecture: str
    emulated: bool
    facts: Mapping[str, str] = field(default_factory=dict)
