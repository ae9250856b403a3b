"""A sitting: executes turn by turn, writes each run down at once, and can go on where it was stopped."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pagewalk.analysis.fingerprints import fingerprint
from pagewalk.errors import Killed, Unavailable
from pagewalk.events import TIMELINE
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.history.profiles import FAULTS, Profiles
from pagewalk.history.runlog import begun
from pagewalk.history.timelines import Timelines, timeline_of
from pagewalk.model import Case, Outcome, Run
from pagewalk.sampling.execution import execute, unsupported
from pagewalk.sampling.plan import Cell, Side, Turn, turns

PATIENCE = 2
"""Executions of one side that may end in a timeout before the rest of them is given up."""

Key = tuple[str, str, Case]


@dataclass(slots=True)
class Sitting:
    """One interleaved sitting.

    Args:
        name: of the sitting; one that the history knows already is gone on with.
        seed: of the order of turns; the same for a sitting that goes on.
        record_faults: whether to record page faults with their stacks as well, once a case.
    """

    history: History
    name: str
    cells: Sequence[Cell]
    seed: int = 0
    record_faults: bool = True
    _done: Counter[Key] = field(default_factory=Counter)
    _slow: Counter[Key] = field(default_factory=Counter)
    _faults: dict[tuple[str, str, Case, str], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for machine, commit in {(c.runner.machine, s.revision.commit) for c in self.cells for s in c.sides}:
            for logged in self.history.runs(commit, machine, self.name):
                key = (machine, commit, logged.case)
                self._done[key] += 1
                self._slow[key] += logged.run.outcome is Outcome.TIMEOUT

    @property
    def pending(self) -> list[Turn]:
        """The executions that are still to be done, in order."""
        left = Counter(self._done)
        found = []
        for turn in turns(self.cells, self.seed, record_faults=self.record_faults):
            key = _key(turn)
            if turn.record_faults:
                if not self._recorded(turn):
                    found.append(turn)
            elif left[key]:
                left[key] -= 1
            else:
                found.append(turn)
        return found

    def rounds_taken(self) -> dict[tuple[str, Case], int]:
        """Return how many rounds of each case were begun, by machine and case."""
        taken: dict[tuple[str, Case], int] = {}
        for (machine, _, case), count in self._done.items():
            taken[machine, case] = max(count, taken.get((machine, case), 0))
        return taken

    def run(
        self,
        on_turn: Callable[[Turn], None],
        on_run: Callable[[Turn, Run], None],
        go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Execute what is pending; what was taken is published even if this is interrupted.

        Args:
            on_turn: called before each execution; on_run: after it.
            go_on: asked before the sides of a cell take their turns; a round is never left half done.
        """
        begun: tuple[Cell, int] | None = None
        try:
            for turn in self.pending:
                if begun != (turn.cell, turn.round) and not go_on():
                    return
                begun = turn.cell, turn.round
                on_turn(turn)
                on_run(turn, self._take(turn))
        finally:
            self.publish()

    def _take(self, turn: Turn) -> Run:
        return self._record(turn) if turn.record_faults else self._measure(turn)

    def _recorded(self, turn: Turn) -> bool:
        """Whether page faults were recorded in this sitting, before it was stopped."""
        machine, commit, case = _key(turn)
        profiles = Profiles(self.history.folder, machine, commit)
        return profiles.kept_since(case, FAULTS, 0, begun(self.name))

    def _record(self, turn: Turn) -> Run:
        """Record page faults. It is no measurement: neither its outcome nor its absence counts as one."""
        if isinstance(turn.side.builds[turn.cell.case.program], Run):
            return Run(Outcome.UNSUPPORTED)
        try:
            run = self._execute(turn, FAULTS)
        except Killed:
            raise
        except Unavailable as error:
            return unsupported(str(error))
        machine, commit, case = _key(turn)
        if run.outcome is Outcome.OK:
            Profiles(self.history.folder, machine, commit).keep(case, FAULTS, 0, run.folded)
        return run

    def _measure(self, turn: Turn) -> Run:
        key = _key(turn)
        built = turn.side.builds[turn.cell.case.program]
        if isinstance(built, Run):
            run = built
        elif self._slow[key] >= PATIENCE:
            return Run(Outcome.TIMEOUT)
        else:
            run = self._with_faults(turn, self._execute(turn))
        self._slow[key] += run.outcome is Outcome.TIMEOUT
        self._done[key] += 1
        case = turn.cell.case
        logged = LoggedRun(case.case, self.name, time.time(), case.version, run)
        self.history.log(turn.cell.runner.machine, turn.side.revision.commit, [logged])
        return run

    def _with_faults(self, turn: Turn, run: Run) -> Run:
        """Add to a crash which page faults came just before it, from an execution that ended alike.

        Recording disturbs, so that a first crash is executed once more for it; later ones of its kind
        get the same. Its time line is kept.
        """
        if run.outcome is not Outcome.CRASHED or run.crash is None or not self.record_faults:
            return run
        known = (*_key(turn), fingerprint(run.outcome, run.crash))
        if known not in self._faults:
            self._faults[known] = self._faults_before(turn, known[-1])
        return replace(run, crash=replace(run.crash, faults=self._faults[known]))

    def _faults_before(self, turn: Turn, kind: str) -> tuple[str, ...]:
        if turn.cell.runner.emulated:
            return ()
        try:
            recorded = self._execute(turn, TIMELINE)
        except Killed:
            raise
        except Unavailable:
            return ()
        if recorded.crash is None or fingerprint(recorded.outcome, recorded.crash) != kind:
            return ()
        machine, commit, case = _key(turn)
        Timelines(self.history.folder, machine, commit).keep(case, timeline_of(recorded))
        return recorded.crash.faults

    def _execute(self, turn: Turn, record: str = "") -> Run:
        built = turn.side.builds[turn.cell.case.program]
        assert not isinstance(built, Run)
        # Both sides of a round get the same seed: a pair differs in nothing but the revision.
        seed = 1 if turn.cell.runner.emulated else turn.round + 1
        try:
            runner, case = turn.cell.runner, turn.cell.case
            return execute(runner, built, case, seed, record=record)
        except OSError as error:
            raise Unavailable(
                f"{turn.cell.runner.name} could not execute {turn.cell.case.case}: {error}",
                f"Type `pagewalk doctor` to see what {turn.cell.runner.name} needs.",
            ) from error

    def publish(self) -> None:
        """Bring asv's files up to date with the log."""
        for runner in {cell.runner.name: cell.runner for cell in self.cells}.values():
            cells = [cell for cell in self.cells if cell.runner is runner]
            for side in {side.revision.commit: side for cell in cells for side in cell.sides}.values():
                if any(self._done[runner.machine, side.revision.commit, c.case.case] for c in cells):
                    self._publish(cells, side)

    def _publish(self, cells: Sequence[Cell], side: Side) -> None:
        runner = cells[0].runner
        described = {str(d["name"]): d for cell in cells for d in cell.case.descriptions}
        self.history.describe(described)
        values = list(described.values())
        self.history.publish(runner.machine, runner.facts(), side.revision, values, self.name)


def _key(turn: Turn) -> Key:
    return turn.cell.runner.machine, turn.side.revision.commit, turn.cell.case.case
