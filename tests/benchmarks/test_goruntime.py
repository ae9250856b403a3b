"""The workloads of the Go runtime: what each did, told by the kernel, by Go or computed another way."""

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


@pytest.mark.parametrize("size", [16, 64, 1024, 32768])
def test_as_many_small_objects_are_allocated_as_go_itself_counts(go: Go, size: int) -> None:
    said = run(go("gosmall"), "--loops=5", f"--size={size}", "--live-kib=512")
    check = said.the("check")
    assert said.the("region")["operations"] == 5 * 4096
    assert check["made"] == 5 * 4096 + 512 * 1024 // size
    # The runtime's own goroutines allocate a little beside.
    assert check["made"] <= check["mallocs"] < check["made"] + 200


# Bytes of a span and objects in it, by size class: runtime/sizeclasses.go of Go 1.25.
@pytest.mark.parametrize(
    ("size", "span", "objects"), [(64, 8192, 128), (1024, 8192, 8), (1025, 8192, 7), (8192, 8192, 1)]
)
def test_objects_alive_lie_in_as_many_spans_as_their_size_class_says(
    go: Go, size: int, span: int, objects: int
) -> None:
    facts = run(go("gosmall"), "--loops=1", f"--size={size}", "--live-kib=8192").facts()
    expected = -(-facts["live_objects"] // objects) * span
    assert facts["live_objects"] == 8192 * 1024 // size
    assert facts["span_bytes"] == pytest.approx(expected, rel=0.02)


def test_small_objects_are_weighed_with_what_their_size_class_wastes(go: Go) -> None:
    memory = run(go("gosmall"), "--loops=1", "--size=1025", "--live-kib=16384").the("memory")
    assert memory["live_bytes"] == 16 * MIB // 1025 * 1025
    # Seven of 1025 bytes in a span of 8192.
    assert memory["resident_bytes"] / memory["live_bytes"] == pytest.approx(8192 / 7 / 1025, rel=0.05)


@pytest.mark.parametrize(("goroutines", "loops"), [(1, 40), (3, 10)])
def test_every_cell_that_a_list_should_have_is_alive_however_often_it_was_replaced(
    go: Go, goroutines: int, loops: int
) -> None:
    line = (f"--goroutines={goroutines}", f"--loops={loops}", "--live-mib=6")
    said = run(go("gocollect"), *line, environment={"GODEBUG": "gctrace=1"})
    check, lists = said.the("check"), goroutines * (6 * MIB // goroutines // (16 * 64))
    assert said.the("region")["operations"] == 4096 * goroutines * loops
    assert check == {
        "made": lists * 16 + 4096 * goroutines * loops,
        "alive": lists * 16,
        "sum": lists * sum(range(16)),
    }
    # All this is more than the heap may grow by; gctrace tells each collection on its own, the last one
    # perhaps too late: it is written after the collection ended, when the process may be gone.
    collections, traced = said.facts()["collections"], said.stderr.count("gc ")
    assert collections > 1
    assert traced in (collections - 1, collections)


def test_the_collectors_pauses_are_told_in_order(go: Go) -> None:
    facts = run(go("gocollect"), "--loops=60", "--live-mib=8", "--processors=2").facts()
    assert facts["pauses"] >= 2 * facts["collections"] > 0
    assert 0 < facts["pause_p50_seconds"] <= facts["pause_p95_seconds"] <= facts["pause_max_seconds"] < 1
    assert 0 <= facts["assist_seconds"] <= facts["collector_seconds"]


@pytest.mark.parametrize(("stack", "frames"), [(0, 0), (255, 0), (16384, 64)])
def test_every_goroutine_starts_ends_and_uses_the_stack_it_was_told_to(
    go: Go, stack: int, frames: int
) -> None:
    said = run(go("gospawn"), "--loops=3", f"--stack-bytes={stack}")
    assert said.the("region")["operations"] == 3 * 1024
    assert said.the("check") == {"started": 3 * 1024, "frames": 3 * 1024 * frames}


@pytest.mark.parametrize("capacity", [0, 1, 128, 10000])
@pytest.mark.parametrize("processors", [1, 2])
def test_the_other_side_counts_and_adds_up_all_that_was_sent(go: Go, capacity: int, processors: int) -> None:
    said = run(go("gochannel"), "--loops=3", f"--capacity={capacity}", f"--processors={processors}")
    sent = 3 * 4096
    assert said.the("region")["operations"] == sent
    assert said.the("check") == {"received": sent, "sum": sent * (sent - 1) // 2}


@pytest.mark.parametrize("elements", [1, 100, 4096])
def test_c_was_called_once_for_every_assignment_and_the_map_has_what_it_last_said(
    go: Go, elements: int
) -> None:
    said = run(go("gocgo"), "--loops=5", f"--elements={elements}")
    calls = 5 * 1024
    assert said.the("region")["operations"] == calls
    assert said.the("check") == {
        "calls": calls,
        "elements": elements,
        "sum": sum(range(calls - elements + 1, calls + 1)),
    }


@pytest.mark.parametrize("spans", [0, 7])
def test_the_plugin_counted_every_call_in_each_of_its_six_places(go: Go, spans: int) -> None:
    said = run(go("goplugin"), "--loops=3", f"--spans={spans}")
    assert said.the("region")["operations"] == 3 * 1024
    assert said.the("check") == {"calls": 3 * 1024, "counted": 6 * 3 * 1024, "spans": 3 * spans}
    assert said.facts()["load_seconds"] > 0


def test_without_its_plugin_the_program_says_what_it_looked_for(go: Go, tmp_path: Path) -> None:
    shutil.copy(go("goplugin"), tmp_path / "goplugin")
    said = run(tmp_path / "goplugin", "--loops=1")
    assert said.status == 71
    assert f"{tmp_path}/goplugin.so" in said.stderr
    assert len(said.stderr.splitlines()) == 1


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
