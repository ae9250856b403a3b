"""What the overview shows and what `pagewalk regressions` tells: of one history the same changes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pagewalk.commands.regressions import command
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.history.noise import MeasuredFloor
from pagewalk.index.changes import searching
from pagewalk.index.changes.told import changes
from pagewalk.index.database import open_index
from pagewalk.index.writing.updating import update
from pagewalk.model import Case, Origin, Outcome, Precision, Provenance, Revision, Run, Sample
from tests.pagewalk.index.stored import told

pytestmark = pytest.mark.slow
COMMITS = 40
CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
MODEL = Provenance(Origin.SIMULATED, Precision.EXACT, "memsim")
CASES = tuple(Case("alloc.Churn", (("size", str(size)),)) for size in (16, 64, 256))
Told = set[tuple[str, str, str, str, str]]


def write(root: Path, steps: Sequence[float], counts: Sequence[int], *, strays: bool) -> History:
    """Write a history: each case is slower by its factor from half on, and an exact count changes there."""
    history = History(root / "pool")
    source = np.random.default_rng(1)
    for n in range(COMMITS):
        at = Revision("pool", f"{n + 1:04x}" * 10, f"v{n}", 1_700_000_000 + n)
        runs = []
        for case, step, count in zip(CASES, steps, counts, strict=True):
            for turn in range(2):
                time = 1e-6 * (step if n >= COMMITS // 2 else 1.0) * float(source.lognormal(0, 0.004))
                exact = 1000.0 + (count if n >= COMMITS - 2 else 0) + (turn if strays else 0)
                samples = (Sample("time", time, CLOCK), Sample("instructions", exact, MODEL))
                run = Run(Outcome.OK, samples, facts={"governor": "performance"})
                runs.append(LoggedRun(case, "s", float(n), "1", run))
        history.log("vm", at.commit, runs)
        history.publish("vm", {"arch": "x86_64", "machine": "vm"}, at, [], "s")
    return history


def floor(case: Case, size: float, governor: str) -> MeasuredFloor:
    return MeasuredFloor(case, "time", size, 20, 10, "1" * 40, "v1", 9.0, {"governor": governor})


def told_by_the_command(root: Path) -> Told:
    words = ["--results", str(root), "-s", "pool", "--format", "json"]
    answer: dict[str, Any] = json.loads(CliRunner().invoke(command, words, catch_exceptions=False).stdout)
    return {
        (
            f"{one['benchmark']}.track_{one['metric']}",
            one["params"][0]["value"],
            one["kind"],
            one["state"],
            one["range"]["first_after"]["name"],
        )
        for one in answer["changes"]
    }


def told_by_the_index(root: Path, where: Path) -> Told:
    index = open_index(where, create=True)
    update(index, root)
    list(searching.searching(index, root))
    found, every = changes(index, "pool"), told(index)
    index.close()
    assert found.complete
    standing = {
        (one.benchmark, one.first) for one in every if one.kind == "regressed" and one.state != "undone"
    }
    assert {(one.benchmark, one.first.commit) for one in found.regressions} == standing
    return {(one.benchmark, json.loads(one.params)[0][1], one.kind, one.state, one.name) for one in every}


def test_a_measured_noise_floor_hides_a_change_from_both_while_it_holds(tmp_path: Path) -> None:
    root, where = tmp_path / "results", tmp_path / "index.sqlite"
    history = write(root, (1.2, 1.2, 1.2), (0, 0, 0), strays=False)
    told = told_by_the_index(root, where)
    assert len(told) == 3
    assert told_by_the_command(root) == told
    history.keep_floors("vm", [floor(CASES[0], 0.5, "performance"), floor(CASES[1], 0.5, "powersave")])
    told = told_by_the_index(root, where)
    assert {size for _, size, *_ in told} == {"64", "256"}
    assert told_by_the_command(root) == told


def test_a_line_of_floors_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    history = write(tmp_path / "results", (1.0, 1.0, 1.0), (0, 0, 0), strays=False)
    history.keep_floors("vm", [floor(CASES[0], 0.5, "")])
    path = tmp_path / "results" / "pool" / "vm" / "noise.jsonl"
    path.write_text(path.read_text() + '{"floor": -1}\n')
    index = open_index(tmp_path / "index.sqlite", create=True)
    assert update(index, tmp_path / "results").problems == 1
    index.close()


LEVELS = st.tuples(*[st.sampled_from([0.8, 1.0, 1.03, 1.2])] * 3)
COUNTS = st.tuples(*[st.sampled_from([0, 5])] * 3)
FLOORS = st.lists(st.sampled_from([0.01, 0.1, 0.5]), max_size=3)
GOVERNORS = st.sampled_from(["performance", "powersave", ""])


@given(st.tuples(LEVELS, COUNTS, st.booleans()), FLOORS, GOVERNORS)
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_of_any_history_the_overview_and_the_command_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    written: tuple[tuple[float, ...], tuple[int, ...], bool],
    sizes: list[float],
    governor: str,
) -> None:
    root = tmp_path_factory.mktemp("any") / "results"
    steps, counts, strays = written
    history = write(root, steps, counts, strays=strays)
    history.keep_floors("vm", [floor(c, size, governor) for c, size in zip(CASES, sizes, strict=False)])
    assert told_by_the_index(root, root.parent / "index.sqlite") == told_by_the_command(root)
