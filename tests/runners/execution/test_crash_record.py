"""What is known of a crash: from a real one, and from handlers that lie."""

import json
import platform
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagewalk.model import Crash, Outcome, Run
from runners.execution.capture import Capture
from runners.execution.core_dump import find_core
from runners.execution.crash_lines import NOTHING_MAPPED, read_told
from runners.execution.crash_record import describe
from runners.execution.fault import Fault

Execute = Callable[..., Run]
MAPPING = "7f0000000000-7f0000400000 rw-p 00000000 00:00 0 "


def said(*objects: object) -> Capture:
    capture = Capture()
    for value in objects:
        capture.feed("stdout", json.dumps(value).encode() + b"\n")
    capture.close()
    return capture


def mapping(of: str, line: str) -> dict[str, dict[str, str]]:
    return {"mapping": {"of": of, "line": line}}


def nowhere(_: str) -> None:
    return None


def test_a_real_crash_names_the_function_the_registers_and_that_nothing_is_mapped(
    execute_command: Execute, crashing: Path
) -> None:
    run = execute_command(crashing, "--loops=1", "--how=0")
    assert run.outcome is Outcome.CRASHED
    assert run.crash is not None
    assert run.crash.frames == ("read_at",)
    assert run.crash.pc in run.crash.registers.values()
    assert str(crashing) in run.crash.code
    assert run.crash.memory == NOTHING_MAPPED
    assert run.crash.page == {"mapped": "no"}
    assert not any(line.startswith('{"registers"') for line in run.crash.last_output)


def test_a_real_fault_beyond_the_end_of_a_file_names_the_mapping_and_the_state_of_its_page(
    execute_command: Execute, crashing: Path
) -> None:
    crash = execute_command(crashing, "--loops=1", "--how=5").crash
    assert crash is not None
    assert crash.memory.startswith("20000000-20001000 r--p")
    assert "pagewalk-crashing" in crash.memory
    assert (crash.page["present"], crash.page["aligned to 2 MiB"]) == ("no", "no")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="an address that only x86_64 refuses so")
def test_where_the_kernel_tells_no_address_there_is_no_word_of_its_page(
    execute_command: Execute, crashing: Path
) -> None:
    crash = execute_command(crashing, "--loops=1", "--how=1").crash
    assert crash is not None
    assert (crash.fault_address, crash.memory, crash.page) == (None, "", {})
    assert crash.frames == ("read_at",)


def test_a_page_can_only_be_huge_where_2_mib_around_it_are_mapped() -> None:
    page = {"page": {"present": 1, "soft_dirty": 1, "dirty_kb": 4096, "rss_kb": 4096, "huge_kb": 4096}}
    for address, aligned in ((0x7F0000200008, "yes"), (0x7F0000400000, "no")):
        line = mapping("memory", MAPPING if aligned == "yes" else MAPPING.replace("400000", "410000"))
        found = describe(Crash("SIGSEGV", fault_address=address), said(line, page), None, nowhere).page
        assert (found["aligned to 2 MiB"], found["dirty"]) == (aligned, "yes")
        assert found["huge pages in its mapping"] == "4096 kB"


def test_of_a_silent_death_the_kernel_log_has_the_program_counter(crashing: Path) -> None:
    fault = Fault(0x10, 0x401234, crashing.name, 0)
    crash = describe(Crash("SIGSEGV", fault_address=0x10), said(), fault, lambda _: crashing)
    assert (crash.pc, crash.code) == (0x401234, "crashing+0x0")


@pytest.mark.usefixtures("core")  # which skips where none is left
def test_a_silent_death_is_read_from_its_core_dump(execute_command: Execute, workload: Path) -> None:
    crash = execute_command(workload, "--mode=raw-segv").crash
    assert crash is not None
    assert (crash.fault_address, crash.frames) == (0x10, ("main",))
    assert crash.pc in crash.registers.values()


@pytest.fixture(scope="module")
def core(workload: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real core dump of a process that died without a word."""
    if Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/")):
        pytest.skip("core dumps of this machine go elsewhere")
    folder = tmp_path_factory.mktemp("core")
    script = 'ulimit -c 8192; cd "$1" && exec "$2" --mode=raw-segv'
    subprocess.run(["sh", "-c", script, "sh", folder, workload], check=False)
    return next(folder.iterdir())


@given(st.integers(0, 1 << 14), st.binary(min_size=1, max_size=8))
@example(860, b"\x01" * 8)  # a note longer than the file
def test_a_core_dump_that_somebody_tampered_with_never_raises(core: Path, at: int, junk: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        broken = bytearray(core.read_bytes())
        broken[at : at + len(junk)] = junk
        (Path(folder) / "core").write_bytes(broken)
        find_core(Path(folder))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["crash", "registers", "mapping", "page"])
INSIDE = st.dictionaries(st.sampled_from(["pc", "of", "line", "present", "rax", "huge_kb", "signal"]), JSON)


@pytest.mark.slow
@given(st.lists(st.dictionaries(KEYS, JSON | INSIDE, min_size=1, max_size=2)), st.integers(0, 2**64 - 1))
def test_no_line_that_a_workload_can_write_breaks_the_record(lines: list[object], address: int) -> None:
    crash = describe(Crash("SIGSEGV", fault_address=address), said(*lines), None, nowhere)
    assert crash.signal == "SIGSEGV"
    assert all(isinstance(value, int) for value in crash.registers.values())


@given(st.binary(max_size=200))
def test_no_bytes_break_it_either(junk: bytes) -> None:
    for prefix in (b"", b'{"crash":', b'{"page":', b'{"mapping": {"of": "code", "line": "'):
        assert read_told(prefix + junk + b"\n").registers == {}
