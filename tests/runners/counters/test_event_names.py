"""Names that articles write and no perf knows, and what is meant by them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from pagewalk.errors import ConfigError, Unavailable
from runners.counters.events.names import asked_as, unknown_event
from runners.counters.events.table import known_events
from runners.counters.perf import recordable
from runners.counters.perf.recordable import require_recordable, unsampled

PROCESSORS = known_events().processors

needs_perf = pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf")


@pytest.mark.parametrize(
    ("name", "processor", "right"),
    [
        ("arm64-tlb-miss", "arm-neoverse", "--event l1d_tlb_refill"),
        ("arm64-tlb-miss", "arm-neoverse", "--event dtlb_walk"),
        ("ARM64_TLB_MISS", "arm-cortex-a72", "--event l1d_tlb_refill"),
        ("arm64-tlb-miss", "intel-skylake", "On arm64 with PMUv3: L1 dTLB misses: --event l1d_tlb_refill"),
        ("tlb-misses", "intel-skylake", "--event dtlb_load_misses.walk_completed"),
        ("dtlb_misses", "amd-zen3", "--event ls_l1_d_tlb_miss.all"),
        ("page_faults", "any", "Did you mean page-faults"),
        (
            "arm64-tlb-miss",
            "spacemit-x60",
            "--event dtlb_load_miss or dtlb_store_miss; L2 TLB misses: --event jtlb_miss",
        ),
        ("dtlb-misses", "intel-gracemont", "none, since Intel's list for Alder Lake-N"),
        ("pagefaults", "any", "--event page-faults"),
        ("page-walks", "riscv64", "none, since no event of the kernel's own"),
        ("l2-misses", "sifive-u74", "none, since the U74's counters see nothing"),
        ("dTLB-load-mises", "x86_64", "Did you mean dTLB-load-misses"),
    ],
)
def test_the_error_names_the_right_event(name: str, processor: str, right: str) -> None:
    error = unknown_event(name, PROCESSORS[processor])
    assert f"no perf event {name!r}" in error.message
    assert right in error.remedy


def test_a_name_of_the_manual_is_asked_for_by_its_number() -> None:
    skylake = PROCESSORS["intel-skylake"]
    assert asked_as("dtlb_load_misses.walk_completed", skylake) == "r0e08"
    assert asked_as("dtlb_load_misses.walk_completed:u", skylake) == "r0e08:u"
    assert asked_as("exceptions:page_fault_user", skylake) == "exceptions:page_fault_user"


def test_no_misnomer_is_the_name_of_a_real_event() -> None:
    real = {event.name for p in PROCESSORS.values() for c in p.counted for event in c.all}
    assert real.isdisjoint(known_events().misnomers)


def test_a_pmu_that_counts_and_cannot_sample_is_told_with_what_counts() -> None:
    said = (
        "Error:\ndTLB-load-misses: PMU Hardware doesn't support sampling/overflow-interrupts. Try 'perf stat'"
    )
    error = unsampled("dTLB-load-misses", said, PROCESSORS["riscv64"])
    assert "without Sscofpmf" in error.message
    assert "`pagewalk run` counts L1 dTLB misses" in error.remedy


def test_without_perf_nothing_can_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    recordable._problem.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="perf is not installed"):
        require_recordable("page-faults")
    recordable._problem.cache_clear()


@needs_perf
def test_real_perf_is_asked_and_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ConfigError, match="no perf event 'arm64-tlb-miss'"):
        require_recordable("arm64-tlb-miss")
    with pytest.raises(ConfigError) as error:
        require_recordable("page-fualts")
    assert "page-faults" in error.value.remedy
    require_recordable("page-faults")


@pytest.mark.parametrize(
    ("event", "line", "typed"),
    [
        ("context-switches", "0,,context-switches:u,1124476,100.00,,", "perf_event_paranoid=1"),
        ("cpu-migrations", "0,,cpu-migrations:u,908231,100.00,,", "perf_event_paranoid=1"),
        ("sched:sched_switch", "0,,sched:sched_switchu,1196911,100.00,,", "perf_event_paranoid=-1"),
        ("sched:sched_switch", "0,,sched:sched_switch:u,1196911,100.00,,", "perf_event_paranoid=-1"),
    ],
)
def test_what_happens_in_the_kernel_is_refused_where_perf_leaves_it_out(
    monkeypatch: pytest.MonkeyPatch, event: str, line: str, typed: str
) -> None:
    """The lines are what perf 6.1 says without CAP_PERFMON at kernel.perf_event_paranoid=2."""
    with played(monkeypatch, line), pytest.raises(Unavailable, match="happens in the kernel") as error:
        require_recordable(event)
    assert typed in error.value.remedy


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ("page-faults", "46,,page-faults:u,1320925,100.00,,"),
        ("context-switches", "0,,context-switches,1124476,100.00,,"),
        ("sched:sched_switch", "0,,sched:sched_switch,1196911,100.00,,"),
    ],
)
def test_what_perf_leaves_nothing_out_of_can_be_recorded(
    monkeypatch: pytest.MonkeyPatch, event: str, line: str
) -> None:
    with played(monkeypatch, line):
        require_recordable(event)


@contextmanager
def played(monkeypatch: pytest.MonkeyPatch, line: str) -> Iterator[None]:
    """Have a perf whose `stat` says one line, and which cannot record."""

    def perf(*arguments: str, patience: float = 60.0) -> CompletedProcess[str]:
        return CompletedProcess(arguments, int(arguments[0] != "stat"), stdout="", stderr=f"{line}\n")

    recordable._problem.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/perf")
    monkeypatch.setattr(recordable, "ask_perf", perf)
    try:
        yield
    finally:
        recordable._problem.cache_clear()


@needs_perf
def test_an_event_without_a_pmu_is_unavailable_before_anything_is_built() -> None:
    if any((Path("/sys/bus/event_source/devices") / name).exists() for name in ("cpu", "cpu_core")):
        pytest.skip("this machine has a PMU")
    with pytest.raises(Unavailable, match="no PMU event dTLB-load-misses"):
        require_recordable("dTLB-load-misses")
