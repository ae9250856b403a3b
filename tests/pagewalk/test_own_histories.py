"""The histories of the project's own allocators are what the tests of bisection take them for."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pagewalk.subjects.series import address_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler: apt-get install gcc"),
]
SUBJECTS = Path(__file__).parents[2] / "subjects"
COMMITS = 30
UNBUILDABLE = {"pool": {12, 18, 22}, "arena": {5, 12, 19, 22}}
CHECKED = [
    ("pool", 10),
    ("pool", 19),
    ("pool", 24),
    ("arena", 10),
    ("arena", 17),
    ("arena", 24),
    ("arena", 30),
]
Clones = Callable[[str], Path]


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return a working tree of an allocator's history, each cloned once."""
    made: dict[str, Path] = {}

    def clone(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name) / "clone"
            origin = address_of(str(SUBJECTS / name))
            subprocess.run(["git", "clone", "--quiet", origin, made[name]], check=True)
        return made[name]

    return clone


def at(clone: Path, number: int, *command: str) -> subprocess.CompletedProcess[str]:
    commit = f"main~{COMMITS - number}"
    subprocess.run(["git", "-C", clone, "checkout", "--quiet", "--detach", commit], check=True)
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", sorted(UNBUILDABLE))
def test_some_commits_do_not_build_and_all_others_do_without_a_warning(clones: Clones, name: str) -> None:
    strict = ("make", "-B", "CFLAGS=-O0 -Wall -Wextra -Werror")
    numbers = range(1, COMMITS + 1)
    assert {n for n in numbers if at(clones(name), n, *strict).returncode} == UNBUILDABLE[name]


@pytest.mark.parametrize(("name", "number"), CHECKED)
def test_good_states_keep_every_byte_that_was_written(clones: Clones, name: str, number: int) -> None:
    done = at(clones(name), number, "make", "-s", "check")
    assert done.returncode == 0, done.stderr
    assert "every byte as it was written" in done.stdout


def test_the_state_with_the_planted_crash_does_not(clones: Clones) -> None:
    assert at(clones("pool"), 25, "make", "-s", "check").returncode != 0
