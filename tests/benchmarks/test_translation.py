"""Walks, far pages, flushes and copies: where the loads went, and how often the kernel had to help."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import faults, output, run

Native = Callable[[str], Path]
LOADS = 1 << 16
WORDS_A_PAGE = 512
LEAST_STEPS = 1 << 16


def xorshift(seed: int, count: int) -> list[int]:
    """Return what contract/workload.c draws first (xorshift64*: Marsaglia 2003, and Vigna's multiplier)."""
    state, drawn = (seed + 1) * 0x9E3779B97F4A7C15 % 2**64, []
    for _ in range(8 + count):
        state ^= state >> 12
        state ^= state << 25 & (2**64 - 1)
        state ^= state >> 27
        drawn.append(state * 2685821657736338717 % 2**64)
    return drawn[8:]


def marks(native: Native, *arguments: str) -> int:
    """Return how often the walk came to the first word of a page, in one loop and the warm-up before it."""
    found: int = run(native("walk"), "--loops=1", *arguments).the("check")["marks"]
    return found


@pytest.mark.parametrize("kib", [4, 64, 4096])
def test_a_sequential_walk_comes_to_each_page_once_in_512_loads(native: Native, kib: int) -> None:
    assert marks(native, "--order=sequential", f"--kib={kib}") == 2 * LOADS // WORDS_A_PAGE


@pytest.mark.parametrize(
    ("stride", "kib"), [(64, 64), (1024, 64), (4096, 64), (12, 8), (6000, 1000), (65536, 64)]
)
def test_a_strided_walk_comes_to_where_its_stride_leads(native: Native, stride: int, kib: int) -> None:
    step, size = stride // 8 * 8, kib << 10
    expected = sum(i * step % size % 4096 == 0 for i in range(2 * LOADS))
    assert marks(native, "--order=strided", f"--kib={kib}", f"--stride={stride}") == expected


@pytest.mark.parametrize("seed", [0, 1, 77])
def test_a_random_walk_draws_its_words_from_the_seed(native: Native, seed: int) -> None:
    kib = 64
    words = kib * 1024 // 8
    expected = sum(drawn % words % WORDS_A_PAGE == 0 for drawn in xorshift(seed, 2 * LOADS))
    assert marks(native, "--order=random", f"--kib={kib}", f"--seed={seed}") == expected


@pytest.mark.parametrize("apart", ["4k", "2m", "1g"])
@pytest.mark.parametrize("pages", [1, 5, 128])
def test_far_pages_are_one_cycle_over_all_of_them(native: Native, pages: int, apart: str) -> None:
    said = run(native("far_pages"), f"--pages={pages}", f"--apart={apart}", "--loops=2")
    assert said.the("region")["operations"] == 2 * -(-LEAST_STEPS // pages) * pages
    assert said.the("check") == {"cycle": pages, "back_at_start": True}


def tables(program: Path, apart: str) -> int:
    """Return the bytes of page tables of a process that has chased 512 pages (VmPTE, proc_pid_status(5))."""
    shell = '"$@" >/dev/null & child=$!; sleep 0.2; grep VmPTE /proc/$child/status; kill $child'
    words = (
        "/bin/sh",
        "-c",
        shell,
        "sh",
        str(program),
        "--pages=512",
        f"--apart={apart}",
        "--loops=1000000000",
    )
    return int(output(*words).split()[1]) * 1024


@pytest.mark.slow
def test_each_page_two_mebibytes_from_the_next_has_a_page_table_of_its_own(native: Native) -> None:
    grown = tables(native("far_pages"), "2m") - tables(native("far_pages"), "4k")
    assert grown == pytest.approx(511 * 4096, rel=0.02)


@pytest.mark.parametrize(("how", "kept"), [("munmap", 0), ("mprotect", 20)])
@pytest.mark.parametrize("watchers", [0, 2])
def test_unmapped_pages_come_back_empty_and_protected_ones_as_they_were(
    native: Native, how: str, kept: int, watchers: int
) -> None:
    said = run(native("flush_pages"), f"--how={how}", "--pages=20", f"--watchers={watchers}", "--loops=7")
    assert said.the("region")["operations"] == 7 * 20
    assert said.the("check") == {"pages_kept": 7 * kept}


def test_a_page_unmapped_is_faulted_in_twice_by_a_read_and_a_write(native: Native) -> None:
    few, many = (
        faults(native("flush_pages"), "--how=munmap", "--pages=50", f"--loops={n}") for n in (10, 110)
    )
    assert many - few == pytest.approx(100 * 50 * 2, abs=20)


@pytest.mark.parametrize(("percent", "written"), [(10, 100), (100, 1000)])
def test_as_many_pages_are_copied_as_are_written(native: Native, percent: int, written: int) -> None:
    def cost(*arguments: str) -> int:
        few, many = (faults(native("copy_on_write"), *arguments, f"--loops={loops}") for loops in (5, 25))
        return many - few

    found = cost("--pages=1000", f"--percent={percent}")
    # A fork has faults of its own, in parent and child: about those of a fork with one page written.
    forks = cost("--pages=1") - 20
    assert found - forks == pytest.approx(20 * written, abs=20 * 4)


def test_a_child_keeps_its_pages_whatever_its_parent_writes(native: Native) -> None:
    said = run(native("copy_on_write"), "--pages=8", "--percent=50", "--loops=3")
    assert said.the("region")["operations"] == 3 * 4
    assert said.the("check") == {"child_kept_its_pages": True, "parents_sum": 4 * 2 + 4}
