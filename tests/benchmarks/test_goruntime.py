"""gospans, golocked and gorand: what each did, told by the kernel or computed another way."""

import os
import platform
import re
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import ROOT, run

from pagewalk.build import build
from pagewalk.model import Target
from pagewalk.subjects import load_subject, resolve

pytestmark = pytest.mark.slow
Go = Callable[[str], Path]
MIB = 1 << 20


@pytest.mark.parametrize(("mib", "least", "most"), [(1, 0, 1), (64, 0, 1), (96, 1, 2), (256, 3, 4)])
def test_a_span_lies_across_as_many_arenas_as_its_size_says(go: Go, mib: int, least: int, most: int) -> None:
    said = run(go("gospans"), "--loops=2", f"--span-mib={mib}", "--allocations=3", "--touch=1024")
    check = said.the("check")
    assert said.the("region")["operations"] == check["spans"] == 6
    assert check["span_bytes"] == mib * MIB
    assert 6 * least <= check["boundaries_crossed"] <= 6 * most


def usage(program: Path, *arguments: str) -> resource.struct_rusage:
    """Return what one execution used, as wait4(2) tells it."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    child = os.posix_spawn(program, [str(program), *arguments], os.environ, file_actions=quiet)
    _, status, used = os.wait4(child, 0)
    assert status == 0
    return used


def test_only_the_pages_that_are_written_to_are_faulted_in(go: Go) -> None:
    if "[always]" in Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text():
        pytest.skip("this kernel gives huge pages unasked: a fault is no page")
    line = ("--loops=1", "--span-mib=128", "--allocations=2", "--live=2")
    none, quarter, whole = (usage(go("gospans"), *line, f"--touch={n}").ru_minflt for n in (32768, 4, 1))
    pages = 256 * MIB // os.sysconf("SC_PAGE_SIZE")
    assert whole - none == pytest.approx(pages, rel=0.02)
    # Go zeroes a span it uses again as a whole: how many more that touches is not the workload's to say.
    assert none < quarter < whole


def test_spans_that_are_no_longer_held_are_collected(go: Go) -> None:
    line = ("--loops=1", "--span-mib=64", "--live=1", "--touch=1")
    few, many = (usage(go("gospans"), *line, f"--allocations={n}").ru_maxrss * 1024 for n in (2, 12))
    assert many < few + 4 * 64 * MIB


@pytest.mark.parametrize(("threads", "reads", "loops"), [(1, 1, 1), (40, 1, 1), (7, 5, 3)])
def test_every_locked_thread_reads_and_ends(go: Go, threads: int, reads: int, loops: int) -> None:
    said = run(go("golocked"), f"--threads={threads}", f"--reads={reads}", f"--loops={loops}")
    assert said.the("region")["operations"] == threads * loops
    assert said.the("check") == {"ended": threads * loops, "bytes": 4 * reads * threads * loops}
    assert said.facts()["read_seconds_per_thread"] > 0


def test_a_thread_is_gone_before_its_operation_counts(go: Go, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("no strace: apt-get install strace")
    log = tmp_path / "log"
    tracing: list[str | Path] = ["strace", "-f", "-o", log, "-e", "trace=exit,prctl"]
    subprocess.run(
        [*tracing, go("golocked"), "--threads=30", "--loops=2"], stdout=subprocess.DEVNULL, check=True
    )
    region = re.split(rf"prctl\({0x70616765:#x}", log.read_text())[1]
    assert region.count(" exit(0") == 60


@pytest.mark.parametrize("size", [1, 4, 256])
def test_random_bytes_are_read_as_many_at_a_time_as_was_asked(go: Go, size: int) -> None:
    said = run(go("gorand"), "--loops=3", f"--bytes={size}")
    assert said.the("region")["operations"] == 3 * 1024
    assert said.the("check") == {"bytes": 3 * 1024 * size}


def kernel() -> tuple[int, int]:
    major, minor = platform.release().split(".")[:2]
    return int(major), int(minor)


@pytest.mark.skipif(kernel() < (6, 11), reason="getrandom is in the vDSO from Linux 6.11 on")
def test_golocked_tells_the_vgetrandom_defect_from_its_repair_by_24_threads() -> None:
    subject = load_subject("go", ROOT)
    before, after = (
        build(subject, resolve(subject, name), "golocked", Target("x86_64"), ROOT).command[0]
        for name in ("go1.24.3+vgetrandom-mdestroy", "go1.24.3")
    )
    for threads, status in ((20, 0), (24, -11)):
        said = run(Path(before), "--loops=1", f"--threads={threads}")
        assert said.status == status
        assert "goroutine" not in said.stderr
        assert run(Path(after), "--loops=1", f"--threads={threads}").status == 0
