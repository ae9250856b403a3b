"""One comparison that holds every verdict, on a board with a PMU, a laptop without, and two emulators."""

import random

import pytest

from pagewalk.analysis.comparison import Comparison, compare
from pagewalk.analysis.noise import NoiseFloor
from pagewalk.analysis.settings import Settings
from pagewalk.model import (
    Case,
    Crash,
    Machine,
    Origin,
    Outcome,
    Precision,
    Provenance,
    Record,
    Revision,
    Values,
)

BOARD = Machine("visionfive2", "riscv64", emulated=False)
LAPTOP = Machine("laptop", "x86_64", emulated=False)
EMULATED_ARM = Machine("qemu-arm64", "arm64", emulated=True)
EMULATED_OLD_ARM = Machine("qemu-armv7", "armv7", emulated=True)
MACHINES = (LAPTOP, BOARD, EMULATED_ARM, EMULATED_OLD_ARM)

CHURN = Case("alloc.Churn", (("size", "64"), ("threads", "1")))
LARSON = Case("alloc.Larson", (("threads", "4"),))
ATOMICS = Case("fault.StaticAtomics", (("align", "4"),))
ASSIGN = Case("gomap.Assign", (("elements", "4096"), ("key", "'int64'")))
PLUGIN = Case("gomap.PluginLoad")
LOCKED = Case("gomap.LockedExit", (("goroutines", "24"),))

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
KERNEL = Provenance(Origin.KERNEL, Precision.EXACT, "perf_event_open page-faults")
RSS = Provenance(Origin.KERNEL, Precision.SAMPLED, "getrusage")
PMU = Provenance(Origin.HARDWARE, Precision.SAMPLED, "perf stat dTLB-load-misses", share=0.8)
NO_PMU = "no hardware PMU here: perf_event_open answers ENOENT"
EMULATED = "an emulator's clock measures the emulator"


def sampled(metric: str, middle: float, noise: float, provenance: Provenance, seed: str) -> Values:
    """Ten samples about `middle`, log-normal, always the same for one seed."""
    source = random.Random(seed)
    samples = tuple(middle * source.lognormvariate(0, noise) for _ in range(10))
    return Values(metric, samples, provenance)


def exact(metric: str, value: float, event: str) -> Values:
    return Values(metric, (value,) * 3, Provenance(Origin.SIMULATED, Precision.EXACT, f"memsim {event}"))


def record(case: Case, *values: Values, facts: dict[str, str] | None = None) -> Record:
    return Record(case, {Outcome.OK: 10}, {v.metric: v for v in values}, facts=facts or {}, sitting="s1")


def crashed(case: Case, crash: Crash, bad: int = 10) -> Record:
    outcomes = {Outcome.CRASHED: bad, Outcome.OK: 10 - bad}
    return Record(case, {o: n for o, n in outcomes.items() if n}, {}, crash=crash, sitting="s1")


def native(case: Case, machine: Machine, side: str, middles: tuple[float, float, float]) -> Record:
    """What a real machine records; only the board has a PMU."""
    seed = f"{case}{machine.name}{side}"
    time, tlb, faults = middles
    misses = (
        sampled("dtlb_misses", tlb, 0.02, PMU, seed + "tlb")
        if machine is BOARD
        else Values("dtlb_misses", missing=NO_PMU)
    )
    return record(
        case,
        sampled("time", time, 0.006, CLOCK, seed),
        misses,
        Values("page_faults", (faults,) * 10, KERNEL),
        sampled("peak_rss", 12.5e6, 0.03, RSS, seed + "rss"),
        facts={"kernel": "6.12.1" if side == "base" else "6.12.9", "allocator": side},
    )


def emulated(case: Case, instructions: float, tlb: float, cache: float) -> Record:
    return record(
        case,
        Values("time", missing=EMULATED),
        exact("instructions", instructions, "instructions"),
        exact("dtlb_misses", tlb, "dtlb 64/4"),
        exact("l1d_misses", cache, "l1d 32768/8"),
    )


def before() -> dict[str, dict[Case, Record]]:
    bus = Crash("SIGBUS", fault_address=0x2101C)
    return {
        "laptop": {
            CHURN: native(CHURN, LAPTOP, "base", (21.4e-9, 0.1, 0.0021)),
            ASSIGN: native(ASSIGN, LAPTOP, "base", (85e-9, 0.4, 0.0042)),
            LOCKED: crashed(LOCKED, Crash("SIGSEGV", fault_address=0x18)),
        },
        "visionfive2": {
            CHURN: native(CHURN, BOARD, "base", (114e-9, 0.31, 0.0021)),
            ASSIGN: native(ASSIGN, BOARD, "base", (412e-9, 1.9, 0.0042)),
            PLUGIN: record(PLUGIN),
        },
        "qemu-arm64": {
            CHURN: emulated(CHURN, 212.0, 0.0, 0.0312),
            LARSON: emulated(LARSON, 388.0, 0.11, 0.8),
            ASSIGN: emulated(ASSIGN, 1104.0, 1.9, 4.02),
            LOCKED: Record(LOCKED, {Outcome.UNSUPPORTED: 1}, {}),
        },
        "qemu-armv7": {
            CHURN: emulated(CHURN, 240.0, 0.0, 0.04),
            ATOMICS: crashed(ATOMICS, bus),
            ASSIGN: emulated(ASSIGN, 1422.0, 1.6, 3.1),
            PLUGIN: crashed(PLUGIN, Crash(exit_status=2), bad=1),
        },
    }


def after() -> dict[str, dict[Case, Record]]:
    return {
        "laptop": {
            CHURN: native(CHURN, LAPTOP, "head", (21.4e-9, 0.1, 0.0021)),
            ASSIGN: native(ASSIGN, LAPTOP, "head", (50.2e-9, 0.2, 0.0042)),
            LOCKED: record(LOCKED),
        },
        "visionfive2": {
            CHURN: native(CHURN, BOARD, "head", (128e-9, 0.64, 0.0058)),
            ASSIGN: native(ASSIGN, BOARD, "head", (371e-9, 1.9, 0.0042)),
            PLUGIN: crashed(PLUGIN, Crash("SIGSEGV", fault_address=0x7F8000000000, last_output=("oops",))),
        },
        "qemu-arm64": {
            CHURN: emulated(CHURN, 212.0, 0.001, 0.0312),
            LARSON: emulated(LARSON, 388.1, 0.11, 0.8),
            ASSIGN: emulated(ASSIGN, 702.0, 1.2, 2.17),
            LOCKED: Record(LOCKED, {Outcome.UNSUPPORTED: 1}, {}),
        },
        "qemu-armv7": {
            CHURN: emulated(CHURN, 240.0, 0.25, 0.04),
            ATOMICS: record(ATOMICS),
            ASSIGN: emulated(ASSIGN, 913.0, 0.0, 1.9),
            PLUGIN: crashed(PLUGIN, Crash("SIGSEGV", fault_address=0x10), bad=3),
        },
    }


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    return compare(
        Revision("go", "1" * 40, "go1.25.5+noswissmap", 1_764_000_000),
        Revision("go", "2" * 40, "go1.25.5", 1_764_000_001),
        MACHINES,
        before(),
        after(),
        Settings(
            noise={("laptop", CHURN, "time"): NoiseFloor(0.031, "A/A, 20 comparisons")}, across_machines=True
        ),
    )


@pytest.fixture(scope="session")
def empty() -> Comparison:
    return compare(Revision("go", "1" * 40, "a", 0), Revision("go", "2" * 40, "b", 0), MACHINES, {}, {})
