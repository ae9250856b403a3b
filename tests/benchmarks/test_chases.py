"""The pointer chases: one cycle over all cells, whole rounds, no page fault in the region."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import faults, run

Native = Callable[[str], Path]
LEAST_STEPS = 1 << 16
COUNTS = [("pages", 1), *itertools.product(["pages", "lines"], [2, 3, 64, 1000, 65_537])]


@pytest.mark.parametrize(("what", "count"), COUNTS)
def test_a_loop_is_whole_rounds_over_all_cells(native: Native, what: str, count: int) -> None:
    said = run(native(f"chase_{what}"), f"--{what}={count}", "--loops=3")
    rounds = -(-LEAST_STEPS // count)
    assert said.the("region")["operations"] == 3 * rounds * count
    assert said.the("check") == {"cycle": count, "back_at_start": True}


@pytest.mark.parametrize("what", ["pages", "lines"])
def test_every_seed_gives_one_cycle_over_all_cells(native: Native, what: str) -> None:
    for seed in (0, 1, 2, (1 << 63) - 1):
        said = run(native(f"chase_{what}"), f"--{what}=500", f"--seed={seed}", "--loops=1")
        assert said.the("check") == {"cycle": 500, "back_at_start": True}


def test_each_small_page_is_faulted_in_once(native: Native) -> None:
    program = native("chase_pages")
    few, many = (faults(program, f"--pages={pages}", "--huge=0", "--loops=1") for pages in (1024, 5120))
    assert many - few == pytest.approx(4096, abs=40)


def test_no_page_is_faulted_in_by_the_region(native: Native) -> None:
    program = native("chase_pages")
    once, often = (faults(program, "--pages=4096", "--huge=0", f"--loops={loops}") for loops in (1, 40))
    assert often == pytest.approx(once, abs=20)


def test_huge_pages_are_faulted_in_by_two_mebibytes(native: Native) -> None:
    enabled = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not enabled.exists() or "[never]" in enabled.read_text():
        pytest.skip("this kernel gives no transparent huge pages")
    program = native("chase_pages")
    small, huge = (faults(program, "--pages=8192", f"--huge={huge}", "--loops=1") for huge in (0, 1))
    # Memory may be too fragmented for some of the sixteen, never to be told by the workload.
    assert huge < small - 4096
