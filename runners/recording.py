"""Executions on this machine that are recorded and not measured: call stacks, calls with their values."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pagewalk.model import Job, Outcome, Run
from pagewalk.protocols import CounterSession
from runners.counters.call_count import CallCount
from runners.counters.folded import scaled
from runners.counters.perf_record import PerfRecord, PerfRecordSession
from runners.counters.probes import Probes, is_probe, placed
from runners.counters.record_plan import FAULTS, fold_recorded_calls
from runners.execution.scratch import scratch_folders

FULL = "the first samples only: the recording was full"

Execute = Callable[[Job, tuple[CounterSession, ...], Path], Run]
"""Executes a job under sessions in an empty folder."""

_Fold = Callable[[PerfRecordSession], str]


def record(job: Job, execute: Execute) -> Run:
    """Return the run of a job with what it asks to be recorded.

    Raises:
        Unavailable: it cannot be recorded here, or perf recorded something else.
        ConfigError: there is no such event or function.
    """
    if is_probe(job.record):
        return _record_calls(job, execute)
    return _recorded(job, execute, PerfRecord(), lambda session: session.folded())


def _record_calls(job: Job, execute: Execute) -> Run:
    """Record the calls of a function, and count them beside it: the stacks sum up to all of them."""
    with placed(job.record, job.artifact) as probes:
        count = CallCount(probes)
        try:
            run = _recorded(
                job, execute, PerfRecord(probes), lambda session: _folded(session, probes, count.calls), count
            )
            facts = {**run.facts, "calls": str(count.calls)} if run.outcome is Outcome.OK else run.facts
        finally:
            count.close()
    return replace(run, facts=facts)


def _folded(session: PerfRecordSession, probes: Probes, calls: int) -> str:
    if probes.what.arguments:
        return fold_recorded_calls(session.script(), probes, calls)
    return scaled(session.folded(), calls)


def _recorded(job: Job, execute: Execute, source: PerfRecord, fold: _Fold, *more: CounterSession) -> Run:
    with scratch_folders() as (scratch, work):
        session = source.open(scratch, job)
        run = execute(job, (session, *more), work)
        if session.truncated:
            # perf ended the workload since its file was full: no fault of the workload's.
            told = {**run.facts, "recorded": FULL}
            told.pop("failure", None)
            return Run(Outcome.OK, facts=told, folded=fold(session))
        if run.outcome is Outcome.OK:
            return replace(run, folded=fold(session))
        if run.crash is not None and run.outcome is Outcome.CRASHED and job.record == FAULTS:
            faults = session.last_faults(run.crash.fault_address)
            return replace(run, crash=replace(run.crash, faults=faults))
        return run
