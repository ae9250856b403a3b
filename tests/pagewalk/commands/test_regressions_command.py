"""pagewalk regressions as it is typed, on a folder of results that was written the ordinary way."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from pagewalk.commands.regressions import command
from pagewalk.errors import PagewalkError
from pagewalk.history import History
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Origin, Outcome, Precision, Provenance, Revision, Run, Sample

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
CASE = Case("alloc.Churn")
COMMITS = 40
BROKEN_AT = 38


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("results")
    history = History(root / "pool")
    noise = np.random.default_rng(3).normal(0, 0.005, COMMITS)
    for i in range(COMMITS):
        revision = Revision("pool", f"{i:04x}" * 10, f"v{i}", 1_700_000_000 + i)
        value = float(1e-6 * (1.2 if i >= 20 else 1.0) * np.exp(noise[i]))
        run = Run(Outcome.OK, (Sample("time", value, CLOCK),))
        if i >= BROKEN_AT:
            run = Run(Outcome.CRASHED)
        history.log("vm", revision.commit, [LoggedRun(CASE, "s", float(i), "1", run)])
        history.publish("vm", {"arch": "x86_64"}, revision, [], "s")
    return root


def typed(results: Path, *words: str) -> Result:
    return CliRunner().invoke(command, ["--results", str(results), "-s", "pool", *words])


def test_a_slowdown_and_a_crash_are_found_at_their_commits(results: Path) -> None:
    answer = json.loads(typed(results, "--format", "json").stdout)
    found = {c["kind"]: (c["metric"], c["range"]["first_after"]["name"]) for c in answer["changes"]}
    assert found == {"regressed": ("time", "v20"), "broken": ("ending", "v38")}


def test_since_leaves_out_what_changed_before(results: Path) -> None:
    assert "1 broken, of" in typed(results, "--since", "v30").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "v99"], "no results of 'v99'"),
        (["-r", "board"], "no results of board"),
        (["-b", "nothing"], "no values of what you asked for"),
    ],
)
def test_what_is_not_there_says_what_to_type(results: Path, words: list[str], message: str) -> None:
    error = typed(results, *words).exception
    assert isinstance(error, PagewalkError)
    assert message in error.message
    assert error.remedy
