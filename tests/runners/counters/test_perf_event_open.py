"""Counting with the kernel's counters: real ones where this machine has them."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.model import Artifact, Job, Missing, Origin, Precision, Provenance, Run, Sample, Target
from runners.counters import perf_event_open, perf_syscall
from runners.counters.generic_events import COUNTED, Counted, last_cache_level
from runners.counters.perf_event_open import PerfEventOpen, refusal, summed
from runners.counters.perf_syscall import Event, Reading

Execute = Callable[..., Run]

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)
BY_METRIC = {counted.metric: counted for counted in COUNTED}
FAULTS = BY_METRIC["page_faults"]
PROVENANCE = Provenance(Origin.KERNEL, Precision.SAMPLED, "a test")


def values(run: Run) -> dict[str, float]:
    return {sample.metric: sample.value for sample in run.samples}


@pytest.fixture
def source() -> PerfEventOpen:
    found = PerfEventOpen()
    faults = found.availability()["page_faults"]
    if isinstance(faults, Missing):
        pytest.skip(faults.reason)
    return found


@pytest.mark.parametrize("pages", [1, 64, 5000])
def test_page_faults_are_exact_and_agree_with_getrusage_to_the_count(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen, pages: int
) -> None:
    run = execute_command(workload, f"--pages={pages}", sessions=(source.open(tmp_path, JOB),))
    assert values(run)["page_faults"] == 1.0
    assert run.facts["check.faults"] == str(pages)


def test_faults_of_threads_started_before_the_region_are_counted(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen
) -> None:
    """As in Go, whose threads run before the region begins: `enable` must reach their inherited counters."""
    session = source.open(tmp_path, JOB)
    run = execute_command(workload, "--pages=1000", "--threads=8", sessions=(session,))
    # Each thread may take a fault of its own on its stack or on glibc's barrier.
    assert 8000 <= round(values(run)["page_faults"] * 8000) <= 8016


def test_nothing_outside_the_region_is_counted(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen
) -> None:
    run = execute_command(workload, "--pages=1", sessions=(source.open(tmp_path, JOB),))
    assert values(run)["page_faults"] < float(run.facts["check.faults_ever"])
    assert values(run)["task_clock"] < 0.05


def test_a_workload_without_marks_has_missing_counts_not_zeros(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen
) -> None:
    run = execute_command(workload, "--mode=no-marks", sessions=(source.open(tmp_path, JOB),))
    assert values(run) == {}
    reasons = {missing.metric: missing.reason for missing in run.missing}
    assert reasons["page_faults"] == "the workload marked no region of interest"


def test_what_is_missing_on_this_machine_says_why() -> None:
    for value in PerfEventOpen().availability().values():
        if isinstance(value, Missing):
            assert value.reason
        else:
            assert value.source.startswith("perf_event_open ")


def test_the_second_level_tlb_has_no_generic_event() -> None:
    found = PerfEventOpen().availability()["stlb_misses"]
    assert isinstance(found, Missing)
    assert "raw event" in found.reason


def test_the_last_level_cache_is_the_second_one_only_where_sysfs_says_so(tmp_path: Path) -> None:
    assert last_cache_level(tmp_path) is None
    for index, level in enumerate((1, 1, 2)):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "level").write_text(f"{level}\n")
    assert last_cache_level(tmp_path) == 2


def test_counters_of_a_run_that_was_never_parsed_are_closed(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen
) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    execute_command(workload, "--mode=segv", sessions=(source.open(tmp_path, JOB),))
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208


def test_an_event_that_ran_part_of_the_time_is_scaled_and_says_its_share() -> None:
    found = summed(FAULTS, PROVENANCE, [Reading(30, 1000, 250), Reading(10, 1000, 1000)], operations=10)
    assert isinstance(found, Sample)
    assert found.value == pytest.approx((30 * 4 + 10) / 10)
    assert found.provenance.share == 0.25


def test_an_event_that_was_never_scheduled_is_missing_not_zero() -> None:
    found = summed(FAULTS, PROVENANCE, [Reading(0, 1000, 0)], operations=10)
    assert isinstance(found, Missing)
    assert "never scheduled" in found.reason


@pytest.mark.parametrize(
    ("code", "level", "said"),
    [
        (errno.ENOENT, "2", "no PMU event page-faults"),
        (errno.EACCES, "4", "kernel.perf_event_paranoid is 4: sudo sysctl kernel.perf_event_paranoid=2"),
        (errno.EPERM, "1", "seccomp"),
        (errno.EPERM, None, "the kernel lacks perf events"),
        (errno.EMFILE, "2", os.strerror(errno.EMFILE)),
    ],
)
def test_a_refusal_names_the_remedy(tmp_path: Path, code: int, level: str | None, said: str) -> None:
    if level is not None:
        (tmp_path / "paranoid").write_text(f"{level}\n")
    assert said in refusal(code, FAULTS, tmp_path / "paranoid")


def test_where_the_kernel_may_not_be_counted_the_provenance_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def picky(event: Event, pid: int, user_only: bool) -> int:
        if not user_only:
            raise PermissionError(errno.EACCES, "refused")
        return os.open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(perf_syscall, "open_event", picky)
    found = PerfEventOpen().availability()
    faults = found["page_faults"]
    assert isinstance(faults, Provenance)
    assert faults.source == "perf_event_open page-faults:u"
    # Switches happen inside the kernel, so that `context-switches:u` is always 0: worse than missing.
    assert isinstance(found["context_switches"], Missing)


def test_a_store_event_is_added_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine with a PMU: none is here, so the kernel's answers are played."""

    def no_stores(event: Event, pid: int, user_only: bool) -> int:
        if "store" in event.name:
            raise FileNotFoundError(errno.ENOENT, "no such event")
        return os.open(os.devnull, os.O_RDONLY)

    def all_of_them(event: Event, pid: int, user_only: bool) -> int:
        return os.open(os.devnull, os.O_RDONLY)

    sources = []
    for kernel in (no_stores, all_of_them):
        monkeypatch.setattr(perf_syscall, "open_event", kernel)
        found = PerfEventOpen().availability()["dtlb_misses"]
        assert isinstance(found, Provenance)
        sources.append(found.source)
    assert sources == [
        "perf_event_open dTLB-load-misses",
        "perf_event_open dTLB-load-misses+dTLB-store-misses",
    ]


def test_the_generic_event_numbers_are_those_of_the_kernels_header() -> None:
    """linux/perf_event.h; hw_cache config = cache | operation << 8 | result << 16."""
    numbers = {event.name: (event.kind, event.config) for c in COUNTED for event in (c.needed, *c.more)}
    assert numbers == {
        "task-clock": (1, 1),
        "page-faults": (1, 2),
        "context-switches": (1, 3),
        "instructions": (0, 1),
        "dTLB-load-misses": (3, 0x10003),
        "dTLB-store-misses": (3, 0x10103),
        "L1-dcache-load-misses": (3, 0x10000),
    }


def test_every_probe_is_a_real_opening() -> None:
    """An event that no kernel has is refused as one that this machine lacks."""
    nonsense = Counted("page_faults", Origin.KERNEL, Event("nonsense", 1, 9999))
    found = perf_event_open._probe(nonsense)
    assert isinstance(found, Missing)
