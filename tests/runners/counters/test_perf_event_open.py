"""Counting with the kernel's counters: real ones where this machine has them."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.model import Artifact, Job, Missing, Origin, Precision, Provenance, Run, Sample, Target
from runners.counters import perf_event_open, perf_syscall
from runners.counters.events.kernel import Event
from runners.counters.events.table import Counted, known_events
from runners.counters.perf_event_open import PerfEventOpen, refusal, summed
from runners.counters.perf_syscall import Reading

Execute = Callable[..., Run]

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)
PROCESSORS = known_events().processors
FAULTS = next(c for c in PROCESSORS["any"].counted if c.metric == "page_faults")
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
    assert said in refusal(code, FAULTS.events[0], True, tmp_path / "paranoid")


def test_where_the_kernel_may_not_be_counted_the_provenance_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def picky(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
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


def play(monkeypatch: pytest.MonkeyPatch, has: Callable[[Event], bool]) -> list[tuple[str, int, int]]:
    """Play a kernel with a PMU: none is here. Returns what is opened: name, descriptor, leader."""
    opened: list[tuple[str, int, int]] = []

    def kernel(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
        if not has(event):
            raise FileNotFoundError(errno.ENOENT, "no such event")
        descriptor = os.open(os.devnull, os.O_RDONLY)
        opened.append((event.name, descriptor, leader))
        return descriptor

    monkeypatch.setattr(perf_syscall, "open_event", kernel)
    return opened


def test_a_store_event_is_added_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = []
    for has in (lambda event: "store" not in event.name, lambda _: True):
        play(monkeypatch, has)
        found = PerfEventOpen(PROCESSORS["riscv64"]).availability()["dtlb_misses"]
        assert isinstance(found, Provenance)
        sources.append((found.origin, found.source))
    assert sources == [
        (Origin.HARDWARE, "perf_event_open dTLB-load-misses"),
        (Origin.HARDWARE, "perf_event_open dTLB-load-misses+dTLB-store-misses"),
    ]


def test_a_sum_lacks_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, lambda event: event.name != "dtlb_store_misses.walk_completed")
    found = PerfEventOpen(PROCESSORS["intel-skylake"]).availability()
    for metric in ("dtlb_misses", "stlb_misses"):
        value = found[metric]
        assert isinstance(value, Missing)
        assert "dtlb_store_misses.walk_completed" in value.reason
    assert isinstance(found["walk_cycles"], Provenance)


def test_with_two_kinds_of_core_only_the_kernels_events_are_counted_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    play(monkeypatch, lambda _: True)
    monkeypatch.setattr(perf_event_open, "core_pmus", lambda: ("armv8_cortex_a55", "armv8_cortex_a76"))
    found = PerfEventOpen(PROCESSORS["riscv64"]).availability()
    assert isinstance(found["page_faults"], Provenance)
    cycles = found["cycles"]
    assert isinstance(cycles, Missing)
    assert "here are armv8_cortex_a55 and armv8_cortex_a76" in cycles.reason


def test_each_event_is_opened_once_behind_the_leader_of_its_group(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(perf_event_open, "counters_taken", lambda: 0)
    opened = play(monkeypatch, lambda _: True)
    session = PerfEventOpen(PROCESSORS["intel-skylake"]).open(tmp_path, JOB)
    opened.clear()
    session.attach(1)
    names = [name for name, _, _ in opened]
    assert len(set(names)) == len(names)
    leaders = {name: leader for name, _, leader in opened}
    descriptors = {name: descriptor for name, descriptor, _ in opened}
    first = descriptors["dtlb_load_misses.stlb_hit"]
    assert leaders["dtlb_load_misses.stlb_hit"] == leaders["page-faults"] == leaders["cycles"] == -1
    assert {leaders[n] for n in names if n.startswith("dtlb_store_misses.w") and "active" not in n} == {first}


def test_a_pmu_without_groups_counts_each_event_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_groups(event: Event, pid: int, user_only: bool, leader: int = -1) -> int:
        if leader != -1:
            raise OSError(errno.EINVAL, "no groups")
        return os.open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(perf_syscall, "open_event", no_groups)
    PerfEventOpen(PROCESSORS["sifive-u74"]).open(tmp_path, JOB).attach(1)


def test_real_events_in_a_group_count_as_they_do_alone(
    execute_command: Execute, workload: Path, tmp_path: Path, source: PerfEventOpen
) -> None:
    """Software events: they can be grouped as well, and show that a group switches on and off whole."""
    faults = tuple(perf_event_open.KERNEL_EVENTS[name] for name in ("page-faults", "minor-faults"))
    metrics = dict(source._plan().metrics)
    usable = metrics["page_faults"]
    assert not isinstance(usable, Missing)
    metrics["alignment_faults"] = perf_event_open._Usable(
        Counted("alignment_faults", faults[1:]), faults[1:], usable.user_only
    )
    kept = {name: metrics[name] for name in ("page_faults", "alignment_faults")}
    plan = perf_event_open._Plan(kept, (faults,), frozenset())
    run = execute_command(workload, "--pages=500", sessions=(perf_event_open.PerfEventSession(plan),))
    assert values(run) == {"page_faults": 1.0, "alignment_faults": 1.0}


def test_every_probe_is_a_real_opening() -> None:
    """An event that no kernel has is refused as one that this machine lacks."""
    nonsense = Counted("page_faults", (Event("nonsense", 1, 9999),))
    assert isinstance(perf_event_open.probe(nonsense, PROCESSORS["any"]), Missing)
