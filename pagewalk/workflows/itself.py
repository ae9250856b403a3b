"""From an A/A sitting to noise floors: measured as any comparison is, with one revision on both sides."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pagewalk.analysis.floors import absolute_floor
from pagewalk.analysis.noise import noise_floor
from pagewalk.analysis.noise_state import noise_state
from pagewalk.history import History
from pagewalk.history.noise import MeasuredFloor
from pagewalk.sampling import Cell, exact_on
from pagewalk.sampling.against_itself import metrics_of, pairs_of
from pagewalk.workflows.measuring import Request


def private_history(root: Path, history: History) -> History:
    """Return where A/A runs are kept: with the project, but out of the results that comparisons read."""
    place = hashlib.sha256(str(history.folder.resolve()).encode()).hexdigest()[:8]
    return History(root / ".pagewalk" / "noise" / f"{history.subject}-{place}", history.subject)


def floors_of(
    request: Request, runs_in: History, sitting: str, cells: Sequence[Cell]
) -> dict[str, list[MeasuredFloor]]:
    """Return the noise floors that a finished A/A sitting shows, by machine name."""
    found: dict[str, list[MeasuredFloor]] = {}
    (revision,) = request.revisions
    for cell in cells:
        runner, case = cell.runner, cell.case.case
        rounds = cell.rounds if exact_on(runner, cell.case) else cell.rounds // request.comparisons
        logged = [r for r in runs_in.runs(revision.commit, runner.machine, sitting) if r.case == case]
        runs = [entry.run for entry in logged]
        for metric in metrics_of(runs):
            pairs = pairs_of(runs, rounds, metric)
            if pairs:
                found.setdefault(runner.machine, []).append(
                    MeasuredFloor(
                        case=case,
                        metric=metric,
                        floor=noise_floor(pairs, absolute_floor(metric, {})),
                        comparisons=len(pairs),
                        samples=rounds,
                        commit=revision.commit,
                        revision=revision.name,
                        taken=logged[-1].taken,
                        circumstances=noise_state(logged[-1].run.facts),
                    )
                )
    return found
