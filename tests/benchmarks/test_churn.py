"""churn against an allocator that counts for itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import Said, run

Native = Callable[..., Path]


def counted(native: Native, preload: Path, size: int, *arguments: str) -> tuple[Said, int, int]:
    said = run(
        native("churn"),
        f"--size={size}",
        *arguments,
        environment={"LD_PRELOAD": str(preload), "COUNT_SIZE": str(size)},
    )
    mallocs, frees = map(int, said.stderr.split())
    return said, mallocs, frees


@pytest.mark.parametrize(("size", "live", "loops"), [(777, 1000, 1), (777, 1, 3), (50_000, 100, 2)])
def test_what_it_says_it_allocated_and_freed_is_what_the_allocator_saw(
    native: Native, preload: Path, size: int, live: int, loops: int
) -> None:
    said, mallocs, frees = counted(native, preload, size, f"--live={live}", f"--loops={loops}")
    assert said.the("check") == {"allocated": mallocs, "freed": frees, "allocated_bytes": mallocs * size}
    assert mallocs == frees == live + 4 * live + 4096 * loops


def test_an_operation_is_one_malloc_and_one_free(native: Native, preload: Path) -> None:
    first, *before = counted(native, preload, 777, "--loops=2")
    second, *after = counted(native, preload, 777, "--loops=5")
    more = second.the("region")["operations"] - first.the("region")["operations"]
    assert [b - a for a, b in zip(before, after, strict=True)] == [more, more]


def test_it_names_the_object_that_malloc_comes_from(native: Native, preload: Path) -> None:
    program = native("churn")
    assert run(program, "--loops=1").facts()["allocator"].endswith("/libc.so.6")
    preloaded = run(program, "--loops=1", environment={"LD_PRELOAD": str(preload)})
    assert preloaded.facts()["allocator"] == str(preload)


def test_the_path_of_an_allocator_may_hold_what_json_must_escape(
    native: Native, preload: Path, tmp_path: Path
) -> None:
    odd = tmp_path / 'a"b\\c\td.so'
    odd.write_bytes(preload.read_bytes())
    odd.chmod(0o755)
    said = run(native("churn"), "--loops=1", environment={"LD_PRELOAD": str(odd)})
    assert said.facts()["allocator"] == str(odd)
