"""The plugin in real emulators: what known guests do is what it counts."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from guests import FIXTURES, ZIG, Build, Counting, numbers, sources

from pagewalk.model import Artifact, Job, Missing, Precision, Sample, Target
from pagewalk.protocols import Region
from runners.counters.memsim import EMULATORS, Memsim
from runners.counters.memsim_session import REPLACED
from runners.memsim.geometries import LINE_BYTES, REFERENCES, Structure, known_cores, load_geometry

pytestmark = pytest.mark.slow

GUEST = FIXTURES / "memsim_guest.c"
MARKS = 30  # data accesses, and lines touched at most, of the two system calls that are the marks


@pytest.fixture(params=ZIG)
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chase(architecture: str, build: Build, counting: Counting) -> Counting:
    """Count a chase of benchmarks/native per step; of 65,536 steps at least, so that marks weigh nothing."""

    def run(workload: str, argument: str, *more: str, core: str = "", loops: int = 1) -> Mapping[str, float]:
        program = build(architecture, *sources(workload))
        arguments = (argument, *more, f"--loops={loops}")
        return numbers(counting(Memsim(architecture, core), architecture, program, *arguments))

    return run


def misses(shape: Structure, unit: int, steps: int) -> float:
    """Return the misses per step of a cyclic chase over as many neighbouring lines or pages.

    They fall evenly on the sets; under LRU a set misses always if it has to hold more than its ways, and
    never otherwise.
    """
    sets = shape.size // unit // shape.ways
    each, over = divmod(steps, sets)
    held = [each + 1] * over + [each] * (sets - over)
    return sum(number for number in held if number > shape.ways) / steps


def knees(shape: Structure, unit: int) -> tuple[int, int]:
    """Return lengths of chases just below and above what a structure holds.

    Below, as much is left free as the rest of the workload needs: a way of each set, or some entries.
    """
    sets = shape.size // unit // shape.ways
    below = sets * (shape.ways - 1) if sets > 1 else shape.ways - 8
    return below or sets * 3 // 4, sets * (shape.ways + 1)


EVERYWHERE = [(name, core) for name in REFERENCES for core in ("", *known_cores(name))]


@pytest.mark.parametrize(("architecture", "core"), EVERYWHERE, indirect=["architecture"])
def test_a_chase_misses_as_often_as_the_closed_form_says(
    chase: Counting, architecture: str, core: str
) -> None:
    geometry = load_geometry(architecture, core)
    for pages in (*knees(geometry.dtlb, 1), *knees(geometry.stlb, 1)):
        found = chase("chase_pages", f"--pages={pages}", "--huge=0", core=core)
        dtlb, stlb = (misses(shape, 1, pages) for shape in (geometry.dtlb, geometry.stlb))
        assert found["dtlb_misses"] == pytest.approx(dtlb, abs=0.001), pages
        assert found["stlb_misses"] == pytest.approx(dtlb * stlb, abs=0.001), pages
        # the tables above the last one are few, and all of them in the walk cache
        assert found["walk_loads"] == pytest.approx(found["stlb_misses"], abs=0.001), pages
    for lines in (*knees(geometry.l1d, LINE_BYTES), *knees(geometry.l2, LINE_BYTES)):
        found = chase("chase_lines", f"--lines={lines}", core=core)
        l1d, l2 = (misses(shape, LINE_BYTES, lines) for shape in (geometry.l1d, geometry.l2))
        assert found["l1d_misses"] == pytest.approx(l1d, abs=0.001), lines
        assert found["l2_misses"] == pytest.approx(l1d * l2, abs=0.001), lines


@pytest.mark.parametrize("pages", [80, 1664, 16384])
def test_huge_pages_leave_no_knee_of_the_tlbs(chase: Counting, pages: int) -> None:
    found = chase("chase_pages", f"--pages={pages}", "--huge=1")
    assert found["dtlb_misses"] == pytest.approx(0, abs=0.001)
    assert found["stlb_misses"] == pytest.approx(0, abs=0.001)


def test_a_chase_that_fills_the_l1d_to_the_last_line_misses_only_what_the_marks_drive_out(
    chase: Counting,
) -> None:
    assert chase("chase_lines", "--lines=512", loops=4)["l1d_misses"] == pytest.approx(0.001, abs=0.001)


def test_five_executions_count_the_same_to_the_last_one(
    architecture: str, build: Build, counting: Counting
) -> None:
    program = build(architecture, *sources("churn"))
    source = Memsim(architecture)
    runs = [numbers(counting(source, architecture, program, "--loops=5")) for _ in range(5)]
    assert runs[1:] == runs[:1] * 4
    assert all(runs[0][metric] > 0 for metric in ("instructions", "l1d_misses"))


def test_counting_instructions_only_counts_the_same_instructions(
    architecture: str, build: Build, counting: Counting
) -> None:
    program = build(architecture, *sources("churn"))
    only = numbers(counting(Memsim(architecture, instructions_only=True), architecture, program, "--loops=5"))
    full = numbers(counting(Memsim(architecture), architecture, program, "--loops=5"))
    assert only == {"instructions": full["instructions"]}


def test_each_cold_line_is_one_miss_and_each_warm_one_is_none(
    architecture: str, build: Build, counting: Counting
) -> None:
    program = build(architecture, GUEST)
    cold = numbers(counting(Memsim(architecture), architecture, program, "lines", "20000"))
    warm = numbers(counting(Memsim(architecture), architecture, program, "again", "400"))
    assert 20000 <= cold["l1d_misses"] <= 20000 + MARKS
    assert 20000 <= cold["l2_misses"] <= 20000 + MARKS
    assert 20000 // 64 <= cold["dtlb_misses"] <= 20000 // 64 + MARKS
    assert warm["l1d_misses"] <= MARKS


def test_pages_that_were_unmapped_and_mapped_again_miss_again(
    architecture: str, build: Build, counting: Counting
) -> None:
    found = numbers(
        counting(Memsim(architecture), architecture, build(architecture, GUEST), "unmapped", "32")
    )
    assert 32 <= found["dtlb_misses"] <= 32 + MARKS
    assert 32 <= found["stlb_misses"] <= 32 + MARKS


def test_code_that_is_written_anew_counts_the_same_each_time(
    architecture: str, build: Build, counting: Counting
) -> None:
    program = build(architecture, GUEST)
    source = Memsim(architecture)
    counts = [numbers(counting(source, architecture, program, "rewrite", str(n * 200))) for n in (1, 2, 3)]
    first, second, third = (found["instructions"] for found in counts)
    assert third - second == second - first > 200 * 5
    assert max(found["l1d_misses"] for found in counts) <= MARKS


def test_no_instruction_of_a_thread_is_lost(architecture: str, build: Build, counting: Counting) -> None:
    program = build(architecture, GUEST)
    one, four = (
        counting(Memsim(architecture), architecture, program, "threads", threads, threads=True)
        for threads in ("1", "4")
    )
    assert numbers(four)["instructions"] == pytest.approx(4 * numbers(one)["instructions"], rel=0.01)
    assert {value.provenance.precision for value in four.values() if isinstance(value, Sample)} == {
        Precision.SAMPLED
    }


def test_threads_that_the_job_does_not_know_of_are_found_out(
    architecture: str, build: Build, counting: Counting
) -> None:
    found = counting(Memsim(architecture), architecture, build(architecture, GUEST), "threads", "2")
    assert {value.reason.split(";")[0] for value in found.values() if isinstance(value, Missing)} == {
        "the workload started threads, which its job says it does not"
    }


def test_the_region_of_a_guest_is_not_taken_for_that_of_the_program_it_executes_next(
    architecture: str, build: Build, counting: Counting
) -> None:
    found = counting(Memsim(architecture), architecture, build(architecture, GUEST), "replace", "5000")
    assert {value.reason for value in found.values() if isinstance(value, Missing)} == {REPLACED}
    assert all(isinstance(value, Missing) for value in found.values())


@pytest.mark.parametrize("what", ["close", "fork", "spawn", "unreplaced"])
def test_a_guest_that_closes_everything_moves_forks_spawns_or_fails_to_execute_is_counted_all_the_same(
    architecture: str, build: Build, counting: Counting, what: str
) -> None:
    found = numbers(counting(Memsim(architecture), architecture, build(architecture, GUEST), what, "5000"))
    assert 5000 <= found["l1d_misses"] <= 5000 + MARKS


def test_a_guest_that_dies_keeps_the_region_that_ended_before(
    architecture: str, build: Build, tmp_path: Path
) -> None:
    emulator = shutil.which(EMULATORS[architecture])
    if emulator is None:
        pytest.skip(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
    program = str(build(architecture, GUEST))
    session = Memsim(architecture).open(tmp_path, Job(Artifact((program,), Target(architecture)), (), 1))
    done = subprocess.run(
        session.wrap([emulator, program, "crash", "5000"]), capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == -11
    found = {value.metric: value for value in session.parse([Region("whole", 1, 1.0)])}
    assert 5000 <= numbers(found)["l1d_misses"] <= 5000 + MARKS
    assert '"end"' not in (tmp_path / "memsim.jsonl").read_text()


def test_blocks_that_arm64_zeroes_unseen_are_owned_up_to(build: Build, counting: Counting) -> None:
    """QEMU hides the stores of DC ZVA from plugins: the count is low, and says so."""
    program = build("arm64", GUEST)
    found = counting(Memsim("arm64"), "arm64", program, "zero", "20000")["l1d_misses"]
    assert isinstance(found, Sample)
    assert found.value < 20000
    assert found.provenance.source.endswith("DC ZVA not seen")
