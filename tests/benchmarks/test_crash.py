"""The crash record of C workloads: what struck, where, and that the process dies of it all the same."""

import platform
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import run

Native = Callable[..., Path]
GREAT = {
    "churn": ("--size=1048576", "--live=1048576"),
    "alloc_sequence": ("--length=65536", "--slots=4096", "--most=16777216"),
    "chase_pages": ("--pages=1000000",),
    "chase_lines": ("--lines=1000000",),
    "far_pages": ("--pages=16384",),
    "walk": ("--kib=1000000",),
    "flush_pages": ("--pages=65536",),
    "copy_on_write": ("--pages=200000",),
    "misaligned": ("--kib=1000000",),
    "first_touch": ("--pages=200000",),
    "advise": ("--pages=200000",),
}
"""Workloads whose memory has a size of their own, and one that is more than 40 MB."""
LOW_ADDRESS, NO_ADDRESS, ABORT, SENT, STACK, BEYOND_FILE, ILLEGAL = range(7)

on_x86_64 = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="an address that only x86_64 refuses so"
)


@pytest.mark.parametrize(
    ("how", "number", "address"),
    [
        pytest.param(LOW_ADDRESS, signal.SIGSEGV, "0x10", id="near NULL"),
        pytest.param(NO_ADDRESS, signal.SIGSEGV, None, id="non-canonical", marks=on_x86_64),
        pytest.param(ABORT, signal.SIGABRT, None, id="abort"),
        pytest.param(SENT, signal.SIGFPE, None, id="sent"),
        pytest.param(BEYOND_FILE, signal.SIGBUS, "0x20000018", id="beyond a file's end"),
    ],
)
def test_a_crash_is_recorded_with_its_address_where_it_has_one(
    native: Native, how: int, number: int, address: str | None
) -> None:
    said = run(native("crashing"), "--loops=1", f"--how={how}")
    crash = said.the("crash")
    assert said.status == -number
    assert crash["signal"] == number
    assert crash.get("address") == address
    assert int(crash["pc"], 16) > 0
    assert not any("region" in line for line in said.lines)


def function_at(program: Path, address: int) -> str:
    """Return the function of an executable that an address lies in, as its symbol table has it."""
    table = subprocess.run(["nm", "-S", program], capture_output=True, text=True, check=True).stdout
    symbols = [line.split() for line in table.splitlines() if len(line.split()) == 4]
    (name,) = [name for at, size, _, name in symbols if 0 <= address - int(at, 16) < int(size, 16)]
    return name


@pytest.mark.parametrize(("how", "function"), [(LOW_ADDRESS, "read_at"), (ILLEGAL, "pass")])
def test_the_program_counter_lies_in_the_function_that_crashed(
    native: Native, how: int, function: str
) -> None:
    program = native("crashing", "-no-pie", "-fno-reorder-blocks-and-partition")
    crash = run(program, "--loops=1", f"--how={how}").the("crash")
    assert function_at(program, int(crash["pc"], 16)) == function


def test_an_illegal_instruction_has_its_own_address(native: Native) -> None:
    crash = run(native("crashing"), "--loops=1", f"--how={ILLEGAL}").the("crash")
    assert crash["signal"] == signal.SIGILL
    assert crash["address"] == crash["pc"]


def test_a_stack_that_overflows_is_recorded_too(native: Native) -> None:
    said = run(("sh", "-c", 'ulimit -s 256 && exec "$@"', "sh", native("crashing")), f"--how={STACK}")
    assert said.status == -signal.SIGSEGV
    assert said.the("crash")["signal"] == signal.SIGSEGV
    assert int(said.the("crash")["address"], 16) > 0


@pytest.mark.parametrize("name", GREAT)
def test_memory_that_runs_out_is_said_in_words_that_the_runner_knows(native: Native, name: str) -> None:
    said = run(("sh", "-c", 'ulimit -v 40000 && exec "$@"', "sh", native(name)), "--loops=1", *GREAT[name])
    assert said.status == 71
    assert "out of memory" in said.stderr or "Cannot allocate memory" in said.stderr
