"""Tracebacks as Go 1.25.5 wrote them on x86_64, paths shortened."""

import pytest

from runners.execution.capture import Capture
from runners.execution.go_traceback import frames_of, program_counter_of, registers_of

FAULT = """\
unexpected fault address 0x7f0000000010
fatal error: fault
[signal SIGSEGV: segmentation violation code=0x1 addr=0x7f0000000010 pc=0x47ef00]

goroutine 1 gp=0xc000002380 m=0 mp=0x537d40 [running]:
runtime.throw({0x49d29a?, 0x2000000000013?})
	/go/src/runtime/panic.go:1094 +0x48 fp=0xc00008ae88 sp=0xc00008ae58 pc=0x46bcc8
runtime.sigpanic()
	/go/src/runtime/signal_unix.go:939 +0x26c fp=0xc00008aee8 sp=0xc00008ae88 pc=0x46ceac
main.(*pool[...]).take(0x0?, 0x0?)
	/src/main.go:8 fp=0xc00008aef0 sp=0xc00008aee8 pc=0x47ef00
main.main()
	/src/main.go:22 +0x69 fp=0xc00008af50 sp=0xc00008aef0 pc=0x47edc9

goroutine 2 gp=0xc0000028c0 m=nil [force gc (idle)]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
	/go/src/runtime/proc.go:460 +0xce fp=0xc00003cfa8 sp=0xc00003cf88 pc=0x46bdae
"""

RACE = """\
fatal error: concurrent map writes

goroutine 20 [running]:
internal/runtime/maps.fatal({0x49feb2?, 0x0?})
	/go/src/runtime/panic.go:1046 +0x18
main.main.func1()
	/src/main.go:16 +0x3e
created by main.main in goroutine 1
	/src/main.go:16 +0x9d

goroutine 1 [sync.WaitGroup.Wait]:
sync.runtime_SemacquireWaitGroup(0xc000090360?, 0x80?)
"""

# runtime.sighandler's dump where Go cannot go on, after the goroutines
REGISTERS = """\
rax    0x0
r15    0xffffffffffffffff
rip    0x47ef00
rflags 0x10246
cs     0x33
"""


def test_the_stack_that_died_is_found_innermost_first() -> None:
    expected = ("runtime.throw", "runtime.sigpanic", "main.(*pool).take", "main.main")
    assert frames_of(FAULT.splitlines()) == expected


def test_the_goroutine_that_made_it_is_not_part_of_the_stack() -> None:
    assert frames_of(RACE.splitlines()) == ("internal/runtime/maps.fatal", "main.main.func1")


def test_the_program_counter_and_the_registers_are_read() -> None:
    assert program_counter_of(FAULT.splitlines()) == 0x47EF00
    assert program_counter_of(RACE.splitlines()) is None
    found = registers_of(REGISTERS.splitlines())
    assert (found["r15"], found["rip"]) == (2**64 - 1, 0x47EF00)


@pytest.mark.parametrize("goroutines", [0, 5000])
def test_the_stack_that_died_survives_thousands_of_others_after_it(goroutines: int) -> None:
    capture = Capture()
    other = "\ngoroutine 9 [select]:\nmain.wait()\n\t/src/main.go:1 +0x1\n"
    text = f"a line of the workload's own\n{RACE}{other * goroutines}".encode()
    for at in range(0, len(text), 1000):
        capture.feed("stderr", text[at : at + 1000])
    capture.close()
    assert capture.traceback[0] == "fatal error: concurrent map writes"
    assert frames_of(capture.traceback) == ("internal/runtime/maps.fatal", "main.main.func1")


def test_what_is_no_traceback_has_no_frames() -> None:
    assert frames_of(["main.main()", "goroutine"]) == ()
    assert registers_of(["rax  zero", "0x10"]) == {}
