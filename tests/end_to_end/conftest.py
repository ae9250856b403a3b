"""A project of its own for each test: the real subjects, suites and runners, results of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.cache import cache_root

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder laid out as a clone is, with asv.conf.json pointed at the malloc subject."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("subjects", "benchmarks", "runners"):
        (root / name).symlink_to(ROOT / name)
    conf = (ROOT / "asv.conf.json").read_text()
    for go, malloc in (
        ("subjects/go", "subjects/malloc"),
        ("results/go", "results/malloc"),
        ('"project": "go"', '"project": "malloc"'),
    ):
        assert go in conf
        conf = conf.replace(go, malloc)
    (root / "asv.conf.json").write_text(conf)
    return root


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, where asv keeps what it knows of machines; the cache of builds is shared."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        **os.environ,
        "HOME": str(home),
        "PAGEWALK_CACHE": str(cache_root()),
        "PAGEWALK_SUBJECT": "malloc",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


@pytest.fixture
def call(project: Path, environment: dict[str, str]) -> Command:
    """Execute a command of the virtual environment in the project."""

    def called(*command: str, check: bool = True, **changed: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(Path(sys.executable).parent / command[0]), *command[1:]],
            cwd=project,
            env=environment | changed,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    return called
