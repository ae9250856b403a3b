"""Faults as getrusage(2) counts them, and page states as the kernel tells them: those of what was touched."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import faults, run

Native = Callable[[str], Path]
PAGES = 1000
HUGE = Path("/sys/kernel/mm/transparent_hugepage/enabled")

with_huge_pages = pytest.mark.skipif(
    not HUGE.exists() or "[never]" in HUGE.read_text(), reason="this kernel gives no transparent huge pages"
)


def faults_a_page(program: Path, *arguments: str) -> float:
    """Return the faults of ten loops more, for each page and loop."""
    few, many = (faults(program, f"--pages={PAGES}", f"--loops={loops}", *arguments) for loops in (2, 12))
    return (many - few) / (10 * PAGES)


@pytest.mark.parametrize(("touch", "expected"), [("write", 1), ("read", 1), ("read-then-write", 2)])
def test_each_small_page_costs_a_fault_for_its_first_read_and_one_for_its_first_write(
    native: Native, touch: str, expected: int
) -> None:
    found = faults_a_page(native("first_touch"), f"--touch={touch}", "--huge=0")
    assert found == pytest.approx(expected, abs=0.005)


@with_huge_pages
def test_huge_pages_are_touched_512_at_a_time(native: Native) -> None:
    # Of two times 2 MiB. Fragmented memory may lack one now and then, and a start costs a fault more or less.
    program = native("first_touch")
    few, many = (faults(program, "--pages=1024", "--huge=1", f"--loops={loops}") for loops in (2, 202))
    assert 0.99 * 200 * 2 <= many - few < 200 * 1024 / 2


@pytest.mark.parametrize(("advice", "expected"), [("none", 0), ("dontneed", 1), ("free", 0)])
def test_only_pages_that_were_given_back_are_faulted_in_again(
    native: Native, advice: str, expected: int
) -> None:
    found = faults_a_page(native("advise"), f"--advice={advice}")
    assert found == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("advice", ["populate-read", "populate-write", "collapse", "hugepage"])
def test_advice_is_taken_or_refused_in_the_kernels_words(native: Native, advice: str) -> None:
    said = run(native("advise"), f"--advice={advice}", "--pages=512", "--loops=3")
    if said.status:
        assert (said.status, said.stderr) == (71, f"madvise: {advice}: Invalid argument\n")
    else:
        assert said.the("check") == {"written": 512}


def states(native: Native, program: str, *arguments: str) -> dict[str, int]:
    """Return what a workload tells of its pages."""
    found = run(native(program), "--loops=2", *arguments).facts()
    return {name.removeprefix("pages."): value for name, value in found.items() if name.startswith("pages.")}


def test_pages_that_were_written_are_present_dirty_and_the_process_own(native: Native) -> None:
    found = states(native, "first_touch", "--pages=300", "--touch=write")
    assert (found["present"], found["exclusive"]) == (300, 300)
    assert (found["dirty_kb"], found["huge_kb"]) == (1200, 0)
    assert found["aligned"] % (2 << 20) == 0
    assert found.get("soft_dirty", 300) == 300


def test_pages_that_were_only_read_are_the_kernels_one_page_of_zeros(native: Native) -> None:
    found = states(native, "first_touch", "--pages=300", "--touch=read")
    assert (found["present"], found["exclusive"], found["dirty_kb"]) == (300, 0, 0)


@with_huge_pages
def test_huge_pages_are_told_as_such(native: Native) -> None:
    huge = [states(native, "first_touch", "--pages=512", "--huge=1")["huge_kb"] for _ in range(3)]
    # Memory may be too fragmented, though hardly every time.
    assert 2048 in huge
    assert states(native, "first_touch", "--pages=512", "--huge=0")["huge_kb"] == 0


def test_a_stack_grows_by_a_fault_a_page(native: Native) -> None:
    program = native("stack_growth")

    def cost(pages: int) -> int:
        few, many = (faults(program, f"--pages={pages}", f"--loops={loops}") for loops in (1, 21))
        return many - few

    assert cost(500) - cost(100) == pytest.approx(20 * 400, rel=0.01)
    assert run(program, "--pages=3", "--loops=4").the("check") == {"grown": 5}
