"""From names to a finished sitting: resolve, select, build, execute. Used by `run` and `compare`."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pagewalk.build import build
from pagewalk.errors import BuildFailed, ConfigError, PagewalkError, Unavailable
from pagewalk.files import write_whole
from pagewalk.history import History
from pagewalk.history.runlog import new_sitting
from pagewalk.model import Artifact, Revision, Run, Target
from pagewalk.protocols import Runner
from pagewalk.sampling import Cell, Side, exact_on, rounds_for
from pagewalk.sampling.execution import build_failed, unsupported
from pagewalk.subjects import Subject
from pagewalk.suite import SuiteCase, discover
from pagewalk.workflows.comparing import case_filter

Say = Callable[[str], None]

_SOME = 8
"""Cases that an error names."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asked to be measured.

    Args:
        revisions: one, or a base and a head that take turns.
        patterns: regular expressions; a case is measured if any matches, all if there are none.
        adaptive: further rounds may follow those that are planned; whoever adds them says when all is done.
        comparisons: how often a single revision is compared with itself; 0: it is not.
        quick: only the cases of the quick profile.
    """

    root: Path
    subject: Subject
    revisions: tuple[Revision, ...]
    runners: tuple[Runner, ...]
    patterns: tuple[str, ...] = ()
    rounds: int = 10
    comparisons: int = 0
    adaptive: bool = False
    quick: bool = False


def select(root: Path, subject: Subject, patterns: Sequence[str], *, quick: bool = False) -> list[SuiteCase]:
    """Return the cases of a subject's suites that match, of the quick profile only where that is asked for.

    Raises:
        ConfigError: a pattern is no regular expression, or nothing matches.
    """
    cases = discover(root, subject)
    wanted = case_filter(patterns)
    found = [case for case in cases if wanted(case.case) and (case.quick or not quick)]
    if not found:
        rare = any(wanted(case.case) for case in cases)
        raise ConfigError(
            f"No case of {subject.name} matches {' or '.join(patterns) or 'anything'}"
            f"{' in the quick profile' if rare else ''}.",
            "The full one has some: --profile full." if rare else _choices(cases, patterns),
        )
    return found


def _choices(cases: Sequence[SuiteCase], patterns: Sequence[str]) -> str:
    """Say what there is: of a benchmark that a pattern names its cases, else all benchmarks."""
    names = {case.case.benchmark for case in cases}
    meant = {name for name in names if any(name.rpartition(".")[2] in pattern for pattern in patterns)}
    if meant:
        there = [str(case.case) for case in cases if case.case.benchmark in meant]
        return f"There are: {'; '.join(there[:_SOME])}{'; …' if len(there) > _SOME else ''}."
    return f"Its benchmarks are: {', '.join(sorted(names)) or 'none'}."


def usable(runners: Sequence[Runner], *, named: bool, say: Say) -> tuple[Runner, ...]:
    """Return the runners that work here; one that was named and does not is an error.

    Raises:
        Unavailable: none is left, or a named one does not work.
    """
    working = []
    for runner in runners:
        reason = runner.unavailable()
        if not reason:
            working.append(runner)
        elif named:
            raise Unavailable(f"{runner.name} cannot measure here: {reason}", "See `pagewalk doctor`.")
        else:
            say(f"Leaving out {runner.name}: {reason}")
    if not working:
        raise Unavailable(
            "No runner works on this machine.", "Type `pagewalk doctor` to see what to install."
        )
    return tuple(working)


def plan(request: Request, say: Say) -> list[Cell]:
    """Build what is needed and return the cells to be measured."""
    cases = select(request.root, request.subject, request.patterns, quick=request.quick)
    cells = []
    for runner in request.runners:
        sides = tuple(_side(request, runner, revision, cases, say) for revision in request.revisions)
        if request.comparisons:
            sides *= 2
        cells += [
            Cell(runner, case, _of_case(sides, runner, case), _rounds(request, runner, case))
            for case in cases
        ]
    return cells


def _of_case(sides: tuple[Side, ...], runner: Runner, case: SuiteCase) -> tuple[Side, ...]:
    """Return the sides as they are, or with the reason why this case cannot be had on the runner's target."""
    reason = case.refused(runner.target)
    if not reason:
        return sides
    return tuple(replace(side, builds={case.program: unsupported(reason)}) for side in sides)


def _rounds(request: Request, runner: Runner, case: SuiteCase) -> int:
    """What is exact differs from itself once or never; what is sampled is compared again and again."""
    once = rounds_for(runner, case, request.rounds)
    return once if exact_on(runner, case) else once * max(1, request.comparisons)


def _side(request: Request, runner: Runner, revision: Revision, cases: Sequence[SuiteCase], say: Say) -> Side:
    programs = sorted({case.program for case in cases if not case.refused(runner.target)})
    return Side(revision, {p: _built(request, revision, p, runner.target, say) for p in programs})


def _built(request: Request, revision: Revision, program: str, target: Target, say: Say) -> Artifact | Run:
    if target not in request.subject.targets:
        known = ", ".join(map(str, request.subject.targets))
        return unsupported(f"{request.subject.name} is not built for {target}; it is for {known}")
    try:
        return build(request.subject, revision, program, target, request.root, say)
    except BuildFailed as error:
        say(f"{revision.name} does not build for {target}: {error.message}")
        return build_failed(error)
    except Unavailable as error:
        say(f"{revision.name} cannot be had for {target}: {error}")
        return unsupported(str(error))


class Unfinished:
    """Remembers the sitting that was begun for a request, until it is finished."""

    def __init__(self, request: Request, history: History) -> None:
        asked = [
            request.subject.name,
            [revision.commit for revision in request.revisions],
            [runner.name for runner in request.runners],
            list(request.patterns),
            request.rounds,
            *([request.comparisons] if request.comparisons else []),
            *(["quick"] if request.quick else []),
            str(history.folder.resolve()),
        ]
        digest = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
        self._path = request.root / ".pagewalk" / "unfinished" / digest

    def begin(self) -> tuple[str, bool]:
        """Return the sitting to take part in, and whether it was begun before."""
        try:
            return self._path.read_text().strip(), True
        except FileNotFoundError:
            name = new_sitting()
            write_whole(self._path, name)
            return name, False

    def forget(self) -> None:
        """The sitting is finished, or shall be begun anew."""
        self._path.unlink(missing_ok=True)


def require_outcomes(cells: Sequence[Cell]) -> None:
    """Raise where nothing at all could be built, with the first reason.

    Raises:
        PagewalkError: every program on every side failed to build or is unsupported.
    """
    builds = [built for cell in cells for side in cell.sides for built in side.builds.values()]
    runs = [built for built in builds if isinstance(built, Run)]
    if builds and len(runs) == len(builds):
        reason = runs[0].crash.last_output if runs[0].crash else ()
        error = BuildFailed if runs[0].outcome.value == "build-failed" else Unavailable
        raise _nothing(error, "\n".join(reason[:12]))


def _nothing(error: type[PagewalkError], reason: str) -> PagewalkError:
    return error(f"Nothing could be built:\n{reason}", "Mend that first; `pagewalk doctor` may help.")
