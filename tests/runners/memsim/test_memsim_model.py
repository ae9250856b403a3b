"""The plugin's C model against a naive one written from the definition, without an emulator."""

import shutil
import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runners.memsim.plugin import SOURCES

FIXTURES = Path(__file__).parents[1] / "fixtures"
LOAD, STORE, ADVISE, UNMAP = range(4)
Shapes = Mapping[str, tuple[int, int]]
Step = tuple[int, int, int]

SHAPES: Shapes = {"dtlb": (8, 2), "stlb": (24, 3), "l1d": (1024, 4), "l2": (3072, 6)}
WALK_ENTRIES, LEVELS = 5, 4
EXTREMES: Shapes = {"dtlb": (6, 6), "stlb": (16, 1), "l1d": (512, 1), "l2": (2048, 32)}
"""Fully associative and direct-mapped."""


def arguments_of(shapes: Shapes) -> list[str]:
    shaped = (f"{name}={size}:{ways}" for name, (size, ways) in shapes.items())
    return ["out=/none", *shaped, f"walk={WALK_ENTRIES}:{LEVELS}"]


ARGUMENTS = arguments_of(SHAPES)


@pytest.fixture(scope="session")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as a program of its own."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    program = tmp_path_factory.mktemp("replay") / "replay"
    parts = [SOURCES / f"{name}.c" for name in ("core", "pages", "options", "walker")]
    options = [
        "-O1",
        "-D_GNU_SOURCE",
        "-fsanitize=undefined",
        "-fno-sanitize-recover",
        f"-I{SOURCES}",
    ]
    subprocess.run(
        [compiler, *options, "-o", program, FIXTURES / "memsim_replay.c", *parts],
        check=True,
        capture_output=True,
    )
    return program


def play(replay: Path, steps: Sequence[Step], arguments: Sequence[str] = ARGUMENTS) -> list[int]:
    trace = b"".join(struct.pack("=3Q", *step) for step in steps)
    done = run(replay, arguments, trace)
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


def run(replay: Path, arguments: Sequence[str], trace: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([replay, *arguments], input=trace, capture_output=True, check=False)


class Lru:
    """Sets as lists, the most recently used first."""

    def __init__(self, sets: int, ways: int) -> None:
        self.sets: list[list[int]] = [[] for _ in range(sets)]
        self.ways = ways

    def touch(self, key: int) -> bool:
        found = self.sets[key % len(self.sets)]
        hit = key in found
        if hit:
            found.remove(key)
        found.insert(0, key)
        del found[self.ways :]
        return hit


class Naive:
    """What README.md says, as plainly as it can be written."""

    def __init__(self, shapes: Shapes = SHAPES, l2: Lru | None = None) -> None:
        unit = {"dtlb": 1, "stlb": 1, "l1d": 64, "l2": 64}
        levels = [Lru(size // ways // unit[name], ways) for name, (size, ways) in shapes.items()]
        self.dtlb, self.stlb, self.l1d, own = levels
        self.l2 = l2 or own
        self.huge: set[int] = set()
        self.walks: list[tuple[int, int]] = []
        self.misses = [0] * 9

    def step(self, operation: int, address: int, length: int) -> None:
        if operation in (LOAD, STORE):
            for place in sorted({address // 64 * 64, (address + length - 1) // 64 * 64}):
                if self.look_up(self.dtlb, self.stlb, self.key(place), 4 * operation):
                    self.walk(place)
                self.look_up(self.l1d, self.l2, place // 64, 4 * operation + 2)
            return
        first, last = address >> 21, (address + length - 1) >> 21
        if operation == ADVISE:
            whole = range((address + (1 << 21) - 1) >> 21, (address + length) >> 21)
            self.huge |= set(whole)
        else:
            self.huge -= set(range(first, last + 1))
        self.walks = []
        pages = range(address >> 12, ((address + length - 1) >> 12) + 1)
        for tlb in (self.dtlb, self.stlb):
            tlb.sets = [
                [key for key in keys if key not in pages and not first <= key - (1 << 62) <= last]
                for keys in tlb.sets
            ]

    def walk(self, address: int) -> None:
        """Page-table entries that are no TLB's, by level and what they map, the most recently used last."""
        leaf = int(address >> 21 in self.huge)
        path = [(level, address >> (12 + 9 * level)) for level in range(leaf + 1, LEVELS)]
        held = next((place for place, entry in enumerate(path) if entry in self.walks), len(path))
        self.misses[8] += held + 1
        for entry in reversed(path[: held + 1]):
            self.walks = [*(other for other in self.walks if other != entry), entry][-WALK_ENTRIES:]

    def key(self, address: int) -> int:
        return (1 << 62) + (address >> 21) if address >> 21 in self.huge else address >> 12

    def look_up(self, upper: Lru, lower: Lru, key: int, slot: int) -> bool:
        if upper.touch(key):
            return False
        self.misses[slot] += 1
        if lower.touch(key):
            return False
        self.misses[slot + 1] += 1
        return True


BASE = 0x7F00_0000_0000
ACCESS = st.tuples(
    st.sampled_from([LOAD, STORE]),
    st.integers(0, 40 * 4096).map(lambda offset: BASE + offset)
    | st.integers(0, 40).map(lambda giant: BASE + (giant << 33))
    | st.integers(0, 6).map(lambda page: BASE + page * (1 << 20) + 60),
    st.sampled_from([1, 2, 4, 8, 16, 32]),
)
CHANGE = st.tuples(
    st.sampled_from([ADVISE, UNMAP]),
    st.integers(0, 8).map(lambda mib: BASE + mib * (1 << 20)),
    st.sampled_from([4096, 1 << 21, (1 << 21) + 4096, 1 << 22]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(*[ACCESS] * 12, CHANGE), max_size=400))
def test_the_model_counts_what_a_naive_one_counts(replay: Path, steps: list[Step]) -> None:
    for shapes in (SHAPES, EXTREMES):
        naive = Naive(shapes)
        for step in steps:
            naive.step(*step)
        assert play(replay, steps, arguments_of(shapes)) == naive.misses


@pytest.mark.parametrize("shared", [True, False])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.integers(0, 2), ACCESS), max_size=300))
def test_cores_share_an_l2_or_have_one_each(
    replay: Path, shared: bool, steps: list[tuple[int, Step]]
) -> None:
    first = Naive()
    cores = (first, *(Naive(l2=first.l2 if shared else None) for _ in range(2)))
    for core, step in steps:
        cores[core].step(*step)
    trace = [(operation + 4 * core, address, length) for core, (operation, address, length) in steps]
    found = play(replay, trace, [*ARGUMENTS, f"shared={'l2' if shared else 'nothing'}"])
    assert found == [sum(counts) for counts in zip(*(core.misses for core in cores), strict=True)]


def test_a_long_random_walk_counts_the_same_in_both(replay: Path) -> None:
    """Longer than hypothesis makes them: every set full, every order seen."""
    state, steps = 1, []
    for _ in range(30_000):
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        spread = (1 << 12, 1 << 14, 1 << 17)[(state >> 20) % 3]
        steps.append((state >> 60 & 1, BASE + (state >> 30) % spread, 1 << (state >> 50) % 4))
    naive = Naive()
    for step in steps:
        naive.step(*step)
    assert play(replay, steps) == naive.misses
    assert all(naive.misses)


def test_addresses_at_the_end_of_the_address_space_stay_inside_the_model(replay: Path) -> None:
    top = (1 << 64) - 64
    steps = [(LOAD, top, 64), (ADVISE, top, (1 << 64) - 1), (UNMAP, 0, (1 << 64) - 1), (LOAD, 0, 8)]
    assert sum(play(replay, steps)) > 0


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("l1d=32768:7", "not a multiple"),
        ("l1d=49152:8", "power of two"),
        ("l1d=1024", "SIZE:WAYS"),
        ("l1d=:8", "SIZE:WAYS"),
        ("l1d=-1024:8", "SIZE:WAYS"),
        ("l1d=99999999999999999999:1", "SIZE:WAYS"),
        ("dtlb=8192:8192", "4096 ways"),
        ("stlb=0:4", "SIZE:WAYS"),
        ("l2=1024:4x", "SIZE:WAYS"),
        ("mode=fast", "mode=fast"),
        ("shared=l1d", "two values"),
        ("walk=32", "ENTRIES:LEVELS"),
        ("walk=32:9", "2 to 5 levels"),
        ("record=cycles", "no event"),
        ("record=itlb_misses", "needs l1i"),
        ("l1i=1024:4", "goes with itlb"),
        ("group=maybe", "two values"),
        ("threads", "name=value"),
        ("out=relative", "absolute"),
        ("colour=blue", "unknown"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_in_words(replay: Path, argument: str, why: str) -> None:
    done = run(replay, [*ARGUMENTS, argument])
    assert done.returncode == 64
    assert done.stderr.startswith(b"memsim: ")
    assert why in done.stderr.decode()


@pytest.mark.parametrize("lacking", ["out", "l1d", "l2", "dtlb", "stlb"])
def test_an_argument_that_is_needed_is_asked_for(replay: Path, lacking: str) -> None:
    arguments = [argument for argument in ARGUMENTS if not argument.startswith(f"{lacking}=")]
    done = run(replay, arguments)
    assert done.returncode == 64
    assert lacking in done.stderr.decode()
