"""A real sshd on the loopback, with keys, port and configuration of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from pagewalk.inventories import Entry
from pagewalk.last_will import MARK
from runners.local import Local

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass(frozen=True)
class Sshd:
    """A running sshd, and the board that it makes of this machine."""

    process: psutil.Process
    entry: Entry

    def cut(self) -> None:
        """Break every connection, as a pulled cable does, only faster; what was started over it stays."""
        for child in self.process.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.name().startswith("sshd"):
                    child.kill()


@contextmanager
def listening(folder: Path, *options: str, environment: str = "") -> Iterator[Sshd]:
    """Yield an sshd that keeps its things in `folder`, which is everybody's home there.

    Args:
        options: lines of sshd_config(5).
        environment: more variables for all that is executed there.
    """
    assert SSHD is not None
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where a root sshd insists on separating its privileges
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server, client = _configured(folder, port, (*options, f"SetEnv HOME={folder} {environment}"))
    with subprocess.Popen([SSHD, "-D", "-e", "-f", server], stderr=(folder / "log").open("wb")) as process:
        sshd = Sshd(
            psutil.Process(process.pid), Entry("board", Local().target, "ssh", "board", config=str(client))
        )
        try:
            _wait_for(port, process, folder / "log")
            yield sshd
        finally:
            sshd.cut()
            process.kill()


def _configured(folder: Path, port: int, options: Sequence[str]) -> tuple[Path, Path]:
    server, client = folder / "sshd_config", folder / "ssh_config"
    shutil.copy(folder / "user.pub", folder / "authorized")
    lines = (
        f"ListenAddress 127.0.0.1:{port}",
        f"HostKey {folder}/host",
        f"AuthorizedKeysFile {folder}/authorized",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication no",
        "PidFile none",
        "PermitRootLogin yes",
        *options,
    )
    server.write_text("".join(f"{line}\n" for line in lines))
    key = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {key}")
    client.write_text(
        f"Host board\nHostName 127.0.0.1\nPort {port}\nIdentityFile {folder}/user\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {folder}/known\nStrictHostKeyChecking yes\n"
    )
    return server, client


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, f"sshd does not listen: {log.read_text()}"
        time.sleep(0.05)
    raise AssertionError(f"sshd does not listen: {log.read_text()}")


def running(entry: Entry) -> list[str]:
    """Return the processes of executions on a board: those that watch, and those that carry the mark."""
    return [name for process in psutil.process_iter() if (name := _name(process, entry))]


def _name(process: psutil.Process, entry: Entry) -> str:
    try:
        ours = MARK in process.environ() or "supervise" in process.cmdline()
        there = ours and process.status() != psutil.STATUS_ZOMBIE and process.cwd().startswith(entry.folder)
        return process.name() if there else ""
    except psutil.Error:
        return ""


def left_behind(entry: Entry, patience: float = 10.0) -> list[str]:
    """Return processes and folders of executions that are there still when `patience` has passed."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and (running(entry) or _jobs(entry)):
        time.sleep(0.1)
    return [*running(entry), *_jobs(entry)]


def _jobs(entry: Entry) -> list[str]:
    jobs = Path(entry.folder, "jobs")
    return [path.name for path in jobs.iterdir()] if jobs.is_dir() else []
