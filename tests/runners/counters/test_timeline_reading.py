"""From what perf prints of several events to one time line, whatever a symbol is called."""

from hypothesis import given
from hypothesis import strategies as st

from pagewalk.events import EventKind, TimedEvent
from runners.counters.perf.timeline import (
    TRACEPOINTS,
    access_text,
    kept,
    read_events,
    timeline_plan,
    with_begin,
)
from runners.counters.probes.arguments import Asked
from runners.counters.probes.pauses import Pauses
from runners.counters.probes.placing import Probes

# As perf 6.1 printed it of a workload that wrote to two pages and then to 0x10
SCRIPT = """\
16035 35479.086171527:     syscalls:sys_enter_prctl: option: 0x70616765, arg2: 0x00000001, arg3: 0x00000000, \
arg4: 0x00000000, arg5: 0x00000000               0     7f56d6fb945d __GI___prctl
16035 35479.086390001:   exceptions:page_fault_user: address=0x7f56d6db5000 ip=0x7f56d701e0ba error_code=0x6\
               0 ffffffff821f31c0 exc_page_fault
16035 35479.086391002:                  page-faults:     7f56d6db5000 [unknown]     7f56d701e0ba \
__memset_avx512_unaligned_erms
16035 35479.086391500:                  page-faults:     7ff5f44c42a0 __sysconf     7ff5f44c42a0 \
std::map<int, int>::find(int const&)
16035 35479.086392679:     syscalls:sys_enter_prctl: option: 0x70616765, arg2: 0x00000002, arg3: 0x00000000, \
arg4: 0x00000000, arg5: 0x00000000               0     7f56d6fb945d __GI___prctl
16035 35479.086393000:   exceptions:page_fault_user: address=0x10 ip=0x5612fe56a251 error_code=0x6\
               0 ffffffff821f31c0 exc_page_fault
16035 35479.086393100:                  page-faults:               10 [unknown]     5612fe56a251 main
16035 35479.086421000:        signal:signal_deliver: sig=11 errno=0 code=1 sa_handler=5612fe56a2a0 sa_flags=0\
               0 ffffffff813701a9 get_signal
16035 35479.086430000:        signal:signal_deliver: sig=11 errno=0 code=-6 sa_handler=0 sa_flags=0\
               0 ffffffff813701a9 get_signal
"""
PAUSES = Pauses(Probes("pagewalk_7_0", (1,), Asked("stop")), Probes("pagewalk_7_1", (2,), Asked("start")))


def test_faults_marks_and_signals_come_back_in_order_with_their_access_and_function() -> None:
    found = read_events(SCRIPT, None)
    assert [(event.kind, event.address, event.function, event.detail) for event in found] == [
        (EventKind.BEGIN, None, "", ""),
        (EventKind.FAULT, 0x7F56D6DB5000, "__memset_avx512_unaligned_erms", "write"),
        (EventKind.FAULT, 0x7FF5F44C42A0, "std::map<int, int>::find(int const&)", ""),
        (EventKind.END, None, "", ""),
        (EventKind.FAULT, 0x10, "main", "write"),
        (EventKind.SIGNAL, None, "", "SIGSEGV goes to its handler"),
        (EventKind.SIGNAL, None, "", "SIGSEGV ends it"),
    ]
    assert found[1].at - found[0].at == 391002 - 171527
    assert {event.thread for event in found} == {16035}


def test_pauses_are_told_by_the_probes_that_stand() -> None:
    script = (
        "  9 1.000000100: pagewalk_7_1:p0: (41a0e0)  0 41a0e0 runtime.startTheWorldWithSema\n"
        "  9 1.000000050: pagewalk_7_0:p0: (41a0e0)  0 41a0e0 runtime.stopTheWorldWithSema\n"
        "  9 1.000000060: pagewalk_8_0:p0: (41a0e0)  0 41a0e0 of.somebody.else\n"
    )
    found = read_events(script, PAUSES)
    assert found == (
        TimedEvent(1_000_000_050, EventKind.STOP, 9),
        TimedEvent(1_000_000_100, EventKind.START, 9),
    )


@given(st.text(max_size=200))
def test_no_text_is_believed_to_be_more_than_it_can_be(text: str) -> None:
    line = f"  7 1.000000001: page-faults:  10 [unknown]  20 {text}\n"
    for event in read_events(text + "\n" + line, PAUSES):
        assert len(event.function) <= 2500
        assert not {"\n", "\x1b", "\t", ";"} & set(event.function)


def test_the_kind_of_access_is_read_from_either_architectures_code() -> None:
    user, kernel = "exceptions:page_fault_user", "exceptions:page_fault_kernel"
    told = [access_text(user, code) for code in (4, 6, 20, 12, 13, 15)]
    assert told == ["read", "write", "execute", "execute", "read", "write"]
    assert access_text(kernel, 2) == "write by the kernel"


def test_of_too_many_events_the_first_page_faults_are_left_out_and_no_mark() -> None:
    events = [TimedEvent(at, EventKind.FAULT if at else EventKind.BEGIN, 1) for at in range(10)]
    assert [event.at for event in kept(events, 4)] == [0, 7, 8, 9]
    assert kept(events, 10) == tuple(events)


def test_without_a_mark_the_region_begins_when_perf_was_switched_on() -> None:
    fault = TimedEvent(50, EventKind.FAULT, 1)
    assert with_begin([fault], 40) == (TimedEvent(40, EventKind.BEGIN, 0), fault)
    assert with_begin([fault], None) == (fault,)
    marked = (TimedEvent(45, EventKind.BEGIN, 1), fault)
    assert with_begin(marked, 40) == marked


def test_everything_is_recorded_by_the_clock_that_marks_are_by() -> None:
    for tracepoints in ((), TRACEPOINTS):
        options = timeline_plan(PAUSES, tracepoints).options
        assert options[options.index("-k") + 1] == "CLOCK_MONOTONIC"
        assert {name for name in TRACEPOINTS if name in options} == set(tracepoints)


def test_a_function_that_a_boards_perf_does_not_know_is_asked_of_our_copy_of_the_file() -> None:
    asked = []

    def function_at(file: str, address: int) -> str:
        asked.append((file, address))
        return "touch" if file == "/trees/w x" else ""

    script = "".join(
        f"  7 1.00000000{number}: page-faults:  10 [unknown] ([heap])      20{number} {symbol}\n"
        for number, symbol in enumerate(
            (
                "main (/trees/w x)",
                ".L0  (/trees/w x)",
                "[unknown] (/trees/w x)",
                ".L5 (/other)",
                "f(int) (/lib/c++)",
            )
        )
    )
    functions = [event.function for event in read_events(script, None, function_at)]
    assert functions == ["main", "touch", "touch", "", "f(int)"]
    assert asked == [("/trees/w x", 0x201), ("/trees/w x", 0x202), ("/other", 0x203)]
