"""From exit status and evidence to an outcome; texts are as the programs print them."""

import pytest

from pagewalk.model import Outcome
from pagewalk.protocols import Region
from runners.execution.fault import Fault
from runners.execution.outcome import Ending, classify
from runners.execution.workload_output import Report

GOOD = Report((Region("r", 1, 1.0),))
GO_SIGNAL = "[signal SIGSEGV: segmentation violation code=0x1 addr=0x3f68 pc=0x17b4c]"
QEMU = "qemu: uncaught target signal 7 (Bus error) - core dumped"


@pytest.mark.parametrize(
    ("ending", "outcome", "signal", "status", "address"),
    [
        (Ending(0), Outcome.OK, "", None, None),
        (Ending(-11), Outcome.CRASHED, "SIGSEGV", None, None),
        (Ending(-11, fault=lambda: Fault(5)), Outcome.CRASHED, "SIGSEGV", None, 5),
        (Ending(-40), Outcome.CRASHED, "SIG40", None, None),
        (
            Ending(
                -7,
                evidence=('{"crash": {"signal": 7, "address": "0x1a", "pc": "0x0"}}',),
                fault=lambda: Fault(5),
            ),
            Outcome.CRASHED,
            "SIGBUS",
            None,
            0x1A,
        ),
        (Ending(-7, evidence=('{"crash": {"address": [',)), Outcome.CRASHED, "SIGBUS", None, None),
        (Ending(2, evidence=(GO_SIGNAL,)), Outcome.CRASHED, "SIGSEGV", 2, 0x3F68),
        (Ending(2, evidence=("fatal error: concurrent map writes",)), Outcome.FAILED, "", 2, None),
        (Ending(2, evidence=("fatal error: runtime: out of memory",)), Outcome.OUT_OF_MEMORY, "", 2, None),
        (
            Ending(-6, evidence=("terminate called after … std::bad_alloc",)),
            Outcome.OUT_OF_MEMORY,
            "SIGABRT",
            None,
            None,
        ),
        (Ending(-9), Outcome.CRASHED, "SIGKILL", None, None),
        (Ending(-9, killed_for_memory=True), Outcome.OUT_OF_MEMORY, "SIGKILL", None, None),
        (Ending(-9, timed_out=True), Outcome.TIMEOUT, "", None, None),
        (Ending(135, relayed=True), Outcome.CRASHED, "SIGBUS", 135, None),
        (Ending(1, relayed=True, evidence=(QEMU,)), Outcome.CRASHED, "SIGBUS", 1, None),
        (Ending(135), Outcome.FAILED, "", 135, None),
        (Ending(255, relayed=True), Outcome.FAILED, "", 255, None),
        (Ending(64), Outcome.FAILED, "", 64, None),
        (Ending(126, evidence=("sh: ./a: Exec format error",)), Outcome.UNSUPPORTED, "", 126, None),
    ],
)
def test_an_ending_has_one_outcome(
    ending: Ending, outcome: Outcome, signal: str, status: int | None, address: int | None
) -> None:
    found, crash, reason = classify(ending, GOOD)
    assert found is outcome
    if outcome is Outcome.OK:
        assert (crash, reason) == (None, "")
    else:
        assert crash is not None
        assert (crash.signal, crash.exit_status, crash.fault_address) == (signal, status, address)


def test_a_go_traceback_in_a_process_that_ended_well_is_no_crash() -> None:
    """A workload may recover from a nil dereference on purpose."""
    assert classify(Ending(0, evidence=(GO_SIGNAL,)), GOOD)[0] is Outcome.OK


def test_status_0_is_not_enough() -> None:
    assert classify(Ending(0), Report())[0] is Outcome.FAILED
    assert classify(Ending(0), Report(GOOD.regions, defect="line 3 is not JSON"))[0] is Outcome.FAILED


def test_a_crash_outweighs_a_torn_last_line() -> None:
    assert classify(Ending(-11), Report(defect="line 3 is not JSON"))[0] is Outcome.CRASHED
