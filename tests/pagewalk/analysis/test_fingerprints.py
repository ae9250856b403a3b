"""The same crash is recognised over commits and executions, and a different one is not taken for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.fingerprints import NULL_PAGE, fingerprint, place
from pagewalk.model import Crash, Outcome

SEGV = Crash("SIGSEGV", fault_address=0x7F0012345678, frames=("slab_refill", "slab_take"), pc=0x401000)
RACE = Crash(
    exit_status=2,
    frames=("internal/runtime/maps.fatal", "main.main.func1"),
    last_output=("fatal error: concurrent map writes", "goroutine 20 [running]:"),
)


def kind(crash: Crash | None) -> str:
    return fingerprint(Outcome.CRASHED, crash)


@given(
    st.integers(NULL_PAGE, 2**64 - 1),
    st.integers(0, 2**64 - 1),
    st.dictionaries(st.sampled_from(["rax", "rbx", "x0"]), st.integers(0, 2**64 - 1)),
    st.lists(st.text(st.characters(min_codepoint=32), max_size=20).filter(lambda s: "error" not in s)),
)
def test_addresses_registers_and_chatter_make_no_other_crash(
    address: int, pc: int, registers: dict[str, int], chatter: list[str]
) -> None:
    moved = replace(
        SEGV,
        fault_address=address,
        pc=pc,
        registers=registers,
        last_output=tuple(line for line in chatter if not line.startswith(("panic: ", "fatal error: "))),
    )
    assert kind(moved) == kind(SEGV)


@given(st.integers(0, 10**9), st.integers(0, 2**64 - 1))
def test_without_functions_what_was_printed_tells_them_apart_numbers_aside(count: int, address: int) -> None:
    one = Crash("SIGABRT", last_output=(f"slab 7: {count} blocks at {address:#x} are no blocks",))
    two = Crash("SIGABRT", last_output=("slab 7: 1 blocks at 0x1 are no blocks",))
    other = Crash("SIGABRT", last_output=("slab 7: a block was freed twice",))
    assert kind(one) == kind(two)
    assert kind(one) != kind(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(SEGV, signal="SIGBUS"),
        replace(SEGV, fault_address=0x10),
        replace(SEGV, frames=("slab_free", "slab_take")),
        None,
        RACE,
    ],
)
def test_another_signal_function_or_a_null_pointer_is_another_crash(other: Crash | None) -> None:
    assert kind(other) != kind(SEGV)


def test_another_outcome_is_another_kind() -> None:
    assert fingerprint(Outcome.TIMEOUT, None) != fingerprint(Outcome.OUT_OF_MEMORY, None)


def test_how_go_dies_is_not_where_it_died() -> None:
    assert place(RACE) == "main.main.func1"
    assert (
        place(Crash(frames=("runtime.throw", "runtime.sigpanic", "main.(*pool).take"))) == "main.(*pool).take"
    )
    assert place(Crash(frames=("runtime.mallocgc", "runtime.newobject"))) == "runtime.mallocgc"
    assert place(Crash(frames=("runtime.throw",))) == ""


def test_go_dying_of_something_else_in_the_same_place_is_another_crash() -> None:
    other = replace(RACE, last_output=("fatal error: all goroutines are asleep - deadlock!",))
    assert kind(other) != kind(RACE)
