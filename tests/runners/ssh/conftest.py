"""A board for each test, its files in a folder of the test's own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pagewalk.inventories import Entry
from pagewalk.model import Artifact, Job
from runners.local import Local
from runners.ssh.runner import Ssh
from tests.runners.ssh.loopback import SSHD, Sshd, left_behind, listening

PAUSES = (0.1, 0.2, 0.4, 0.8)
HARM = 'a board\'s $(touch harm) "`x`"'
"""A folder's name that would do harm in a shell that sees it unquoted."""


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    if SSHD is None:
        pytest.skip("no sshd: apt-get install openssh-server")
    with listening(tmp_path_factory.mktemp("sshd")) as sshd:
        yield sshd


@pytest.fixture
def entry(sshd: Sshd, tmp_path: Path) -> Entry:
    """The board, with a folder of the test's own."""
    return replace(sshd.entry, folder=str(tmp_path / HARM))


@pytest.fixture(scope="session")
def shared(sshd: Sshd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """A runner of that board for tests that look at nothing but runs: connecting takes a second."""
    entry = replace(sshd.entry, folder=str(tmp_path_factory.mktemp("shared") / HARM))
    board = Ssh(entry, PAUSES)
    yield board
    board.close()
    assert left_behind(entry) == []


@pytest.fixture
def board(entry: Entry) -> Iterator[Ssh]:
    """A runner of that board, which leaves neither processes nor results of executions there."""
    board = Ssh(entry, PAUSES)
    yield board
    board.close()
    assert left_behind(entry) == []


MakeJob = Callable[..., Job]


@pytest.fixture
def job(workload: Path) -> MakeJob:
    def make(*arguments: str, **more: object) -> Job:
        environment = {"FROM_THE_ARTIFACT": '$(touch harm) it\'s "me"'}
        artifact = Artifact((str(workload),), Local().target, (workload,), environment)
        return Job(artifact, arguments, exact_loops=3, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def exits(tmp_path: Path) -> Callable[..., Artifact]:
    """Make a workload of a few lines of shell that ends with a status."""

    def make(status: int, script: str = ":") -> Artifact:
        program = tmp_path / "it's $HOME" / f"{abs(hash((status, script)))}.sh"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\nexit {status}\n")
        program.chmod(0o755)
        return Artifact((str(program),), Local().target, (program,))

    return make
