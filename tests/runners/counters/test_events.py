"""The table of events: it is whole, its mistakes are found, and every processor has its own numbers."""

from pathlib import Path

import pytest
from recordings import FIXTURES, cpuinfo

from pagewalk.errors import ConfigError
from pagewalk.metrics import METRICS
from pagewalk.model import Origin
from runners.counters.events.kernel import KERNEL_EVENTS, RAW, Event, event
from runners.counters.events.processor import identities, last_cache_level, with_last_level
from runners.counters.events.table import FILE, known_events, processor_for, read_events

PROCESSORS = known_events().processors
HARDWARE = {
    "cycles",
    "instructions",
    "dtlb_misses",
    "stlb_misses",
    "walk_cycles",
    "itlb_misses",
    "l1d_misses",
    "l2_misses",
    "llc_misses",
    "branch_misses",
}

START = '[[processor]]\nname = "any"\ntitle = "any"\nsource = "here"\n'


@pytest.mark.parametrize("name", PROCESSORS)
def test_every_processor_counts_each_metric_or_says_why_not(name: str) -> None:
    processor = PROCESSORS[name]
    counted = {c.metric for c in processor.counted}
    assert counted.isdisjoint(processor.missing)
    assert counted | processor.missing.keys() == HARDWARE | {
        "task_clock",
        "page_faults",
        "context_switches",
        "alignment_faults",
    }
    assert processor.source
    assert [c.metric for c in processor.counted] == [m for m in METRICS if m in counted]


def test_a_sum_of_events_is_of_hardware_unless_all_are_the_kernels() -> None:
    origins = {c.metric: c.origin for p in PROCESSORS.values() for c in p.counted}
    assert {metric for metric, origin in origins.items() if origin is Origin.HARDWARE} == HARDWARE


def test_the_kernels_numbers_are_those_of_its_header() -> None:
    """linux/perf_event.h; a cache event is cache | operation << 8 | result << 16."""
    numbers = {name: (found.kind, found.config) for name, found in KERNEL_EVENTS.items()}
    assert numbers["cycles"] == (0, 0)
    assert numbers["branch-misses"] == (0, 5)
    assert numbers["page-faults"] == (1, 2)
    assert numbers["alignment-faults"] == (1, 7)
    assert numbers["dTLB-load-misses"] == (3, 0x10003)
    assert numbers["dTLB-store-misses"] == (3, 0x10103)
    assert numbers["LLC-loads"] == (3, 2)
    assert len({(found.kind, found.config) for found in KERNEL_EVENTS.values()}) == len(KERNEL_EVENTS)


def test_a_raw_event_is_asked_for_by_number_and_told_by_name() -> None:
    walks = event("dtlb_load_misses.walk_completed=r0e08")
    assert walks == Event("dtlb_load_misses.walk_completed", RAW, 0x0E08)
    assert walks is not None
    assert walks.asked == "r0e08"
    assert event("arm64-tlb-miss") is None


@pytest.mark.parametrize("name", [path.stem for path in sorted((FIXTURES / "cpuinfo").glob("*.txt"))])
def test_a_processor_is_known_by_what_cpuinfo_says(name: str) -> None:
    architecture = {"arm": "arm64", "sif": "riscv64", "spa": "riscv64", "the": "riscv64"}.get(
        name[:3], "x86_64"
    )
    assert processor_for(architecture, identities(cpuinfo(name))).name == name


@pytest.mark.parametrize(
    ("family", "model", "name"),
    [
        (23, 0x01, "amd-zen1"),
        (23, 0x2F, "amd-zen1"),
        (23, 0x31, "amd-zen2"),
        (23, 0xA0, "amd-zen2"),
        (25, 0x01, "amd-zen3"),
        (25, 0x0F, "amd-zen3"),
        (25, 0x10, "amd-zen4"),
        (25, 0x21, "amd-zen3"),
        (25, 0x50, "amd-zen3"),
        (25, 0x5F, "amd-zen3"),
        (25, 0x60, "amd-zen4"),
        (25, 0x78, "amd-zen4"),
        (26, 0x44, "amd-zen4"),
    ],
)
def test_the_models_of_a_family_of_amds_are_told_apart_as_perf_does(
    family: int, model: int, name: str
) -> None:
    """tools/perf/pmu-events/arch/x86/mapfile.csv of Linux 6.12; 0x78 is a Zen 4 (Phoenix)."""
    assert processor_for("x86_64", (f"AuthenticAMD {family} {model}",)).name == name


def test_an_identity_that_two_processors_match_is_the_firsts() -> None:
    """Only AMD's families rely on it: elsewhere two entries for one model would be a mistake."""
    known = PROCESSORS.values()
    for processor in known:
        plain = [pattern for pattern in processor.match if not set(pattern) & set("*?[")]
        for identity in plain:
            assert [p.name for p in known if p.matches(identity)] == [processor.name]


def test_two_kinds_of_core_share_only_what_their_architecture_has() -> None:
    both = cpuinfo("arm-neoverse") + "\n" + cpuinfo("arm-cortex-a72")
    assert identities(both) == ("0x41 0xd0c", "0x41 0xd08")
    assert processor_for("arm64", identities(both)).name == "arm64"


def test_an_older_riscv_kernel_tells_the_core_by_its_device_tree() -> None:
    old = "".join(line for line in cpuinfo("sifive-u74").splitlines(True) if not line.startswith("m"))
    assert identities(old) == ("sifive,u74-mc",)
    assert processor_for("riscv64", identities(old)).name == "sifive-u74"


@pytest.mark.parametrize(
    ("architecture", "name"),
    [("x86_64", "x86_64"), ("arm64", "arm64"), ("riscv64", "riscv64"), ("armv7", "any"), ("s390x", "any")],
)
def test_an_unknown_model_has_what_its_architecture_has(architecture: str, name: str) -> None:
    assert processor_for(architecture, ("Nobody 1 2",)).name == name
    assert processor_for(architecture, ()).name == name


def test_the_generic_tlb_event_of_x86_counts_its_second_level() -> None:
    """arch/x86/events/intel/core.c, skl_hw_cache_event_ids: DTLB misses are 0xe08, walk_completed."""
    generic = {c.metric: c for c in PROCESSORS["x86_64"].counted}
    assert [e.name for e in generic["stlb_misses"].all] == ["dTLB-load-misses", "dTLB-store-misses"]
    assert "dtlb_misses" not in generic
    assert "raw event" in PROCESSORS["x86_64"].missing["dtlb_misses"]


def test_the_last_cache_is_the_second_one_only_where_sysfs_says_so(tmp_path: Path) -> None:
    assert last_cache_level(tmp_path) is None
    for index, level in enumerate((1, 1, 2)):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "level").write_text(f"{level}\n")
    assert last_cache_level(tmp_path) == 2
    board = with_last_level(PROCESSORS["riscv64"], 2)
    assert {c.metric: c.events for c in board.counted}["l2_misses"] == (KERNEL_EVENTS["LLC-load-misses"],)
    assert "l2_misses" not in board.missing
    assert with_last_level(PROCESSORS["riscv64"], 3) == PROCESSORS["riscv64"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (START + "counter = 4\n", 5, "unknown key 'counter'"),
        (START + 'base = "amd"\n', 5, "base = 'amd' is no processor above"),
        (START + "counters = -1\n", 5, "counters = -1 is below 0"),
        (START + 'listed = "yes"\n', 5, "neither true nor false"),
        (START + '[processor.metrics]\ncycles = ["arm64-cycles"]\n', 6, "'arm64-cycles' is no event"),
        (START + '[processor.metrics]\ncycles = ["c=rxyz"]\n', 6, "is no event"),
        (START + '[processor.metrics]\ncycels = ["cycles"]\n', 6, "unknown key 'cycels'"),
        (START + '[processor.metrics]\ncycles = ["?cycles"]\n', 6, "needs no event at all"),
        (START + "[processor.missing]\ncycles = 3\n", 6, "is not a string"),
        (START + START, 6, "is there twice"),
        (START.replace('"any"', '"other"', 1), 1, "no processor 'any'"),
        (START + '[[misnomer]]\nmetrics = ["tlb"]\nnames = ["x"]\n', 6, "'tlb' is no metric"),
    ],
)
def test_a_mistake_in_the_table_is_found_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    file = tmp_path / "events.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        read_events(file)
    assert error.value.message.startswith(f"{file}:{line}: ")
    assert said in error.value.message
    assert error.value.remedy


def test_the_table_is_installed_with_the_package() -> None:
    assert FILE.is_file()
