"""The allocation workloads against an allocator's own count, closed forms, and the kernel's."""

import json
import math
import os
import resource
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from declared import CASES, THREADED
from driving_workloads import FIXTURES, Said, compile_c, run
from small_arguments import small

from pagewalk.model import Artifact, Job, Outcome
from runners.qemu_user import discover

Native = Callable[..., Path]
ALLOC = sorted({case.program for case in CASES if case.family == "alloc"})
WITHOUT_MALLOC = {"huge_arena"}
OF_BLOCKS = [name for name in ALLOC if name not in {"churn", *WITHOUT_MALLOC}]
SINGLE = [name for name in ALLOC if name not in THREADED]


@pytest.fixture(scope="session")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that follows each block a workload asks for."""
    library = tmp_path_factory.mktemp("watch") / "watch_blocks.so"
    return compile_c(library, FIXTURES / "watch_blocks.c", options=("-shared", "-fPIC"))


def watched(program: Path, watch: Path, *arguments: str) -> tuple[Said, dict[str, Any]]:
    said = run(program, *arguments, environment={"LD_PRELOAD": str(watch)})
    return said, json.loads(said.stderr)


@pytest.mark.parametrize("name", OF_BLOCKS)
def test_what_it_says_it_allocated_and_freed_is_what_the_allocator_saw(
    native: Native, watch: Path, name: str
) -> None:
    for arguments in small(name):
        said, seen = watched(native(name), watch, "--loops=2", *arguments)
        check = said.the("check")
        assert check["allocated"] == seen["allocated"] > 0
        assert check["freed"] == seen["freed"]
        assert check["allocated_bytes"] == seen["bytes"]


@pytest.mark.parametrize("name", OF_BLOCKS)
def test_every_byte_goes_back(native: Native, watch: Path, name: str) -> None:
    for arguments in small(name):
        said, seen = watched(native(name), watch, "--loops=3", *arguments)
        check = said.the("check")
        assert seen["alive"] == 0
        assert check["allocated_bytes"] == check["freed_bytes"]
        others = {"queued", "misaligned", "spoiled", "dirty", "unordered"} & check.keys()
        assert {check[other] for other in others} <= {0}


@pytest.mark.parametrize("name", ["alloc_test", "calloc_large", "fragment", "mleak", "purge", "rbstress"])
def test_the_live_bytes_it_tells_are_those_alive_when_it_weighed_them(
    native: Native, watch: Path, name: str
) -> None:
    for arguments in small(name):
        said, seen = watched(native(name), watch, "--loops=1", *arguments)
        nothing, weighed, afterwards = seen["looked_at"]
        assert (nothing, afterwards) == (0, 0)
        assert said.the("memory")["live_bytes"] == weighed > 0


@pytest.mark.parametrize("name", [name for name in OF_BLOCKS if name not in {"mleak", "realloc_growth"}])
def test_each_loop_more_is_as_many_blocks_as_operations(native: Native, watch: Path, name: str) -> None:
    """But for a list, which visits each node four times, and a tree, of whose steps half are frees."""
    arguments = small(name)[0]
    (once, before), (thrice, after) = (
        watched(native(name), watch, f"--loops={loops}", *arguments) for loops in (1, 3)
    )
    more = thrice.the("region")["operations"] - once.the("region")["operations"]
    each = {"cache_thrash": 1 / 4, "rbstress": 1 / 2}.get(name, 1)
    tolerance = 0.05 if name == "rbstress" else 0
    assert after["allocated"] - before["allocated"] == pytest.approx(each * more, rel=tolerance)


@pytest.mark.parametrize("name", SINGLE)
def test_with_a_seed_it_does_the_same_every_time_and_with_another_it_draws_anew(
    native: Native, name: str
) -> None:
    def check(seed: int) -> Any:
        return run(native(name), "--loops=2", f"--seed={seed}", *small(name)[0]).the("check")

    assert check(7) == check(7)
    if name in {"alloc_test", "rbstress"}:
        assert check(7) != check(8)


class Xorshift:
    """The generator of the contract, written once more: xorshift64* seeded by a golden-ratio multiple."""

    MASK = (1 << 64) - 1

    def __init__(self, seed: int) -> None:
        self.state = (seed + 1) * 0x9E3779B97F4A7C15 & self.MASK
        for _ in range(8):
            self.draw()

    def draw(self) -> int:
        self.state ^= self.state >> 12
        self.state ^= self.state << 25 & self.MASK
        self.state ^= self.state >> 27
        return self.state * 2685821657736338717 & self.MASK


@pytest.mark.parametrize("seed", [1, 77])
def test_the_tree_holds_what_a_set_would_hold(native: Native, seed: int) -> None:
    live, generator, keys, inserted, asked = 40, Xorshift(seed), set[int](), 0, 0
    for _ in range(4 * live + 4096):
        key = generator.draw() % (2 * live)
        if key in keys:
            keys.remove(key)
        else:
            keys.add(key)
            inserted += 1
            low = generator.draw() % 16
            asked += 40 << ((low & -low).bit_length() - 1 if low else 4)
    said = run(native("rbstress"), f"--live={live}", "--loops=1", f"--seed={seed}")
    assert said.the("check") == {
        "allocated": inserted,
        "freed": inserted,
        "allocated_bytes": asked,
        "freed_bytes": asked,
        "unordered": 0,
    }


def test_replaced_blocks_have_the_sizes_that_exact_fractions_give(native: Native) -> None:
    live, generator, asked = 30, Xorshift(5), 0
    for step in range(5 * live + 4096):
        if step >= live:
            generator.draw()  # which block is replaced
        u = Fraction(generator.draw() >> 32, 1 << 32)
        asked += math.floor(8 / (1 - u * (1 - Fraction(8, 1024))))
    check = run(native("alloc_test"), f"--live={live}", "--loops=1", "--seed=5").the("check")
    assert check["allocated_bytes"] == pytest.approx(asked, abs=1)  # a product cut to 2^-32 may round one up


def bounded_pareto_mean(least: float, most: float) -> float:
    """Mean of a bounded Pareto law of shape 1: L H / (H - L) ln(H / L)."""
    return least * most / (most - least) * math.log(most / least)


@pytest.mark.parametrize(
    ("name", "least", "most", "tolerance"),
    [("alloc_test", 8, 1024, 0.03), ("mleak", 16, 1024, 0.03), ("glibc_thread", 4, 32_768, 0.15)],
)
def test_sizes_follow_the_pareto_law(
    native: Native, name: str, least: int, most: int, tolerance: float
) -> None:
    check = run(native(name), "--loops=4").the("check")
    mean = check["allocated_bytes"] / check["allocated"]
    # Sizes are cut to whole bytes, by half a byte on average.
    assert mean == pytest.approx(bounded_pareto_mean(least, most) - 0.5, rel=tolerance)


@pytest.mark.parametrize(("name", "least", "most"), [("larson", 8, 512), ("rptest", 16, 8000)])
def test_sizes_between_two_are_as_likely(native: Native, name: str, least: int, most: int) -> None:
    check = run(native(name), "--loops=4").the("check")
    mean = check["allocated_bytes"] / check["allocated"]
    assert mean == pytest.approx((least + most) / 2, rel=0.02)


def faults(program: Path, *arguments: str) -> int:
    """Return the minor faults of one execution, as getrusage(2) counts them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    assert os.spawnv(os.P_WAIT, program, [str(program), *arguments]) == 0
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before


def test_each_carving_of_an_arena_faults_in_each_of_its_pages_once(
    native: Native, capfd: pytest.CaptureFixture[str]
) -> None:
    program = native("huge_arena")
    few, many = (faults(program, "--mib=4", f"--loops={loops}") for loops in (1, 5))
    assert many - few == pytest.approx(4 * 1024, abs=40)


@pytest.mark.parametrize(("size", "blocks"), [(4096, 512), (65_536, 32), (100, 16_384)])
def test_each_block_of_an_arena_is_visited_once_a_loop(native: Native, size: int, blocks: int) -> None:
    said = run(native("huge_arena"), "--mib=2", f"--size={size}", "--loops=3")
    assert said.the("region")["operations"] == 3 * blocks
    expected = {"carved": 3 * blocks, "visited": 3 * blocks, "sum": 3 * blocks * (blocks - 1) // 2}
    assert said.the("check") == expected


def test_free_is_told_the_size_where_the_allocator_has_a_function_for_it(
    native: Native, tmp_path: Path
) -> None:
    source = tmp_path / "sized.c"
    source.write_text(
        "#include <malloc.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
        "static _Atomic unsigned long frees, wrong;\n"
        "void free_sized(void *block, size_t size)\n"
        "{\n    frees++;\n    wrong += size > malloc_usable_size(block) || size < 8 || size > 512;\n"
        "    free(block);\n}\n"
        "__attribute__((destructor)) static void tell(void)\n"
        '{\n    fprintf(stderr, "%lu %lu\\n", frees, wrong);\n}\n'
    )
    library = compile_c(tmp_path / "sized.so", source, options=("-shared", "-fPIC"))
    program = native("larson")
    said = run(program, "--free=sized", "--loops=1", environment={"LD_PRELOAD": str(library)})
    assert said.facts()["sized_free"] == "free_sized"
    assert said.stderr == f"{said.the('check')['freed']} 0\n"
    assert run(program, "--free=sized", "--loops=1").facts()["sized_free"] == "free"
    assert "sized_free" not in run(program, "--free=plain", "--loops=1").facts()


@pytest.mark.parametrize("name", ALLOC)
def test_every_case_of_the_suite_is_within_what_its_program_takes(native: Native, name: str) -> None:
    (described,) = run(native(name), "--describe=1").lines
    given = [argument for case in CASES if case.program == name for argument in case.arguments]
    for argument in given:
        option, _, value = argument.removeprefix("--").partition("=")
        takes = described["options"][option]
        if "words" in takes:
            assert value in takes["words"]
        else:
            assert takes["least"] <= int(value) <= takes["most"]


@pytest.mark.slow
@pytest.mark.parametrize("name", SINGLE)
def test_instructions_are_linear_in_loops(native: Native, name: str) -> None:
    """The region holds the loops and nothing else: R² over counts by the emulator's plugin, and no offset."""
    (runner,) = [r for r in discover() if r.target.architecture == "x86_64"]
    if runner.unavailable():
        pytest.skip(runner.unavailable())
    program = native(name)
    arguments = small(name)[0]
    artifact = Artifact((str(program),), runner.target, (program,))
    loops = np.array([1.0, 2.0, 4.0, 8.0])
    totals = []
    for count in loops:
        done = runner.execute(Job(artifact, arguments, int(count)))
        assert done.outcome is Outcome.OK, done.crash
        (each,) = [sample.value for sample in done.samples if sample.metric == "instructions"]
        totals.append(each * count)
    slope, offset = np.polyfit(loops, totals, 1)
    assert np.corrcoef(loops, totals)[0, 1] ** 2 > 0.999
    assert abs(offset) < slope
