"""Profiles of one case on one runner: what is missing of them is recorded, side by side, turn by turn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pagewalk.analysis.profiles import Profile
from pagewalk.errors import ConfigError, HistoryError, PagewalkError, Unavailable
from pagewalk.history import History
from pagewalk.history.profiles import Profiles
from pagewalk.model import Outcome, Run
from pagewalk.sampling.execution import execute
from pagewalk.sampling.plan import Cell, Side

CYCLES, CLOCK = "cycles", "cpu-clock"
"""Where time goes by the processor's own counter, and by the kernel's timer where there is none."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recording:
    """What shall be profiled: one case on one runner, on one side or two.

    Args:
        event: as perf knows it, `page-faults`, `cpu-clock`, `dTLB-load-misses`.
        times: executions a side.
    """

    history: History
    cell: Cell
    event: str
    times: int

    def of(self, side: Side) -> Profiles:
        """Return the profiles of one side."""
        return Profiles(self.history.folder, self.cell.runner.machine, side.revision.commit)

    def read(self, side: Side) -> list[Profile]:
        """Return what there is of one side, one profile an execution."""
        return self.of(side).read(self.cell.case.case, self.event)

    def pending(self) -> list[tuple[int, Side]]:
        """Return what is still to be recorded, AB and BA by turns."""
        sides = self.cell.sides
        had = {side.revision.commit: self.of(side).numbers(self.cell.case.case, self.event) for side in sides}
        return [
            (number, side)
            for number in range(self.times)
            for side in (sides if number % 2 == 0 else sides[::-1])
            if number not in had[side.revision.commit]
        ]

    def run(self) -> Iterator[Side]:
        """Record what is pending; yields the side after each execution. Each one is kept at once.

        Raises:
            Unavailable: the event cannot be recorded on this runner.
            HistoryError: the workload did not end well under recording.
        """
        for number, side in self.pending():
            self._record(number, side)
            yield side

    def try_one(self) -> None:
        """Record one execution of what is pending, to see whether samples come of it.

        Raises:
            Unavailable: not one did, or as `run`.
        """
        for side in self.run():
            if not any(profile.total for profile in self.read(side)):
                raise Unavailable(
                    f"{self.cell.runner.name} recorded {self.event} and not one sample came: this PMU counts "
                    "them and does not interrupt (SpacemiT X60?)",
                    f"Record {CLOCK}, which every machine can.",
                )
            return

    def _record(self, number: int, side: Side) -> None:
        built = side.builds[self.cell.case.program]
        if isinstance(built, Run):
            raise _not_built(built, side)
        run = execute(self.cell.runner, built, self.cell.case, number + 1, record=self.event)
        if run.outcome is Outcome.UNSUPPORTED:
            raise Unavailable(
                f"{self.cell.runner.name}: {run.facts.get('failure', 'not supported')}",
                "Profile on a native runner: -r local.",
            )
        if run.outcome is not Outcome.OK:
            raise HistoryError(
                f"{self.cell.case.case} at {side.revision.name} ended with {run.outcome} under recording.",
                "Measure it first: a crash is recorded by `pagewalk run`, not by a profile.",
            )
        self.of(side).keep(self.cell.case.case, self.event, number, run.folded)


def _not_built(built: Run, side: Side) -> PagewalkError:
    reason = "\n".join(built.crash.last_output[:12]) if built.crash else str(built.outcome)
    return Unavailable(f"{side.revision.name} cannot be profiled:\n{reason}", "Mend that first.")


def one_cell(cells: Sequence[Cell]) -> Cell:
    """Return the only cell; a profile is of one case on one runner.

    Raises:
        ConfigError: there are several; names some.
    """
    if len(cells) > 1:
        names = "\n".join(f"  {cell.case.case} on {cell.runner.name}" for cell in cells[:12])
        more = f"\n  … and {len(cells) - 12} more" if len(cells) > 12 else ""
        raise ConfigError(
            f"A profile is of one case on one runner; this is {len(cells)}:\n{names}{more}",
            "Narrow the pattern, as `Churn.*size=16`, and name one runner with -r.",
        )
    return cells[0]


def clock_event(attempt: Callable[[str], None], say: Say) -> str:
    """Return the event that tells where time goes here, the best one that `attempt` can record."""
    try:
        attempt(CYCLES)
    except Unavailable as error:
        say(f"No {CYCLES} here, taking {CLOCK} instead: {error.message}")
        return CLOCK
    return CYCLES
