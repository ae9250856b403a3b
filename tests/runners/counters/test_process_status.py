"""Time and memory of the workload, not of whoever started it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.model import Artifact, Job, Missing, Outcome, Run, Target
from runners.counters.process_status import ProcessStatus, peak_rss

Execute = Callable[..., Run]

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)


def test_peak_rss_is_the_workloads_however_large_we_are(
    execute_command: Execute, workload: Path, tmp_path: Path
) -> None:
    """ru_maxrss of a child is at least that of its parent at exec: the pitfall this avoids."""
    ballast = bytearray(os.urandom(1)) * (200 << 20)
    peaks = []
    for pages in (100, 5000):
        run = execute_command(workload, f"--pages={pages}", sessions=(ProcessStatus().open(tmp_path, JOB),))
        peaks += [sample.value for sample in run.samples if sample.metric == "peak_rss"]
    assert len(ballast) == 200 << 20
    assert peaks[0] < 8 << 20
    # The kernel folds each thread's own count of pages in only now and then.
    assert abs(peaks[1] - peaks[0] - 4900 * 4096) < 1 << 20


def test_time_is_the_workloads_own_clock_per_operation(shell: Execute, tmp_path: Path) -> None:
    script = """echo '{"region": "a", "operations": 4, "seconds": 2}'
                echo '{"region": "b", "operations": 6, "seconds": 3}'"""
    run = shell(script, sessions=(ProcessStatus().open(tmp_path, JOB),))
    assert {sample.metric: sample.value for sample in run.samples} == {"time": 0.5}
    assert [missing.metric for missing in run.missing] == ["peak_rss", "overhead", "settled_rss"]


def test_what_the_workload_says_of_its_memory_becomes_overhead_and_what_settles(
    shell: Execute, tmp_path: Path
) -> None:
    script = """echo '{"region": "a", "operations": 4, "seconds": 2}'
                echo '{"memory": {"live_bytes": 1000, "resident_bytes": 1250, "settled_bytes": 4096}}'"""
    run = shell(script, sessions=(ProcessStatus().open(tmp_path, JOB),))
    values = {sample.metric: sample.value for sample in run.samples}
    assert (values["overhead"], values["settled_rss"]) == (1.25, 4096)


@pytest.mark.parametrize(
    "memory", ["[]", '{"live_bytes": 0}', '{"live_bytes": -1}', '{"live_bytes": 1.5}', '{"other": 1}', "null"]
)
def test_memory_that_makes_no_sense_is_a_defect_of_the_workload(
    shell: Execute, tmp_path: Path, memory: str
) -> None:
    script = f"""echo '{{"region": "a", "operations": 4, "seconds": 2}}'
                 echo '{{"memory": {memory}}}'"""
    run = shell(script, sessions=(ProcessStatus().open(tmp_path, JOB),))
    assert run.outcome is Outcome.FAILED


def test_a_process_that_is_gone_has_no_peak() -> None:
    assert peak_rss(2**22 + 1) is None


def test_nothing_reported_is_missing_not_zero(tmp_path: Path) -> None:
    found = list(ProcessStatus().open(tmp_path, JOB).parse(()))
    assert all(isinstance(value, Missing) and value.reason for value in found)
