"""C workloads under the sanitizers: no access out of bounds, no leak, nothing undefined, no data race."""

import shutil
import subprocess
from pathlib import Path

import pytest
from batch import build_batch
from declared import THREADED
from driving_workloads import C_PROGRAMS, C_SOURCES, ENGINE, WARNINGS, compile_c, run
from small_arguments import small

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sanitizers")]
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
RACES = ("-fsanitize=thread",)
COMPILER = ("cc", "-std=c11", "-O1", "-g", "-pthread", "-fno-builtin", *WARNINGS)


@pytest.fixture(scope="session")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All workloads, built for the address and the undefined-behaviour sanitizer."""
    return build_batch(tmp_path_factory.mktemp("sanitized"), (*COMPILER, *SANITIZE), C_PROGRAMS)


@pytest.fixture(scope="session")
def race_checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workloads with threads, built for the thread sanitizer."""
    return build_batch(tmp_path_factory.mktemp("races"), (*COMPILER, *RACES), THREADED)


@pytest.mark.parametrize("name", C_PROGRAMS)
def test_sanitizers_find_nothing(sanitized: Path, name: str) -> None:
    for arguments in small(name):
        said = run((sanitized, name), "--loops=2", *arguments)
        assert (said.status, said.stderr) == (0, "")
        assert said.the("region")["loops"] == 2


@pytest.mark.parametrize("name", THREADED)
def test_the_thread_sanitizer_finds_no_race(race_checked: Path, name: str) -> None:
    for arguments in small(name):
        said = run((*unshuffled(), race_checked, name), "--loops=2", *arguments)
        assert (said.status, said.stderr) == (0, "")
        assert said.the("region")["loops"] == 2


def unshuffled() -> tuple[str, ...]:
    """Return what fixes the address space: its randomness may be more than the thread sanitizer can take."""
    if shutil.which("setarch") is None:
        pytest.skip("no setarch: apt-get install util-linux")
    return ("setarch", "-R")


def test_the_sanitizers_would_find_a_block_that_is_never_freed(tmp_path: Path) -> None:
    done = broken(tmp_path, "churn", "free(blocks[at]);", "", SANITIZE)
    assert done.returncode != 0
    assert "LeakSanitizer" in done.stderr


def test_the_thread_sanitizer_would_find_a_box_that_is_not_atomic(tmp_path: Path) -> None:
    swap = "*at = atomic_exchange(&shared[(random >> 32) % SHARED], *at);"
    racing = "*at = *(char **)&shared[random % SHARED], *(char **)&shared[random % SHARED] = NULL;"
    done = broken(tmp_path, "rptest", swap, racing, RACES)
    assert done.returncode != 0
    assert "ThreadSanitizer: data race" in done.stderr


def broken(
    folder: Path, name: str, good: str, bad: str, options: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Run a workload with one statement replaced."""
    source = C_SOURCES[name].read_text()
    file = folder / "broken.c"
    file.write_text(source.replace(good, bad, 1))
    assert file.read_text() != source
    program = compile_c(folder / "broken", file, *ENGINE, options=options)
    command = [*(unshuffled() if options == RACES else ()), str(program), "--loops=1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)
