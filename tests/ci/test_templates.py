"""The action and the template: parsed, and their steps executed as GitHub and GitLab would."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pagewalk.commands import ticking

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "ci/github/action.yml"
EXAMPLE = ROOT / "ci/github/example.yml"
TEMPLATE = ROOT / "ci/gitlab/pagewalk.gitlab-ci.yml"
RUNNER = "qemu-x86_64"


def load(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def shell(script: str, folder: Path, changed: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Execute a script as both services do: bash that stops at the first mistake."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=ticking.environment() | changed,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project that is its own subject's repository, checked out as a service does: at no branch."""
    root = ticking.make(tmp_path / "checkout")
    subject = root / "subjects/ticker.toml"
    source = root / "source"
    for tag in (*ticking.REVISIONS, "@main"):
        if tag != "@main":
            subprocess.run(["git", "-C", str(source), "branch", "-f", f"of-{tag}", tag], check=True)
    assert subject.is_file()
    return root


def commit_of(root: Path, name: str) -> str:
    words = ["git", "-C", str(root / "source"), "rev-parse", name]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def test_no_input_is_ever_a_part_of_a_script() -> None:
    steps = load(ACTION)["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)
    assert all(step["shell"] == "bash" for step in steps if "run" in step)
    assert "pull_request_target" not in EXAMPLE.read_text()


def test_the_example_gives_the_action_what_it_asks_for() -> None:
    inputs = load(ACTION)["inputs"]
    steps = load(EXAMPLE)["jobs"]["pagewalk"]["steps"]
    given = next(step["with"] for step in steps if "pagewalk" in step.get("uses", ""))
    assert set(given) <= set(inputs)
    assert {name for name, value in inputs.items() if value.get("required")} <= set(given)
    assert load(EXAMPLE)["permissions"] == {"contents": "read"}


def filled(step: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    """Return a step's environment with every expression replaced, as GitHub does."""
    known = {name: value.get("default", "") for name, value in load(ACTION)["inputs"].items()} | inputs
    context = {f"inputs.{name}": value for name, value in known.items()} | {
        "github.server_url": "https://example.org",
        "github.repository": "o/r",
        "github.run_id": "7",
    }
    return {
        name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: context[found[1]], value)
        for name, value in step["env"].items()
    }


@pytest.mark.slow
@pytest.mark.xdist_group("ticking")
def test_the_steps_of_the_action_measure_summarise_and_answer(checkout: Path, tmp_path: Path) -> None:
    step = next(s for s in load(ACTION)["runs"]["steps"] if s.get("id") == "gate")
    inputs = {
        "subject": "ticker",
        "base": commit_of(checkout, "base"),
        "head": commit_of(checkout, "slower"),
        "repository": "source",
        "runners": RUNNER,
        "rounds": "2",
    }
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = shell(step["run"], checkout, filled(step, inputs) | {n: str(p) for n, p in files.items()})
    assert done.returncode == 0, done.stdout + done.stderr
    output = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    assert output["exit-status"] == "1"
    assert files["GITHUB_STEP_SUMMARY"].read_text().startswith("## ▲ pagewalk failed: regressed")
    names = {path.name for path in Path(output["reports"]).iterdir()}
    assert names == {"pagewalk.md", "junit.xml", "pagewalk.json", "benchstat.txt"}
    answer = load(ACTION)["runs"]["steps"][-1]
    assert shell(answer["run"], checkout, {"STATUS": output["exit-status"]}).returncode == 1


@pytest.mark.slow
@pytest.mark.xdist_group("ticking")
def test_the_job_of_the_template_answers_and_leaves_what_it_promises(checkout: Path) -> None:
    job = load(TEMPLATE)["pagewalk"]
    # GitLab checks the project itself out; here its repository lies one folder below.
    git = {"GIT_DIR": str(checkout / "source/.git")}
    given = {
        "CI_PROJECT_DIR": str(checkout),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": commit_of(checkout, "base"),
        "CI_COMMIT_SHA": commit_of(checkout, "crash"),
        "CI_JOB_URL": "https://example.org/job/1",
        "PAGEWALK_SUBJECT_NAME": "ticker",
        "PAGEWALK_RUNNERS": RUNNER,
    }
    variables = {**job["variables"], **given}
    environment = {
        n: os.path.expandvars(v.replace("$CI_PROJECT_DIR", str(checkout))) for n, v in variables.items()
    }
    references = [line for line in job["script"] if line.startswith("git ")]
    assert shell("\n".join(references), checkout, environment | git).returncode == 0
    rest = "\n".join(line for line in job["script"] if line not in references)
    done = shell(rest, checkout, environment)
    assert done.returncode == 3, done.stdout + done.stderr
    promised = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert all((checkout / path).exists() for path in promised)
    assert job["artifacts"]["when"] == "always"
    assert environment["PAGEWALK_CACHE"].startswith(str(checkout / ".pagewalk"))
    assert ".pagewalk/" in job["cache"]["paths"]


@pytest.mark.slow
def test_both_install_pagewalk_from_its_own_checkout(tmp_path: Path) -> None:
    source = tmp_path / "pagewalk"
    for name in ("pagewalk", "runners", "dashboard", "ci"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    install = load(ACTION)["runs"]["steps"][0]["run"]
    (again,) = load(TEMPLATE)["pagewalk"]["before_script"]
    places = {"GITHUB_ACTION_PATH": str(source / "ci/github"), "PAGEWALK_SOURCE": str(source)}
    for number, script in enumerate((install, again)):
        target = tmp_path / str(number)
        # What it depends on is here already; what is asked is whether the checkout installs.
        pip = {"PIP_PREFIX": str(target), "PIP_NO_DEPS": "1", "PIP_IGNORE_INSTALLED": "1"}
        done = shell(script, tmp_path, places | pip)
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(target.rglob("pagewalk/commands/ci.py"))
