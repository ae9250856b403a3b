"""A subject over forty commits: a step up, a crash that came and went, a commit that does not build.

`slab` is faster on `laptop` until commit 24, where it becomes 20 % slower for good; on `qemu-arm64` misses
double at the same commit; commits 10 to 12 die on the laptop; commit 30 does not build.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.history.noise import MeasuredFloor
from pagewalk.model import Case, Crash, Missing, Origin, Outcome, Precision, Provenance, Revision, Run, Sample

COMMITS = 40
STEP = 24
CRASHED = range(10, 13)
UNBUILDABLE = 30
ATTACK = "<img src=x onerror=window.pwned=1>"

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
MODEL = Provenance(Origin.SIMULATED, Precision.EXACT, "memsim reference: L1 dTLB 64/4, STLB 1536/12")
SIZES = (16, 64, 256, 1024, 4096)
CHURN = tuple(Case("alloc.Churn", (("size", str(size)),)) for size in SIZES)
WALK = tuple(Case("tlb.Walk", (("pages", str(pages)),)) for pages in (16, 32, 64, 128, 512, 1536, 4096))
ABORT = Crash(
    "SIGABRT",
    fault_address=None,
    last_output=("slab: corrupted free list", ATTACK, "#0 0x401136 in slab_free (p=0x10) at slab.c:88"),
)
SEGV = Crash("SIGSEGV", fault_address=0x10, last_output=("slab: refill",))

_FACTS = {
    "laptop": {"arch": "x86_64", "cpu": f"<b>{ATTACK}</b>", "os": "Linux 6.12", "ram": "8589934592"},
    "qemu-arm64": {
        "arch": "arm64",
        "cpu": "memsim reference geometry",
        "os": "Linux (qemu-user)",
        "page_size": "4096",
        "capacities": "l1d 32768 B, l2 2097152 B, dtlb 64 entries, stlb 1536 entries",
    },
}


def revision(number: int) -> Revision:
    """Return the commit of that number; its name is an attack once."""
    name = ATTACK if number == 3 else f"v0.{number}"
    return Revision("slab", f"{number + 1:08x}" * 5, name, 1_700_000_000 + 86_400 * number)


def build(root: Path) -> Path:
    """Write the subject under `root` and return it."""
    history = History(root / "slab")
    history.describe({entry["name"]: entry for entry in _descriptions()})
    for number in range(COMMITS):
        for machine, facts in _FACTS.items():
            if machine == "qemu-arm64" and number % 2:
                continue
            at, sitting = revision(number), f"20261121T0400{number:02d}Z-1"
            began = 1_764_100_000.0 + 100 * number
            runs = [
                LoggedRun(case, sitting, began + n, "1", run)
                for n, (case, run) in enumerate(_runs(machine, number))
            ]
            history.log(machine, at.commit, runs)
            history.publish(machine, {**facts, "machine": machine}, at, [], sitting)
    floors = [
        MeasuredFloor(
            case, metric, floor * size * (1 + n), 20, 10, "0" * 40, "v0.1", 1.7e9 + 86_400 * week * 7, {}
        )
        for n, case in enumerate(CHURN)
        for metric, size in (("time", 1.0), ("page_faults", 0.02))
        for week, floor in enumerate((0.013, 0.011, 0.034))
    ]
    history.keep_floors("laptop", floors)
    return root


def _descriptions() -> Iterator[dict[str, object]]:
    for cases, metrics in (
        (CHURN, {"time": "seconds"}),
        (WALK, {"dtlb_misses": "misses/op", "time": "seconds"}),
    ):
        (parameter, _), *_ = cases[0].params
        for metric, unit in metrics.items():
            yield {
                "name": f"{cases[0].benchmark}.track_{metric}",
                "param_names": [parameter],
                "params": [[value for case in cases for _, value in case.params]],
                "unit": unit,
                "type": "track",
                "version": "1",
            }


def _runs(machine: str, number: int) -> Iterator[tuple[Case, Run]]:
    source = random.Random(f"{machine} {number}")
    if machine == "laptop":
        for case in CHURN:
            yield from ((case, _native(case, number, source)) for _ in range(5))
        return
    worse = 2.0 if number >= STEP else 1.0
    for case in WALK:
        pages = int(dict(case.params)["pages"])
        misses = worse * (0.001 if pages <= 64 else 1.0 - 64 / pages)
        counted = (Sample("dtlb_misses", misses, MODEL), Sample("instructions", 12.0, MODEL))
        yield case, Run(Outcome.OK, counted, (Missing("time", "an emulator's clock measures the emulator"),))


def _native(case: Case, number: int, source: random.Random) -> Run:
    if number == UNBUILDABLE:
        return Run(Outcome.BUILD_FAILED)
    if number in CRASHED:
        return Run(Outcome.CRASHED, crash=ABORT if number < CRASHED[-1] else SEGV)
    time = 20e-9 * (1 + int(dict(case.params)["size"]) / 4096) * (1.2 if number >= STEP else 1.0)
    return Run(Outcome.OK, (Sample("time", time * source.lognormvariate(0, 0.01), CLOCK),))
