"""Guests that are really booted: counts that repeat, page faults that are known, crashes that are told."""

import os
import subprocess
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest

from pagewalk.builders.go import GO_FLAGS
from pagewalk.builders.workload import find_workload
from pagewalk.errors import Unavailable
from pagewalk.events import TIMELINE, EventKind
from pagewalk.metrics import METRICS
from pagewalk.model import Artifact, Job, Outcome, Precision, Run, Target
from pagewalk.toolchains.go import fetch_goroot, go_environment
from pagewalk.toolchains.platforms import platform_of
from pagewalk.toolchains.zig import c_compiler
from runners.qemu_system.guests import GUESTS
from runners.qemu_system.runner import QemuSystem
from runners.qemu_user import QemuUser

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "runners" / "fixtures"
SOURCES = {"touch": FIXTURES / "workload.c", "sizes": FIXTURES / "sizes.c"}
PAGES = 300
GO_RELEASE = "1.25.5"
# The options of pagewalk's own builds, so that zig need not build another libc.
OPTIONS = ("-O2", "-g", "-fno-omit-frame-pointer", "-fno-sanitize=undefined", "-w", "-static")


@pytest.fixture(scope="module", params=sorted(GUESTS))
def guest(request: pytest.FixtureRequest) -> Iterator[QemuSystem]:
    runner = QemuSystem(request.param)
    try:
        runner.facts()
    except Unavailable as error:
        pytest.skip(f"no guest for {request.param}: {error.message}")
    yield runner
    runner.close()


def _of_target(guest: QemuSystem, target: Target) -> QemuSystem:
    """Return a runner of another target in a booted guest; it finds out itself what follows from that."""
    other = copy(guest)
    other.target = target
    for found in ("_counting", "_recorder"):
        other.__dict__.pop(found, None)
    return other


def _build(target: Target, name: str, folder: Path) -> Artifact:
    pytest.importorskip("ziglang", reason="no cross compiler: pip install ziglang")
    sources = [str(SOURCES[name])] if name in SOURCES else [*find_workload(name, "c", ROOT).inputs]
    compiler = c_compiler(Target(target.architecture, "musl"))
    program = folder / name
    command = [compiler.cc, *OPTIONS, "-o", str(program), *sources, "-lm"]
    subprocess.run(command, check=True, env={**os.environ, **compiler.environment})
    return Artifact((str(program),), target, (program,))


def _build_go(target: Target, name: str, folder: Path) -> Artifact:
    try:
        goroot = fetch_goroot(GO_RELEASE)
    except Unavailable as error:
        pytest.skip(f"no toolchain: {error}")
    environment = go_environment(goroot, {"GOARCH": platform_of(target).goarch})
    program = folder / name
    command = [str(goroot / "bin/go"), "build", *GO_FLAGS, "-o", str(program), str(FIXTURES / f"{name}.go")]
    subprocess.run(command, check=True, env=environment)
    return Artifact((str(program),), target, (program,))


def _told(run: Run, arguments: int) -> dict[str, int]:
    """Return the calls by the values of their arguments, which are the innermost frames."""
    rows = (line.rpartition(" ") for line in run.folded.splitlines())
    return {";".join(stack.split(";")[-arguments:]): int(count) for stack, _, count in rows}


def _values(run: Run, precision: Precision) -> dict[str, float]:
    return {s.metric: s.value for s in run.samples if s.provenance.precision is precision}


def test_counts_repeat_and_page_faults_are_the_pages_touched(guest: QemuSystem, tmp_path: Path) -> None:
    touch, churn = (_build(guest.target, name, tmp_path) for name in ("touch", "churn"))

    touched = guest.execute(Job(touch, (f"--pages={PAGES}",), exact_loops=1))
    assert touched.outcome is Outcome.OK
    assert _values(touched, Precision.EXACT)["page_faults"] * PAGES == PAGES
    known = [sample.metric for sample in touched.samples] + [missing.metric for missing in touched.missing]
    assert sorted(known) == sorted(METRICS)

    once, again = (guest.execute(Job(churn, ("--size=64",), exact_loops=2)) for _ in range(2))
    assert (once.outcome, again.outcome) == (Outcome.OK, Outcome.OK)
    assert _values(once, Precision.EXACT).keys() == {"instructions", "page_faults"}
    assert _values(once, Precision.EXACT) == _values(again, Precision.EXACT)
    assert _values(once, Precision.EXACT)["instructions"] > 10

    recorded = guest.execute(Job(touch, (f"--pages={PAGES}",), exact_loops=1, record="page-faults"))
    in_main = [line for line in recorded.folded.splitlines() if line.rpartition(" ")[0].endswith(";main")]
    assert sum(int(line.rpartition(" ")[2]) for line in in_main) >= PAGES, recorded


def test_a_crash_has_its_time_line_by_the_guests_own_tracepoints(guest: QemuSystem, tmp_path: Path) -> None:
    touch = _build(guest.target, "touch", tmp_path)
    crashed = guest.execute(Job(touch, ("--mode=segv",), exact_loops=1, record=TIMELINE))
    assert crashed.crash is not None
    assert (crashed.outcome, crashed.crash.signal) == (Outcome.CRASHED, "SIGSEGV")
    assert crashed.crash.fault_address == 0x10
    assert crashed.crash.faults[-1].startswith("0x10 in main")
    begin, *_, end = [event for event in crashed.events if event.kind is not EventKind.FAULT]
    (fatal,) = [event for event in crashed.events if event.address == 0x10]
    assert (begin.kind, end.detail) == (EventKind.BEGIN, "SIGSEGV ends it")
    assert begin.at < fatal.at < end.at


@pytest.mark.parametrize("guest", ["arm64"], indirect=True)
def test_a_32_bit_program_is_counted_and_told_by_a_64_bit_kernel(guest: QemuSystem, tmp_path: Path) -> None:
    """AArch32 at EL0, as on a board of target armv7 whose kernel is arm64; Debian's executes both."""
    guest = _of_target(guest, Target("armv7", "musl"))
    touch, churn = (_build(guest.target, name, tmp_path) for name in ("touch", "churn"))

    touched = guest.execute(Job(touch, (f"--pages={PAGES}",), exact_loops=1))
    assert _values(touched, Precision.EXACT)["page_faults"] * PAGES == PAGES

    job = Job(churn, ("--size=64",), exact_loops=2)
    counted = _values(guest.execute(job), Precision.EXACT)["instructions"]
    emulated = QemuUser(guest.target)
    if not emulated.unavailable():
        # Interrupts add 70 of a million at most, and four digits are kept.
        same = pytest.approx(counted, rel=0.001)
        assert _values(emulated.execute(job), Precision.EXACT)["instructions"] == same

    # Its callers are not known: no frame is made up.
    recorded = guest.execute(Job(touch, (f"--pages={PAGES}",), exact_loops=1, record="page-faults"))
    assert f"touch;main {PAGES}" in recorded.folded.splitlines(), recorded
    assert all(line.count(";") == 1 for line in recorded.folded.splitlines()), recorded

    crashed = guest.execute(Job(touch, ("--mode=segv",), exact_loops=1))
    assert crashed.crash is not None
    assert (crashed.crash.signal, crashed.crash.fault_address) == ("SIGSEGV", 0x10)


def test_calls_are_counted_and_arguments_read_from_the_registers_of_the_architecture(
    guest: QemuSystem, tmp_path: Path
) -> None:
    calls = 600
    sizes = _build(guest.target, "sizes", tmp_path)
    run = guest.execute(Job(sizes, (f"--calls={calls}",), exact_loops=1, record="probe:malloc(size)"))
    assert run.facts["calls"] == f"{calls}", run
    assert _told(run, 1) == {"size=24": calls * 2 // 3, "size=4096": calls // 3}


def test_arguments_of_a_go_function_are_read_from_the_registers_that_go_hands_them_over_in(
    guest: QemuSystem, tmp_path: Path
) -> None:
    calls = 300
    event = "probe:main.observed(first,second,_,_,_,_,_,_,ninth)"
    program = _build_go(guest.target, "observed", tmp_path)
    run = guest.execute(Job(program, (f"--calls={calls}",), exact_loops=1, threads=True, record=event))
    assert run.facts["calls"] == f"{calls}", run
    assert _told(run, 3) == {
        "first=11;second=20;ninth=90": calls // 2,
        "first=11;second=21;ninth=91": calls // 2,
    }
