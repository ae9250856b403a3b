"""From what a supervisor wrote down to a run: no loss looks like a crash, no exit like a signal."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.errors import Unavailable
from pagewalk.model import Missing, Outcome, Run, Sample
from pagewalk.protocols import Region
from runners.ssh.answer import Answer
from runners.ssh.ending import read_run
from runners.ssh.placement import Placement

PLACEMENT = Placement({Path("/c/churn"): "a" * 64})
REGION = b'{"region": "r", "operations": 2, "loops": 1, "seconds": 0.5}\n'


def _nothing(regions: Sequence[Region]) -> Iterable[Sample | Missing]:
    return []


def _run(ending: str, *, tells: bool = True, **sections: bytes) -> Run:
    answer = Answer({"ending": ending.encode(), **{k.replace("_", "."): v for k, v in sections.items()}})
    return read_run(answer, PLACEMENT, "/board", tells_signals=tells, perf=_nothing)


def test_a_good_end_has_time_and_the_peak_that_the_board_read() -> None:
    run = _run("status=0\npeak=100\nload=0.50 0.40 0.30 1/99 4", out=REGION)
    assert {sample.metric: sample.value for sample in run.samples} == {"time": 0.25, "peak_rss": 102400.0}
    assert run.facts["load_avg_1min"] == "0.50"
    assert not run.facts.keys() & {"cpu_mhz", "throttled"}
    assert next(missing.metric for missing in _run("status=0", out=REGION).missing) == "peak_rss"


def test_a_board_that_became_hot_says_so_in_the_run() -> None:
    heat = {"heat_before": b"limit 0\ncore 3\n", "heat_after": b"limit 2\ncore 3\n"}
    run = _run("status=0\nkhz=1500000", out=REGION, **heat)
    assert (run.facts["cpu_mhz"], run.facts["throttled"]) == ("1500", "1")


@pytest.mark.parametrize(
    ("status", "said", "tells", "signal", "exit_status"),
    [
        (139, b"Segmentation fault\n", True, "SIGSEGV", None),
        (139, b"", True, "", 139),
        (139, b"", False, "SIGSEGV", 139),
        (141, b"", True, "SIGPIPE", 141),
        (3, b"", True, "", 3),
        (200, b"", True, "", 200),
    ],
)
def test_a_signal_is_what_the_shell_says_is_one(
    status: int, said: bytes, tells: bool, signal: str, exit_status: int | None
) -> None:
    crash = _run(f"status={status}", tells=tells, said=said).crash
    assert crash is not None
    assert (crash.signal, crash.exit_status) == (signal, exit_status)


@pytest.mark.parametrize(
    "ending",
    ["", "status=", "status=x", "status=\ntimed_out=", "busy=busy\nstatus=0", "unkept=out\nstatus=0"],
)
def test_what_tells_nothing_of_the_workload_is_no_run(ending: str) -> None:
    with pytest.raises(Unavailable):
        _run(ending, out=REGION)


def test_a_kill_for_want_of_memory_is_told_by_the_log_of_this_execution_only() -> None:
    log = b"[  100.5] Out of memory: Killed process 7 (x)\n"
    ending = "status=137\npid=7\nbegan={}"
    assert _run(ending.format("99.0"), said=b"Killed", kernel=log).outcome is Outcome.OUT_OF_MEMORY
    assert _run(ending.format("200.0"), said=b"Killed", kernel=log).outcome is Outcome.CRASHED


def test_the_boards_paths_are_ours_in_all_it_says() -> None:
    there = f"{PLACEMENT.root('/board')}/c/churn".encode()
    run = _run("status=0", out=b'{"facts": {"allocator": "%s"}}\n' % there + REGION)
    assert run.facts["allocator"] == "/c/churn"


@given(
    ending=st.text(max_size=80),
    out=st.binary(max_size=80),
    err=st.binary(max_size=80),
    kernel=st.binary(max_size=80),
)
def test_no_board_can_make_it_raise_anything_else(ending: str, out: bytes, err: bytes, kernel: bytes) -> None:
    try:
        run = _run(f"status=139\npid=7\n{ending}", out=out, err=err, kernel=kernel)
    except Unavailable:
        return
    assert run.outcome is not Outcome.OK
