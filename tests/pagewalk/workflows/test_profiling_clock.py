"""Where time goes: by cycles, or by the kernel's clock where cycles cannot be sampled."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.history import History
from pagewalk.model import Artifact, Case, Job, Missing, Outcome, Provenance, Revision, Run, Target
from pagewalk.sampling import Cell, Side
from pagewalk.suite import SuiteCase
from pagewalk.workflows.profiling import Recording, clock_event

TARGET = Target("riscv64")


@dataclass
class Board:
    """A runner at the edge.

    Args:
        stacks: by event, what an execution's recording holds; an event that is not there is refused.
    """

    stacks: Mapping[str, str]
    name: str = "k1"
    machine: str = "k1"
    emulated: bool = False
    target: Target = TARGET
    executed: list[str] = field(default_factory=list)

    def unavailable(self) -> str:
        return ""

    def facts(self) -> Mapping[str, str]:
        return {}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {}

    def execute(self, job: Job) -> Run:
        self.executed.append(job.record)
        if job.record not in self.stacks:
            raise Unavailable(f"no PMU event {job.record}")
        return Run(Outcome.OK, folded=self.stacks[job.record])


def recording(board: Board, results: Path) -> Recording:
    revision = Revision("malloc", "1" * 40, "v1", 1)
    side = Side(revision, {"churn": Artifact(("churn",), TARGET)})
    case = SuiteCase(Case("alloc.Churn"), "churn", (), 1, False, "1", ())
    return Recording(History(results, "malloc"), Cell(board, case, (side,), 1), "time", 3)


def clock_of(board: Board, results: Path, said: list[str]) -> str:
    asked = recording(board, results)
    return clock_event(lambda event: replace(asked, event=event).try_one(), said.append)


def test_cycles_are_taken_where_samples_of_them_come(tmp_path: Path) -> None:
    board, said = Board({"cycles": "main 7\n"}), list[str]()
    assert clock_of(board, tmp_path, said) == "cycles"
    assert not said
    assert board.executed == ["cycles"]


def test_cycles_that_are_refused_give_way_to_the_clock_and_it_is_said(tmp_path: Path) -> None:
    said = list[str]()
    assert clock_of(Board({}), tmp_path, said) == "cpu-clock"
    assert "no PMU event cycles" in said[0]


def test_cycles_that_are_counted_and_never_sampled_give_way_to_the_clock_too(tmp_path: Path) -> None:
    """As on a SpacemiT X60, whose cycle counter has no interrupt: perf records nothing and says nothing."""
    board, said = Board({"cycles": "", "cpu-clock": "main 7\n"}), list[str]()
    assert clock_of(board, tmp_path, said) == "cpu-clock"
    assert "recorded cycles and not one sample came" in said[0]
    assert board.executed == ["cycles"]
