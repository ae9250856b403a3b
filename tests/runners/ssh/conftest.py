"""A board: a real sshd on the loopback, with keys, port and configuration of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from pagewalk.inventories import Entry
from pagewalk.model import Artifact, Job
from runners.local import Local
from runners.ssh.runner import Ssh

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass(frozen=True)
class Sshd:
    """A running sshd, and what a client must know of it."""

    process: psutil.Process
    config: Path
    entry: Entry

    def sessions(self) -> list[psutil.Process]:
        """The daemon's own processes, one or two a connection."""
        return [child for child in self.process.children(recursive=True) if child.name().startswith("sshd")]

    def cut(self) -> None:
        """Break every connection, as a pulled cable does, only faster."""
        for session in self.sessions():
            session.kill()


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    if SSHD is None:
        pytest.skip("no sshd: apt-get install openssh-server")
    folder = tmp_path_factory.mktemp("sshd")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where a root sshd insists on separating its privileges
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server, client = _configured(folder, port)
    with subprocess.Popen([SSHD, "-D", "-e", "-f", server], stderr=(folder / "log").open("wb")) as process:
        try:
            _wait_for(port, process, folder / "log")
            entry = Entry("board", Local().target, "ssh", "board", config=str(client))
            yield Sshd(psutil.Process(process.pid), client, entry)
        finally:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()


def _configured(folder: Path, port: int) -> tuple[Path, Path]:
    server, client = folder / "sshd_config", folder / "ssh_config"
    shutil.copy(folder / "user.pub", folder / "authorized")
    server.write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        "UsePAM no\nStrictModes no\nPasswordAuthentication no\nPidFile none\nPermitRootLogin yes\n"
    )
    key = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {key}")
    client.write_text(
        f"Host board\nHostName 127.0.0.1\nPort {port}\nIdentityFile {folder}/user\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {folder}/known\nStrictHostKeyChecking yes\n"
    )
    return server, client


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"sshd does not listen: {log.read_text()}")


@pytest.fixture
def entry(sshd: Sshd, tmp_path: Path) -> Entry:
    """The board, with a folder whose name would do harm in a shell that sees it unquoted."""
    return replace(sshd.entry, folder=str(tmp_path / 'a board\'s $(touch harm) "`x`"'))


@pytest.fixture
def board(entry: Entry) -> Ssh:
    return Ssh(entry, pauses=(0.1, 0.2, 0.4, 0.8))


MakeJob = Callable[..., Job]


@pytest.fixture
def job(workload: Path) -> MakeJob:
    def make(*arguments: str, **more: object) -> Job:
        environment = {"FROM_THE_ARTIFACT": '$(touch harm) it\'s "me"'}
        artifact = Artifact((str(workload),), Local().target, (workload,), environment)
        return Job(artifact, arguments, exact_loops=3, **more)  # type: ignore[arg-type]

    return make
