"""Workloads of the caches: every write counted, every forwarded value right."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import run

Native = Callable[[str], Path]
WRITES = 1 << 16
PAIRS = 50_000


@pytest.mark.parametrize("distance", [8, 12, 64, 4096])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_no_increment_of_any_thread_is_lost(native: Native, distance: int, threads: int) -> None:
    arguments = (f"--distance={distance}", f"--threads={threads}", "--loops=3")
    said = run(native("false_sharing"), *arguments)
    assert said.the("region")["operations"] == 3 * threads * WRITES
    assert said.the("check") == {"counted": (3 + 1) * threads * WRITES}


@pytest.mark.parametrize("how", ["same", "narrower", "wider", "overlap", "across-lines"])
def test_each_load_finds_what_the_store_before_it_left(native: Native, how: str) -> None:
    said = run(native("store_forward"), f"--how={how}", "--loops=4")
    assert said.the("check") == {"last": (4 + 1) * PAIRS % 65536}


@pytest.mark.parametrize("offset", [0, 1, 62, 4094])
@pytest.mark.parametrize(("stride", "kib"), [(128, 16), (4096, 64), (1000, 5)])
def test_misaligned_accesses_come_to_every_place_and_find_what_is_there(
    native: Native, offset: int, stride: int, kib: int
) -> None:
    program, where = native("misaligned"), (f"--offset={offset}", f"--stride={stride}", f"--kib={kib}")
    places = -(-kib * 1024 // stride)
    loaded = run(program, "--what=load", *where, "--loops=2").the("check")
    stored = run(program, "--what=store", *where, "--loops=2").the("check")
    assert (loaded, stored) == ({"ones": 3 * WRITES}, {"ones": places})


def test_an_atomic_adds_up_wherever_in_its_line_it_lies(native: Native) -> None:
    for offset in (0, 8, 56):
        said = run(native("split_atomic"), f"--offset={offset}", "--loops=5")
        assert said.the("check") == {"sum": (5 + 1) * 64}
