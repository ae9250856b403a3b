"""Profiles of the plugin: stacks of known guests, and what becomes of a bad file."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from guests import FIXTURES, ZIG, Build
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.profiles import Profile, parse_folded
from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Job, Sample, Target
from pagewalk.protocols import Region
from runners.counters.memsim import EMULATORS, Memsim
from runners.counters.memsim_session import MemsimSession
from runners.memsim.counts import Unreadable
from runners.memsim.plugin import SOURCES
from runners.memsim.stacks import Mapping, Recorded, Stack, fold, read_stacks

GOES_ON, CALLS, RETURNS = range(3)
GOOD = "map 1000 2000 0 /nowhere/program\n0 1010 0\n1 1020 5\n0 1030 7\nlost 0\n"
LINES = 1000
SLACK = 60  # lines of the stack, of code's data and of the marks

Record = Callable[..., tuple[Profile, MemsimSession]]


@pytest.fixture(scope="session")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], int]:
    """How a block is left whose last instruction is given as hexadecimal digits."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    library = tmp_path_factory.mktemp("calls") / "calls.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCES / "calls.c"], check=True)
    decoder = ctypes.CDLL(str(library))

    def ask(target: str, code: str) -> int:
        decoder.calls_init(target.encode())
        data = bytes.fromhex(code)
        return int(decoder.calls_leaving(data, ctypes.c_size_t(len(data))))

    return ask


@pytest.mark.parametrize(
    ("target", "code", "left"),
    [
        ("x86_64", "e8 10 00 00 00", CALLS),
        ("x86_64", "ff d0", CALLS),  # call *%rax
        ("x86_64", "41 ff d4", CALLS),  # call *%r12
        ("x86_64", "ff 15 00 10 00 00", CALLS),  # call *0x1000(%rip)
        ("x86_64", "f2 e8 10 00 00 00", CALLS),  # bnd call
        ("x86_64", "c3", RETURNS),
        ("x86_64", "f3 c3", RETURNS),  # repz ret
        ("x86_64", "c2 08 00", RETURNS),
        ("x86_64", "ff e0", GOES_ON),  # jmp *%rax
        ("x86_64", "3e ff e0", GOES_ON),  # notrack jmp *%rax
        ("x86_64", "ff c0", GOES_ON),  # inc %eax
        ("x86_64", "0f 05", GOES_ON),  # syscall
        ("x86_64", "00 e8", GOES_ON),  # add %ch,%al
        ("x86_64", "66", GOES_ON),
        ("aarch64", "04 00 00 94", CALLS),  # bl
        ("aarch64", "00 02 3f d6", CALLS),  # blr x16
        ("aarch64", "1f 09 3f d6", CALLS),  # blraaz x8
        ("aarch64", "c0 03 5f d6", RETURNS),  # ret
        ("aarch64", "ff 0b 5f d6", RETURNS),  # retaa
        ("aarch64", "00 02 1f d6", GOES_ON),  # br x16
        ("aarch64", "04 00 00 14", GOES_ON),  # b
        ("riscv64", "ef 00 40 00", CALLS),  # jal ra
        ("riscv64", "e7 80 05 00", CALLS),  # jalr ra, a1
        ("riscv64", "82 95", CALLS),  # c.jalr a1
        ("riscv64", "82 80", RETURNS),  # c.jr ra
        ("riscv64", "67 80 00 00", RETURNS),  # jalr zero, ra
        ("riscv64", "02 90", GOES_ON),  # c.ebreak
        ("riscv64", "82 87", GOES_ON),  # c.jr a5
        ("riscv64", "6f 00 40 00", GOES_ON),  # j
        ("riscv64", "67 80 07 00", GOES_ON),  # jr a5
        ("arm", "1e ff 2f e1", GOES_ON),  # bx lr: no decoder, no stacks
    ],
)
def test_calls_and_returns_are_told_from_jumps(
    leaving: Callable[[str, str], int], target: str, code: str, left: int
) -> None:
    assert leaving(target, code) == left


def test_stacks_are_folded_below_the_program_root_first(tmp_path: Path) -> None:
    path = tmp_path / "stacks"
    path.write_text(GOOD)
    assert fold(read_stacks(path), "a;b") == "a\\x3bb;[unknown] 7\na\\x3bb;[unknown];[unknown] 5\n"


def test_events_without_room_for_their_stack_are_counted_as_lost() -> None:
    profile = parse_folded(fold(Recorded((), (Stack(None, 16, 3),), 4), "program"))
    assert (profile.total, profile.lost) == (3, 4)


def test_a_return_address_behind_a_functions_end_is_still_its_callers(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    source, program = tmp_path / "two.c", tmp_path / "two.so"
    source.write_text("int before(void) { return 1; }\nint after(void) { return 2; }\n")
    subprocess.run([compiler, "-O0", "-shared", "-fPIC", "-o", program, source], check=True)
    listed = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout.splitlines()
    after = next(int(line.split()[0], 16) for line in listed if line.endswith(" after"))
    mapping = Mapping(0x10000, 0x10000 + program.stat().st_size, 0, str(program))
    stacks = (Stack(None, 0x10000 + after, 0), Stack(0, 0x10000 + after, 9))
    assert fold(Recorded((mapping,), stacks, 0), "two") == "two;before;after 9\n"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("lost 0\n", "", "damaged"),
        ("lost 0", "lost -1", "damaged"),
        ("1 1020 5", "9 1020 5", "before its parent"),
        ("1 1020 5", "1 1020", "damaged"),
        ("1 1020 5", "1 " + "f" * 17 + " 5", "no number"),
        ("map 1000 2000 0 /nowhere/program", "map 1000", "damaged"),
    ],
)
def test_a_damaged_file_is_no_profile(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "stacks"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(Unreadable, match=why):
        read_stacks(path)


def test_a_missing_file_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="left no profile"):
        read_stacks(tmp_path / "nowhere")


@given(st.binary(max_size=200))
def test_whatever_the_file_holds_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "stacks"
    path.write_bytes(GOOD.encode()[: len(data)] + data)
    with suppress(Unreadable):
        parse_folded(fold(read_stacks(path), "program"))


@pytest.fixture
def record(build: Build, tmp_path: Path) -> Record:
    def run(architecture: str, event: str, *, threads: bool = False) -> tuple[Profile, MemsimSession]:
        emulator = shutil.which(EMULATORS[architecture])
        if emulator is None:
            pytest.skip(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
        program = str(build(architecture, FIXTURES / "memsim_calls.c"))
        scratch = tmp_path / (event or "counted")
        scratch.mkdir()
        target = Target(architecture, "musl")
        job = Job(Artifact((program,), target), (), 1, threads=threads, record=event)
        session = Memsim(architecture).open(scratch, job)
        subprocess.run(["setarch", "-R", *session.wrap([emulator, "-seed", "1", program])], check=True)
        return parse_folded(session.folded("calls") if event else ""), session

    return run


def count(session: MemsimSession, metric: str) -> float:
    samples = [value for value in session.parse([Region("", 1, 1.0)]) if isinstance(value, Sample)]
    return next(sample.value for sample in samples if sample.metric == metric)


def loads(profile: Profile, *frames: str) -> int:
    """Return how often the innermost frames were these."""
    return sum(number for stack, number in profile.counts.items() if stack[-len(frames) :] == frames)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", [name for name in ZIG if name != "armv7"])
def test_each_miss_is_found_with_its_callers(record: Record, architecture: str) -> None:
    profile, session = record(architecture, "l1d_misses")
    deep = ("main", "deeper", "deeper", "deeper", "leaf")
    assert loads(profile, "main", "middle", "leaf") == pytest.approx(2 * LINES, abs=SLACK)
    assert loads(profile, *deep) == pytest.approx(LINES, abs=SLACK)
    assert loads(profile, "main", "tail") == pytest.approx(LINES, abs=SLACK)
    assert profile.total == pytest.approx(4 * LINES, abs=SLACK)
    assert profile.total == count(session, "l1d_misses")


@pytest.mark.slow
def test_recording_changes_no_count_and_the_total_of_a_profile_is_its_metric(record: Record) -> None:
    _, counted = record("riscv64", "")
    for event in ("instructions", "dtlb_misses", "stlb_misses", "l1d_misses", "l2_misses", "walk_loads"):
        profile, session = record("riscv64", event)
        # the blocks in which a region begins and ends belong to it in part
        assert profile.total == pytest.approx(count(counted, event), abs=20 if event == "instructions" else 0)
        assert count(session, event) == count(counted, event)


@pytest.mark.slow
@pytest.mark.parametrize(("architecture", "threads"), [("riscv64", True), ("armv7", False)])
def test_with_threads_and_on_armv7_a_stack_is_the_innermost_function_alone(
    record: Record, architecture: str, threads: bool
) -> None:
    profile, _ = record(architecture, "l1d_misses", threads=threads)
    assert loads(profile, "calls", "leaf") == pytest.approx(3 * LINES, abs=SLACK)
    assert {len(stack) for stack in profile.counts} == {2}


@pytest.mark.slow
def test_a_guest_that_never_ends_well_leaves_no_profile_and_it_says_why(tmp_path: Path) -> None:
    job = Job(Artifact(("/none",), Target("riscv64")), (), 1, record="l1d_misses")
    session = Memsim("riscv64").open(tmp_path, job)
    with pytest.raises(Unavailable, match="no call stacks of l1d_misses"):
        session.folded("none")
