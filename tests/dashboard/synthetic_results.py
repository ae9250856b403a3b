"""Results folders for the dashboard's tests, written through the history's own door.

Two subjects: `go`, with a variant that crashes on one machine, is slower on another and lacks counters on
a third; and `malloc`, three releases, with a benchmark whose name is an attack.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Crash, Missing, Origin, Outcome, Precision, Provenance, Revision, Run, Sample

LAPTOP = "laptop"
BOARD = "visionfive2"
EMULATED = "qemu-arm64"
ARCHITECTURES = {LAPTOP: "x86_64", BOARD: "riscv64", EMULATED: "arm64"}

ATTACK = "<img src=x onerror=window.pwned=1>"
ASSIGN = Case("gomap.Assign", (("elements", "4096"),))
LOOKUP = Case("gomap.Lookup", (("elements", "64"),))
LOCKED = Case("gomap.LockedExit", (("goroutines", "24"),))
CHURN = Case("alloc.Churn", (("size", "64"), ("threads", "2")))
HOSTILE = Case(f"alloc.{ATTACK}", (("x", "'=1+1'"),))

PLAIN = Revision("go", "1" * 40, "go1.25.5", 1_764_000_000)
VARIANT = Revision("go", "2" * 40, "go1.25.5+noswissmap", 1_764_000_000)
RELEASES = tuple(
    Revision("malloc", digit * 40, name, 1_700_000_000 + 86_400 * day)
    for day, (digit, name) in enumerate([("a", "v2.1.2"), ("b", "v2.1.4"), ("c", "v2.1.7")])
)

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
KERNEL = Provenance(Origin.KERNEL, Precision.EXACT, "perf_event_open page-faults")
PMU = Provenance(Origin.HARDWARE, Precision.SAMPLED, "perf stat dTLB-load-misses", share=0.8)
MODEL = Provenance(Origin.SIMULATED, Precision.EXACT, "memsim dtlb 64/4")
NO_PMU = "no hardware PMU here: perf_event_open answers ENOENT"
NO_CLOCK = "an emulator's clock measures the emulator"

SEGV = Crash(
    "SIGSEGV", fault_address=0x7F00DEAD0010, last_output=("fatal: gate opened", "<script>alert(1)</script>")
)


def build(root: Path) -> Path:
    """Write both subjects under `root` and return it."""
    _go(root / "go")
    _malloc(root / "malloc")
    return root


def _go(folder: Path) -> None:
    history = History(folder)
    for revision, slower in ((PLAIN, 1.0), (VARIANT, 1.7)):
        crash = SEGV if revision is VARIANT else None
        _write(
            history,
            LAPTOP,
            revision,
            [
                *_native(ASSIGN, (50e-9 * slower, 0.2, 0.0042), revision, pmu=False),
                *_native(LOOKUP, (8e-9, 0.01, 0.001), revision, pmu=False),
                *_ended(LOCKED, crash),
            ],
        )
        _write(
            history,
            BOARD,
            revision,
            [
                *_native(ASSIGN, (371e-9 * slower, 1.9 * slower, 0.0042), revision, pmu=True),
                *_native(LOOKUP, (91e-9 / slower, 0.4, 0.001), revision, pmu=True),
            ],
        )
        _write(
            history,
            EMULATED,
            revision,
            [
                *_emulated(ASSIGN, 702.0 * slower, 0.0 if revision is PLAIN else 0.4),
                *_emulated(LOOKUP, 61.0, 0.02),
            ],
        )


def _malloc(folder: Path) -> None:
    history = History(folder)
    for revision in RELEASES:
        middle = 20e-9 * (1.2 if revision.name == "v2.1.4" else 1.0)
        bus = Crash("SIGBUS", fault_address=0x2101C) if revision.name == "v2.1.4" else None
        _write(
            history,
            LAPTOP,
            revision,
            [
                *_native(CHURN, (middle, 0.1, 0.002), revision, pmu=False),
                *_native(HOSTILE, (middle, 0.1, 0.002), revision, pmu=False),
                *_ended(Case("fault.StaticAtomics", (("align", "4"),)), bus),
            ],
        )


def _write(history: History, machine: str, revision: Revision, runs: Sequence[tuple[Case, Run]]) -> None:
    sitting = f"20261121T040000Z-{history.subject}"
    # Turn by turn would interleave them; what matters is who began
    began = 1_764_100_000.0 + len(history.revisions())
    logged = [LoggedRun(case, sitting, began + n, "1", run) for n, (case, run) in enumerate(runs)]
    history.log(machine, revision.commit, logged)
    facts = {"arch": ARCHITECTURES[machine], "cpu": f"<b>{machine}</b>", "os": "Linux 6.12"}
    history.publish(machine, facts, revision, [], sitting)


def _native(
    case: Case, middles: tuple[float, float, float], revision: Revision, *, pmu: bool
) -> Iterator[tuple[Case, Run]]:
    """Ten executions about the middles given, log-normal, the same for the same revision."""
    time, tlb, faults = middles
    source = random.Random(f"{case}{revision.name}{pmu}")
    for _ in range(10):
        samples = [
            Sample("time", time * source.lognormvariate(0, 0.008), CLOCK),
            Sample("page_faults", faults, KERNEL),
        ]
        missing = [] if pmu else [Missing("dtlb_misses", NO_PMU)]
        if pmu:
            samples.append(Sample("dtlb_misses", tlb * source.lognormvariate(0, 0.02), PMU))
        yield case, Run(Outcome.OK, tuple(samples), tuple(missing), facts={"kernel": "6.12.1"})


def _emulated(case: Case, instructions: float, tlb: float) -> Iterator[tuple[Case, Run]]:
    counted = (Sample("instructions", instructions, MODEL), Sample("dtlb_misses", tlb, MODEL))
    for _ in range(3):
        yield case, Run(Outcome.OK, counted, (Missing("time", NO_CLOCK),))


def _ended(case: Case, crash: Crash | None) -> Iterator[tuple[Case, Run]]:
    outcome = Outcome.CRASHED if crash else Outcome.OK
    for _ in range(10):
        yield case, Run(outcome, crash=crash)
