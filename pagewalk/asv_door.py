"""What a benchmark does when asv itself calls it: execute the workload, hand one metric to asv.

One measurement of a case feeds all its metrics within one `asv run`: runs are kept in the folder
that the environment plugin names, which lives as long as that asv process.
"""

import math
import os
from pathlib import Path
from typing import Any

from pagewalk.build import build
from pagewalk.errors import ConfigError
from pagewalk.history import runlog
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Run
from pagewalk.plugins import runner_named
from pagewalk.sampling import rounds_for
from pagewalk.sampling.execution import execute
from pagewalk.subjects import load_subject, resolve
from pagewalk.suite.discovery import SuiteCase, cases_of
from pagewalk.suite.workload import Workload


def open_door() -> None:
    """Let asv measure: from here on a benchmark's track methods execute its workload."""
    Workload.door = staticmethod(measure)


def measure(workload: Workload, metric: str, values: tuple[Any, ...]) -> Any:
    """Return what asv stores: samples, NaN where the metric cannot be had.

    Raises:
        RuntimeError: the workload did not end well; asv records a failure with this text.
    """
    family = type(workload).__module__.partition(".")[2]
    owner = f"{family}.{type(workload).__name__}"
    wanted = workload.arguments(dict(zip(workload.param_names, values, strict=True)))
    case = next(case for case in cases_of(owner, workload, []) if case.arguments == wanted)
    runs = _runs(case)
    for run in runs:
        if not run.outcome.good:
            raise RuntimeError(_ending(run))
    samples = [s.value for run in runs for s in run.samples if s.metric == metric]
    if not samples:
        reasons = {m.reason for run in runs for m in run.missing if m.metric == metric}
        print(f"{metric} is missing: {'; '.join(sorted(reasons)) or 'not recorded'}")
        return math.nan
    return {"samples": samples, "number": 1}


def _runs(case: SuiteCase) -> list[Run]:
    root, memo = Path(_variable("PAGEWALK_ROOT")), Path(_variable("PAGEWALK_SITTING"))
    subject = load_subject(_variable("PAGEWALK_SUBJECT"), root)
    revision = resolve(subject, _variable("ASV_COMMIT"))
    runner = runner_named(_variable("PAGEWALK_RUNNER"))
    log = memo / f"{revision.commit}-{runner.machine}.runs.jsonl"
    known = [logged.run for logged in runlog.read(log)[0] if logged.case == case.case]
    if known:
        return known
    artifact = build(subject, revision, case.program, runner.target, root)
    runs = [execute(runner, artifact, case, seed) for seed in range(1, rounds_for(runner, case) + 1)]
    runlog.append(log, [LoggedRun(case.case, "asv", 0.0, case.version, run) for run in runs])
    return runs


def _ending(run: Run) -> str:
    crash = run.crash
    if crash is None:
        return str(run.outcome)
    how = crash.signal or f"exit status {crash.exit_status}"
    return "\n".join([f"{run.outcome}: {how}", *crash.last_output])


def _variable(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ConfigError(
            f"{name} is not set: this benchmark was not started by pagewalk's asv environment",
            'Use `"environment_type": "pagewalk"` in asv.conf.json, or type `pagewalk run`.',
        ) from None
