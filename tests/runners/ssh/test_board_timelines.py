"""Time lines of a real board: faults, marks and the crash after them, by its own clock."""

import shutil
from collections.abc import Callable

import pytest

from pagewalk.events import TIMELINE, EventKind
from pagewalk.model import Job, Outcome
from runners.ssh.runner import Ssh
from tests.runners.probed import tracing

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("perf") is None, reason="no perf: apt-get install linux-perf"),
]

MakeJob = Callable[..., Job]


def test_faults_lie_between_the_marks_and_the_one_that_kills_before_its_signal(
    shared: Ssh, job: MakeJob
) -> None:
    tracing()
    shared.require_event(TIMELINE)
    run = shared.execute(job("--pages=40", record=TIMELINE))
    kinds = [event.kind for event in run.events]
    assert run.outcome is Outcome.OK
    begin, end = kinds.index(EventKind.BEGIN), kinds.index(EventKind.END)
    touched = [event for event in run.events[begin:end] if event.function == "main"]
    assert len(touched) >= 40
    assert [event.at for event in run.events] == sorted(event.at for event in run.events)

    run = shared.execute(job("--mode=segv", record=TIMELINE))
    assert run.crash is not None
    assert run.outcome is Outcome.CRASHED
    assert run.crash.faults[-1].startswith("0x10 in main")
    (fatal,) = [event for event in run.events if event.address == 0x10]
    ends = [event for event in run.events if event.kind is EventKind.SIGNAL]
    assert ends[-1].detail == "SIGSEGV ends it"
    assert run.events[0].kind is EventKind.BEGIN
    assert run.events[0].at < fatal.at < ends[0].at
