"""What a gate need not execute: what is the same bytes on both sides, and what was counted exactly before."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pagewalk.analysis.gate import Unchanged
from pagewalk.builders.fingerprint import fingerprint
from pagewalk.history import History
from pagewalk.model import Artifact, Outcome, Run
from pagewalk.protocols import Runner
from pagewalk.sampling import Cell, Side, exact_on
from pagewalk.suite import SuiteCase

KNOWN_BY = "measured_as"
"""The fact that names all that an exact count depends on; equal facts, equal counts."""


@dataclass(slots=True)
class Economy:
    """Narrows the cells of a base and a head to what must be executed, and remembers what it left out.

    Args:
        history: where exact counts of the base may be known from.
    """

    history: History
    unchanged: list[Unchanged] = field(default_factory=list)
    reused: int = 0

    def __call__(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return what is to be executed."""
        narrowed = (self._narrow(cell) for cell in cells)
        return [cell for cell in narrowed if cell is not None]

    def _narrow(self, cell: Cell) -> Cell | None:
        base, head = (side.builds[cell.case.program] for side in cell.sides)
        if isinstance(base, Run) or isinstance(head, Run):
            # No number will be compared: how the other side ends is all that is asked of it.
            return replace(cell, rounds=1)
        if fingerprint(base) == fingerprint(head):
            self.unchanged.append(Unchanged(cell.case.case, cell.runner.machine))
            return None
        return self._without_known(cell) if exact_on(cell.runner, cell.case) else cell

    def _without_known(self, cell: Cell) -> Cell:
        base, head = (_marked(side, cell) for side in cell.sides)
        if self._known(cell, base):
            self.reused += 1
            return replace(cell, sides=(head,))
        return replace(cell, sides=(base, head))

    def _known(self, cell: Cell, base: Side) -> bool:
        records = self.history.records(base.revision.commit, cell.runner.machine)
        record = records.get(cell.case.case)
        built = base.builds[cell.case.program]
        return (
            record is not None
            and isinstance(built, Artifact)
            and record.outcome is Outcome.OK
            and record.outcomes[Outcome.OK] >= cell.rounds
            and record.facts.get(KNOWN_BY) == built.facts[KNOWN_BY]
        )


def _marked(side: Side, cell: Cell) -> Side:
    """Return the side with its artifact's facts naming what its counts depend on."""
    built = side.builds[cell.case.program]
    assert isinstance(built, Artifact)
    facts = {**built.facts, KNOWN_BY: _identity(built, cell.runner, cell.case)}
    return replace(side, builds={**side.builds, cell.case.program: replace(built, facts=facts)})


def _identity(built: Artifact, runner: Runner, case: SuiteCase) -> str:
    # The emulator's facts name its version and its geometry; its memory is the host's and matters not.
    machine = {name: value for name, value in runner.facts().items() if name != "ram"}
    parts = [fingerprint(built), case.version, case.arguments, case.exact_loops, sorted(machine.items())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
