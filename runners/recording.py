"""Executions on this machine that are recorded and not measured: call stacks, calls with their values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pagewalk.analysis.timeline import faults_before
from pagewalk.events import TIMELINE, TimedEvent
from pagewalk.model import Job, Outcome, Run
from pagewalk.protocols import CounterSession
from runners.counters.perf.record import PerfRecord, PerfRecordSession
from runners.counters.perf.record_plan import FAULTS, fold_recorded_calls
from runners.counters.perf.recordable import require_recordable
from runners.counters.perf.timeline import TRACEPOINTS, kept, read_events, timeline_plan, with_begin
from runners.counters.probes.arguments import asked, is_probe
from runners.counters.probes.call_count import CallCount
from runners.counters.probes.pauses import watched_pauses
from runners.counters.probes.placing import Probes, placed, require_probes
from runners.counters.probes.tracefs import readable
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
    if job.record == TIMELINE:
        return past_calibration(job, lambda job: _timed(job, execute))
    return _recorded(job, execute, PerfRecord(), lambda session: session.folded())


def require_recorded(event: str) -> None:
    """Check that something can be recorded on this machine.

    Raises:
        ConfigError: there is no such event; names the right one.
        Unavailable: there is, and it cannot be recorded here.
    """
    if is_probe(event):
        asked(event)
        require_probes()
    else:
        require_recordable(FAULTS if event == TIMELINE else event)


def past_calibration(job: Job, execute: Callable[[Job], Run]) -> Run:
    """Return the run of a time line, of a workload that died before its region without its calibration."""
    run = execute(job)
    if run.outcome is Outcome.CRASHED and not run.events:
        # It died while it found out how many loops to do: spare it that.
        return execute(replace(job, arguments=(*job.arguments, f"--loops={job.exact_loops}")))
    return run


def timed(run: Run, found: Sequence[TimedEvent], *, ended: bool) -> Run:
    """Return a run with the events of its time line.

    Args:
        ended: whether perf ended it since the recording was full.
    """
    facts, events = {**run.facts, "events": str(len(found))}, kept(found)
    if ended:
        run, facts = Run(Outcome.OK), when_full(facts)
    elif run.crash is not None and run.outcome is Outcome.CRASHED:
        faults = faults_before(events, run.crash.fault_address)
        run = replace(run, crash=replace(run.crash, faults=faults))
    return replace(run, facts=facts, events=events)


def when_full(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts of a run that perf ended since its file was full: no fault of the workload's."""
    return {**{name: text for name, text in facts.items() if name != "failure"}, "recorded": FULL}


def _timed(job: Job, execute: Execute) -> Run:
    with scratch_folders() as (scratch, work), watched_pauses(job.artifact) as pauses:
        session = PerfRecordSession(scratch, timeline_plan(pauses, readable(TRACEPOINTS)))
        run = execute(job, (session,), work)
        found = with_begin(read_events(session.script(), pauses), session.enabled_at)
        return timed(run, found, ended=session.truncated)


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
    return fold_recorded_calls(session.plan, session.script(), probes, calls)


def _recorded(job: Job, execute: Execute, source: PerfRecord, fold: _Fold, *more: CounterSession) -> Run:
    with scratch_folders() as (scratch, work):
        session = source.open(scratch, job)
        run = execute(job, (session, *more), work)
        if session.truncated:
            return Run(Outcome.OK, facts=when_full(run.facts), folded=fold(session))
        if run.outcome is Outcome.OK:
            return replace(run, folded=fold(session))
        return run
