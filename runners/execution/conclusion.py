"""From how a process ended and what it said to the run it was, wherever it was executed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pagewalk.model import Missing, Outcome, Run, Sample
from pagewalk.protocols import Region
from runners.execution.capture import Capture
from runners.execution.crash_record import Find, describe
from runners.execution.outcome import Ending, classify
from runners.execution.workload_output import Report, read_report

Parse = Callable[[Sequence[Region]], Iterable[Sample | Missing]]
"""Returns what one counter source counted, per operation."""


def conclude(ending: Ending, capture: Capture, defect: str, parsers: Sequence[Parse], find: Find) -> Run:
    """Return the run of a process that is gone.

    Args:
        defect: what was wrong on the control channel; empty where nothing was.
        parsers: asked only where the execution was ok.
    """
    report = read_report(capture)
    if defect and not report.defect:
        report = replace(report, defect=defect)
    outcome, crash, reason = classify(ending, report)
    facts = {**report.facts, "failure": reason} if reason else report.facts
    if outcome is not Outcome.OK:
        told = describe(crash, capture, ending.fault(), find) if crash else None
        return Run(outcome, crash=told, facts=facts)
    samples, missing = _counted(parsers, report)
    return Run(outcome, samples, missing, None, facts)


def _counted(parsers: Sequence[Parse], report: Report) -> tuple[tuple[Sample, ...], tuple[Missing, ...]]:
    """Return a sample per metric, the first source's that has one, and what no source had."""
    found = [value for parse in parsers for value in parse(report.regions)]
    samples: dict[str, Sample] = {}
    missing: dict[str, Missing] = {}
    for value in found:
        if isinstance(value, Sample):
            samples.setdefault(value.metric, value)
        else:
            missing.setdefault(value.metric, value)
    lacking = tuple(value for metric, value in missing.items() if metric not in samples)
    return tuple(samples.values()), lacking
