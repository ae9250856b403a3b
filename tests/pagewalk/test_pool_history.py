"""The history of the pool subject is what the tests of bisection take it for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pagewalk.subjects.series import address_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler: apt-get install gcc"),
]
PATCHES = Path(__file__).parents[2] / "subjects" / "pool"
UNBUILDABLE = {12, 18, 22}
CHECKED = (10, 19, 24)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pool") / "clone"
    subprocess.run(["git", "clone", "--quiet", address_of(str(PATCHES)), folder], check=True)
    return folder


def at(clone: Path, number: int, *command: str) -> subprocess.CompletedProcess[str]:
    commit = f"main~{30 - number}"
    subprocess.run(["git", "-C", clone, "checkout", "--quiet", "--detach", commit], check=True)
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False, timeout=60)


def test_three_commits_do_not_build_and_all_others_do_without_a_warning(clone: Path) -> None:
    strict = ("make", "-B", "CFLAGS=-O0 -Wall -Wextra -Werror")
    assert {n for n in range(1, 31) if at(clone, n, *strict).returncode} == UNBUILDABLE


@pytest.mark.parametrize("number", CHECKED)
def test_good_states_keep_every_byte_that_was_written(clone: Path, number: int) -> None:
    done = at(clone, number, "make", "-s", "check")
    assert done.returncode == 0, done.stderr
    assert "every byte as it was written" in done.stdout


def test_the_state_with_the_planted_crash_does_not(clone: Path) -> None:
    assert at(clone, 25, "make", "-s", "check").returncode != 0
