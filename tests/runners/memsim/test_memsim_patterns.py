"""Workloads of benchmarks/native under the plugin: what they miss is what the closed form of each says."""

from collections.abc import Mapping

import pytest
from guests import Build, Counting, numbers, sources

from runners.counters.memsim import Memsim
from runners.memsim.geometries import LINE_BYTES, load_geometry

pytestmark = pytest.mark.slow

PAGE = 4096
WORD = 8
MARKS = 2e-4  # an operation, at most: what the two system calls of the marks touch and drive out
KIB = 1 << 16
"""Of memory that no level reaches: 16,384 pages, 32 times the L2."""


@pytest.fixture(params=["riscv64", "armv7"])
def count(request: pytest.FixtureRequest, build: Build, counting: Counting) -> Counting:
    """Count a workload per operation."""

    def run(workload: str, *arguments: str) -> Mapping[str, float]:
        architecture = str(request.param)
        program = build(architecture, *sources(workload))
        return numbers(counting(Memsim(architecture), architecture, program, "--loops=4", *arguments))

    return run


def test_a_sequential_walk_misses_once_a_page_and_once_a_line(count: Counting) -> None:
    found = count("walk", "--order=sequential", f"--kib={KIB}")
    assert found["dtlb_misses"] == pytest.approx(WORD / PAGE, abs=MARKS)
    assert found["stlb_misses"] == pytest.approx(WORD / PAGE, abs=MARKS)
    assert found["l1d_misses"] == pytest.approx(WORD / LINE_BYTES, abs=MARKS)
    assert found["l2_misses"] == pytest.approx(WORD / LINE_BYTES, abs=MARKS)


@pytest.mark.parametrize("stride", [256, 1024, 4096, 65536])
def test_a_strided_walk_misses_as_often_as_it_comes_to_another_page(count: Counting, stride: int) -> None:
    found = count("walk", "--order=strided", f"--stride={stride}", f"--kib={KIB}")
    assert found["dtlb_misses"] == pytest.approx(min(1, stride / PAGE), abs=0.001)
    assert found["l1d_misses"] == pytest.approx(1, abs=0.001)


def test_a_random_walk_hits_by_the_share_of_pages_that_a_tlb_holds(count: Counting) -> None:
    """Under independent uniform references every policy holds a random part (King, 1971)."""
    geometry = load_geometry("riscv64", "")
    pages = KIB * 1024 // PAGE
    found = count("walk", "--order=random", f"--kib={KIB}")
    assert found["dtlb_misses"] == pytest.approx(1 - geometry.dtlb.size / pages, abs=0.002)
    assert found["stlb_misses"] == pytest.approx(1 - geometry.stlb.size / pages, abs=0.005)


def test_huge_pages_spare_a_strided_walk_the_tlb(count: Counting) -> None:
    found = count("walk", "--order=strided", f"--kib={KIB}", "--huge=1")
    assert found["dtlb_misses"] == pytest.approx(0, abs=MARKS)


@pytest.mark.parametrize(("pages", "expected"), [(32, 0), (96, 1)])
def test_how_far_apart_pages_lie_changes_nothing_for_the_tlb(
    count: Counting, pages: int, expected: int
) -> None:
    for apart in ("4k", "2m"):
        found = count("far_pages", f"--pages={pages}", f"--apart={apart}")
        assert found["dtlb_misses"] == pytest.approx(expected, abs=0.001), apart


@pytest.mark.parametrize("count", ["riscv64"], indirect=True)
@pytest.mark.parametrize(("apart", "loads"), [("4k", 1), ("2m", 2)])
def test_a_walk_between_far_pages_reads_a_table_entry_more(count: Counting, apart: str, loads: int) -> None:
    """Eight tables of neighbours stay in the walk cache of 32; of a page's own table the entry is gone."""
    found = count("far_pages", "--pages=4096", f"--apart={apart}")
    assert found["stlb_misses"] == pytest.approx(1, abs=0.001)
    # A root entry that 32 walks did not come to is read again: (7/8)^31 of them, 2 in 100.
    assert loads - 0.001 <= found["walk_loads"] <= loads + 0.05


@pytest.mark.parametrize(("how", "expected"), [("munmap", 1), ("mprotect", 0)])
def test_a_page_that_was_unmapped_is_translated_anew(count: Counting, how: str, expected: int) -> None:
    found = count("flush_pages", "--pages=16", f"--how={how}")
    assert found["dtlb_misses"] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("offset", "lines"), [(0, 1), (62, 2)])
def test_an_access_across_two_lines_misses_twice(count: Counting, offset: int, lines: int) -> None:
    found = count("misaligned", f"--offset={offset}", "--stride=128", f"--kib={KIB}")
    assert found["l1d_misses"] == pytest.approx(lines, abs=0.001)


@pytest.mark.parametrize(("offset", "pages"), [(0, 1), (4094, 2)])
def test_an_access_across_two_pages_needs_two_translations(count: Counting, offset: int, pages: int) -> None:
    found = count("misaligned", f"--offset={offset}", "--stride=8192", f"--kib={KIB}")
    assert found["dtlb_misses"] == pytest.approx(pages, abs=0.001)


def test_what_is_forwarded_stays_in_two_lines(count: Counting) -> None:
    assert count("store_forward", "--how=across-lines")["l1d_misses"] == pytest.approx(0, abs=0.001)
