"""Debian packages of any suite and architecture, resolved and verified by apt itself, nothing installed.

apt works in a state folder of its own per suite and architecture: an empty list of installed
packages makes it resolve every dependency, and its keys check what comes over the network.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root
from pagewalk.errors import Unavailable
from pagewalk.locking import locked
from pagewalk.toolchains.mirrors import Mirror, find_mirrors
from pagewalk.toolchains.process import Progress

_INST = re.compile(
    r"^Inst (?P<name>\S+?)(?::\S+)? \((?P<version>\S+) .*\[(?P<architecture>\w+)\]\)", re.MULTILINE
)
_REMEDY = (
    "Name a Debian mirror that this machine can reach and that has it: "
    "export PAGEWALK_DEBIAN_MIRROR=http://…/debian"
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was fetched."""

    name: str
    version: str
    file: Path


def fetch_packages(
    suite: str, architecture: str, names: Sequence[str], on_progress: Progress
) -> tuple[Package, ...]:
    """Fetch packages and all that they depend on.

    Args:
        suite: as `trixie`.
        architecture: Debian's word, as `riscv64`.

    Raises:
        Unavailable: no apt, no mirror with that suite and architecture, or no such package.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable(
            "there is no apt on this machine to fetch Debian packages with",
            "Run on Debian or Ubuntu, or declare the allocator as a git subject; see docs/subjects.md.",
        )
    state = cache_root() / "apt" / f"{suite}-{architecture}"
    with locked(state):
        apt = _Apt(state, architecture)
        if not any((state / "lists").glob("*_Packages*")):
            _update(apt, suite, on_progress)
        on_progress(f"fetching {' '.join(names)} for {architecture}")
        try:
            return apt.install(names)
        except Unavailable:
            # A point release moves packages away from under an old index.
            _update(apt, suite, on_progress)
            return apt.install(names)


def _update(apt: "_Apt", suite: str, on_progress: Progress) -> None:
    mirrors = find_mirrors(suite)
    words = "its apt configuration names no archive of Debian"
    for mirror in mirrors:
        on_progress(f"reading the package index of {suite} for {apt.architecture}")
        words = apt.update(mirror, suite)
        if not words:
            return
    tried = ", ".join(mirror.uri for mirror in mirrors) or "no archive"
    raise Unavailable(f"no packages of {suite} for {apt.architecture} from {tried}: {words}", _REMEDY)


@dataclass(frozen=True, slots=True)
class _Apt:
    state: Path
    architecture: str

    def update(self, mirror: Mirror, suite: str) -> str:
        """Read the index; return why it could not be read, nothing where it could."""
        shutil.rmtree(self.state, ignore_errors=True)
        for folder in ("lists/partial", "archives/partial", "log"):
            (self.state / folder).mkdir(parents=True)
        (self.state / "status").touch()
        options = f"arch={self.architecture}" + (f" signed-by={mirror.keyring}" if mirror.keyring else "")
        (self.state / "sources.list").write_text(f"deb [{options}] {mirror.uri} {suite} main\n")
        done = self._run("update", "-o", "APT::Update::Error-Mode=any")
        if not done.returncode:
            return ""
        shutil.rmtree(self.state / "lists")
        return _complaint(done)

    def install(self, names: Sequence[str]) -> tuple[Package, ...]:
        """Resolve and fetch; nothing is installed."""
        wanted = ["install", "--yes", "--no-install-recommends"]
        plan = self._checked(*wanted, "--simulate", "--", *names)
        self._checked(*wanted, "--download-only", "--", *names)
        return tuple(self._planned(plan))

    def _planned(self, plan: str) -> Iterator[Package]:
        for match in _INST.finditer(plan):
            version = match["version"].replace(":", "%3a")
            file = self.state / "archives" / f"{match['name']}_{version}_{match['architecture']}.deb"
            yield Package(match["name"], match["version"], file)

    def _checked(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode:
            raise Unavailable(f"apt for {self.architecture}: {_complaint(done)}", _REMEDY)
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = {
            "APT::Architecture": self.architecture,
            "APT::Architectures::": self.architecture,
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Dir::Cache": str(self.state),
            "Dir::Cache::archives": f"{self.state}/archives/",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::sourcelist": str(self.state / "sources.list"),
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Log": f"{self.state}/log/",
            "Dir::State": str(self.state),
            "Dir::State::lists": f"{self.state}/lists/",
            "Dir::State::status": str(self.state / "status"),
        }
        settings = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return subprocess.run(
            ["apt-get", "-q", *settings, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        )


def _complaint(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.startswith(("E:", "Err:"))]
    return " ".join(lines[:3]) or done.stderr.strip()[-300:] or f"exit status {done.returncode}"
