"""Replays sequences at one revision on one runner."""

from dataclasses import dataclass
from pathlib import Path

from pagewalk.build import build
from pagewalk.model import Artifact, Case, Revision, Run
from pagewalk.protocols import Runner
from pagewalk.sampling.execution import execute
from pagewalk.subjects import Subject
from pagewalk.suite import SuiteCase
from pagewalk.toolchains.process import Progress


@dataclass(frozen=True, slots=True)
class BuiltReplay:
    """A workload built at a revision, that takes a sequence and replays it once."""

    runner: Runner
    artifact: Artifact
    program: str
    threads: bool

    def __call__(self, arguments: tuple[str, ...]) -> Run:
        case = SuiteCase(Case(self.program), self.program, arguments, 1, self.threads, "1", ())
        return execute(self.runner, self.artifact, case, seed=1)


def build_replay(  # noqa: PLR0913, PLR0917 - what a build takes, and where it is to run
    root: Path, subject: Subject, revision: Revision, program: str, runner: Runner, progress: Progress
) -> BuiltReplay:
    """Build what replays sequences.

    Raises:
        BuildFailed, Unavailable: it does not build, or cannot here.
    """
    artifact = build(subject, revision, program, runner.target, root, progress)
    return BuiltReplay(runner, artifact, program, threads=subject.language == "go")
