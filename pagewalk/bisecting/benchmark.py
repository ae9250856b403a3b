"""One case of a suite at the commits of a subject, on one runner; every run goes into the history."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pagewalk.bisecting.probe import Execution
from pagewalk.build import build
from pagewalk.errors import BuildFailed
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Artifact, Outcome, Precision, Run
from pagewalk.protocols import Runner
from pagewalk.sampling.execution import build_failed, execute
from pagewalk.subjects import Subject
from pagewalk.subjects.revisions import revision_at
from pagewalk.suite import SuiteCase


@dataclass(slots=True)
class BenchmarkProbe:
    """Builds a commit when it is first asked for, and executes one case of it.

    Args:
        sitting: names this bisection in the history.
    """

    root: Path
    subject: Subject
    runner: Runner
    case: SuiteCase
    history: History
    sitting: str
    _built: dict[str, Artifact | None] = field(default_factory=dict)
    _turn: int = 0

    def measure(self, commit: str) -> Execution | None:
        """Execute once; None where the commit does not build."""
        if commit not in self._built:
            self._built[commit] = self._build(commit)
        artifact = self._built[commit]
        if artifact is None:
            return None
        self._turn += 1
        # Exact counters repeat for the same seed only; elsewhere luck of the layout has to average out.
        run = execute(self.runner, artifact, self.case, 1 if self.runner.emulated else self._turn)
        self._log(commit, run)
        return execution_of(run)

    def _build(self, commit: str) -> Artifact | None:
        revision = revision_at(self.subject, commit)
        try:
            return build(self.subject, revision, self.case.program, self.runner.target, self.root)
        except BuildFailed as error:
            self._log(commit, build_failed(error))
            return None

    def _log(self, commit: str, run: Run) -> None:
        logged = LoggedRun(self.case.case, self.sitting, time.time(), self.case.version, run)
        self.history.log(self.runner.machine, commit, [logged])

    def publish(self, commits: Iterable[str]) -> None:
        """Bring asv's files up to date with what was logged of some commits."""
        self.history.describe({str(d["name"]): d for d in self.case.descriptions})
        for commit in commits:
            revision = revision_at(self.subject, commit)
            described = list(self.case.descriptions)
            self.history.publish(self.runner.machine, self.runner.facts(), revision, described, self.sitting)

    def known(self, commit: str) -> list[Execution]:
        """Return what the history knows of a commit that needs no interleaving: exact counts and endings.

        What was sampled in another sitting met another machine, and is left out.
        """
        found = []
        for sitting in sorted(self.history.sittings(commit, self.runner.machine) - {self.sitting}):
            for logged in self.history.runs(commit, self.runner.machine, sitting):
                same = logged.case == self.case.case and logged.version == self.case.version
                if same and logged.run.outcome not in (Outcome.BUILD_FAILED, Outcome.UNSUPPORTED):
                    found.append(execution_of(logged.run))
        return [e for e in found if e.crashed or (e.values and set(e.values) == e.exact)]


def execution_of(run: Run) -> Execution:
    """Return what a bisection needs of a run."""
    values = {sample.metric: sample.value for sample in run.samples}
    exact = frozenset(s.metric for s in run.samples if s.provenance.precision is Precision.EXACT)
    crashed = not run.outcome.good
    signal = run.crash.signal if run.crash else ""
    return Execution({} if crashed else values, exact, crashed, f"{run.outcome} {signal}".strip())
