"""Anything that prints a number or dies, in a worktree of its own: a noise-aware `git bisect run`."""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.shell import run_shell
from pagewalk.errors import ConfigError
from pagewalk.git import GitFailed, git

VALUE = "value"
SKIP = 125
NOT_FOUND = (126, 127)
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?=\s|%|[A-Za-zµ/]{1,3}\b|[,;)]|\.?$)"
    r"|(?i:nan|inf|infinity)\b)"
)
_UNIT = re.compile(r"[ \t]*([nuµm]?s|sec|min|[kKMGT]?i?B)\b")
"""Of times and sizes: what is no unit is a word."""


@dataclass(slots=True)
class CommandProbe:
    """Executes a shell command at commits, one after the other.

    Args:
        command: `{commit}` in it stands for the full hash.
        tree: the worktree, in which it is executed.
        timeout: seconds until its whole process group is killed, which counts as a crash.
        found: whether the shell has found the command at some commit before.
        units: of the numbers so far, and the commit that each was printed at first.
    """

    command: str
    tree: Path
    timeout: float
    found: bool = False
    units: dict[str, str] = field(default_factory=dict)
    _at: str = field(default="")

    def measure(self, commit: str) -> Execution | None:
        """Check the commit out, execute the command once, and read the last number it prints.

        A number that came with a status other than 0 is no measurement: what failed did not do its work.

        Raises:
            ConfigError: the shell finds nothing to execute, and never did; or the unit is another one.
        """
        if not self._check_out(commit):
            return None
        ended = run_shell(self.command.replace("{commit}", commit), self.tree, self.timeout)
        status, words = ended.status, ended.words
        if status == SKIP:
            return None
        # Once it was there, what is missing is what this commit should have built: a failure like others.
        if status in NOT_FOUND and not self.found:
            raise ConfigError(
                f"The shell cannot find or execute the command (status {status}): {words}",
                "It is executed in a fresh worktree: name scripts outside it by their absolute path.",
            )
        self.found = True
        if status:
            return Execution(crashed=True, words=words)
        value = last_number(ended.output)
        if value is None:
            return Execution({}, words=words)
        unit = unit_of_last(ended.output)
        self._check_unit(unit, commit)
        return Execution({VALUE: value}, words=words, unit=unit)

    def _check_unit(self, unit: str, commit: str) -> None:
        """Refuse what tools do that choose a unit by the size: 950 µs is no more than 1.2 ms."""
        if unit:
            self.units.setdefault(unit, commit)
        if len(self.units) > 1:
            said = " and ".join(f"{unit} at {commit[:10]}" for unit, commit in self.units.items())
            raise ConfigError(
                f"The command prints its number in {said}: numbers in different units cannot be compared.",
                "Make it print one unit at every commit, or no unit at all.",
            )

    def _check_out(self, commit: str) -> bool:
        if commit == self._at:
            return True
        try:
            git(self.tree, "checkout", "--quiet", "--force", "--detach", commit, deaf=False)
            # What the last commit left behind is no part of this one.
            git(self.tree, "clean", "-ffdxq", deaf=False)
        except GitFailed:
            return False
        self._at = commit
        return True


def last_number(output: str) -> float | None:
    """Return the last number in a text, a short unit behind it or not; None for none, nan or inf."""
    found = _NUMBER.findall(output)
    value = float(found[-1]) if found else float("nan")
    return value if abs(value) < float("inf") else None


def unit_of_last(output: str) -> str:
    """Return the unit of time or size behind the last number in a text; empty where there is none."""
    ends = [found.end() for found in _NUMBER.finditer(output)]
    unit = _UNIT.match(output, ends[-1]) if ends else None
    return unit[1].replace("u", "µ") if unit else ""


@contextlib.contextmanager
def worktree(repository: Path, commit: str) -> Iterator[Path]:
    """Yield a worktree of a repository with nothing checked out yet; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pagewalk-bisect-"))
    tree = folder / "tree"
    try:
        git(repository, "worktree", "prune", deaf=False)
        add = ("worktree", "add", "--quiet", "--detach", "--no-checkout", str(tree), commit)
        git(repository, *add, deaf=False)
        yield tree
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(GitFailed):
            git(repository, "worktree", "prune", deaf=False)
