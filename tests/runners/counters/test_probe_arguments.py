"""Where a function's arguments are, by architecture and language, as the kernel is asked for them."""

import pytest

from pagewalk.errors import ConfigError, Unavailable
from runners.counters.probes.argument_values import MOST_VALUES, fold_calls
from runners.counters.probes.arguments import Asked, asked, fetched


@pytest.mark.parametrize(
    ("text", "function", "arguments"),
    [
        ("malloc", "malloc", ()),
        ("malloc(size)", "malloc", ("size",)),
        ("realloc(_, size)", "realloc", ("_", "size")),
        ("runtime.(*mheap).alloc", "runtime.(*mheap).alloc", ()),
        ("runtime.(*mheap).alloc(_,pages)", "runtime.(*mheap).alloc", ("_", "pages")),
    ],
)
def test_an_event_names_arguments_by_position_like_a_prototype(
    text: str, function: str, arguments: tuple[str, ...]
) -> None:
    assert asked(text) == Asked(function, arguments)


@pytest.mark.parametrize("text", ["malloc()", "malloc(_)", "malloc(1)", "f(a,a)", "malloc(a b)", "f(a;b)"])
def test_what_names_no_argument_is_an_error_that_shows_how_it_is_written(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        asked(text)
    assert "probe:malloc(size)" in error.value.remedy


@pytest.mark.parametrize(
    ("architecture", "go", "expected"),
    [
        ("x86_64", False, "a1=%di:u64 a3=%dx:u64"),
        ("arm64", False, "a1=%x0:u64 a3=%x2:u64"),
        ("riscv64", False, "a1=%a0:u64 a3=%a2:u64"),
        ("armv7", False, "a1=%r0:u32 a3=%r2:u32"),
        ("x86_64", True, "a1=%ax:u64 a3=%cx:u64"),
        ("arm64", True, "a1=%x0:u64 a3=%x2:u64"),
        ("riscv64", True, "a1=%a0:u64 a3=%a2:u64"),
    ],
)
def test_each_abi_has_its_own_registers(architecture: str, go: bool, expected: str) -> None:
    assert fetched(Asked("f", ("first", "_", "third")), architecture, go=go) == expected


def test_the_ninth_argument_of_go_on_riscv64_is_in_a_saved_register() -> None:
    names = ("_",) * 8 + ("ninth",)
    assert fetched(Asked("f", names), "riscv64", go=True) == "a9=%s0:u64"


@pytest.mark.parametrize(("architecture", "go", "count"), [("x86_64", False, 7), ("armv7", True, 1)])
def test_an_argument_on_the_stack_is_refused(architecture: str, go: bool, count: int) -> None:
    names = tuple(f"n{number}" for number in range(count))
    with pytest.raises(Unavailable, match="arguments in registers"):
        fetched(Asked("f", names), architecture, go=go)


# As perf 6.1 prints `-F comm,trace,ip,sym`, first without stacks and then with them.
ALONE = """\
               a (7f371fd9f930) a1=4096 a3=0
               a (7f371fd9f930) a1=24 a3=0
           my p; (7f371fd9f930) a1=24 a3=7
"""
STACKED = """\
gomap (41a0e0) a1=48
\t          41a0e0 runtime.mallocgc
\t          49c001 main.main

gomap (41a0e0) a1=0
\t          41a0e0 runtime.mallocgc

"""


def test_calls_without_stacks_are_told_by_their_function_and_values() -> None:
    folded = fold_calls(ALONE, "calloc", ("count", "_", "size"), 3)
    assert (
        folded
        == "a;calloc;count=24;size=0 1\na;calloc;count=4096;size=0 1\nmy p\\x3b;calloc;count=24;size=7 1\n"
    )


def test_values_are_the_innermost_frames_of_a_stack_and_what_was_lost_is_said() -> None:
    assert fold_calls(STACKED, "runtime.mallocgc", ("size",), 5) == (
        "[lost] 3\ngomap;main.main;runtime.mallocgc;size=48 1\ngomap;runtime.mallocgc;size=0 1\n"
    )


def test_very_many_values_become_ranges() -> None:
    lines = "".join(f"w (1) a1={value}\n" for value in range(MOST_VALUES + 1))
    folded = fold_calls(lines, "free", ("pointer",), MOST_VALUES + 1)
    assert len(folded.splitlines()) == 1 + MOST_VALUES.bit_length()
    assert "w;free;pointer=64…127 64\n" in folded
