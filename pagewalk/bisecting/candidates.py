"""The commits between a good and a bad one, from git."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import ConfigError, UnknownRevision
from pagewalk.git import GitFailed, git


@dataclass(frozen=True, slots=True)
class Commit:
    """What a person wants to read of a commit."""

    hash: str
    subject: str
    author: str
    date: str

    def __str__(self) -> str:
        return f"{self.subject} ({self.author}, {self.date})"


def toplevel(folder: Path) -> Path:
    """Return the repository that a folder lies in.

    Raises:
        ConfigError: it lies in none.
    """
    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}.", "Give --repo a git repository.")
    try:
        return Path(git(folder, "rev-parse", "--absolute-git-dir", deaf=False))
    except GitFailed as error:
        raise ConfigError(
            f"{folder} is not in a git repository: {error.words}", "Give --repo DIR of one."
        ) from error


def commit_of(repository: Path, name: str) -> str:
    """Return the full hash of what a name means to git.

    Raises:
        UnknownRevision: nothing.
    """
    try:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return git(repository, *arguments, deaf=False)
    except GitFailed as error:
        raise UnknownRevision(
            f"{repository} has no commit {name!r}.", f"List them: git -C {repository} log --oneline"
        ) from error


def candidates(repository: Path, good: str, bad: str) -> list[str]:
    """Return `good` and all that may be the first bad commit, oldest first, `bad` last.

    A merge counts as one commit: its second parents are not walked.

    Args:
        good: full hash.
        bad: full hash.

    Raises:
        ConfigError: both are the same, or good is no ancestor of bad.
    """
    if good == bad:
        raise ConfigError(f"Good and bad are the same commit, {good[:10]}.", "Name two different commits.")
    if not _is_ancestor(repository, good, bad):
        if _is_ancestor(repository, bad, good):
            raise ConfigError(
                f"The bad commit {bad[:10]} is older than the good one {good[:10]}: they are swapped.",
                f"To find what made it better: type --good {bad[:10]} --bad {good[:10]}.",
            )
        raise ConfigError(
            f"The good commit {good[:10]} is no ancestor of the bad one {bad[:10]}.",
            f"Measure where they part: --good $(git -C {repository} merge-base {good[:10]} {bad[:10]}).",
        )
    walk = ("rev-list", "--reverse", "--first-parent", "--ancestry-path", f"{good}..{bad}", "--")
    return [good, *git(repository, *walk, deaf=False).split()]


def describe(repository: Path, commit: str) -> Commit:
    """Return subject line, author and date of a commit."""
    text = git(repository, "show", "--no-patch", "--format=%s%x00%an%x00%as", commit, "--", deaf=False)
    subject, author, date = text.split("\0")
    return Commit(commit, subject, author, date)


def subject_lines(repository: Path, commits: Sequence[str]) -> list[str]:
    """Return the subject line of each commit, in the order given."""
    show = ("log", "--no-walk=unsorted", "--stdin", "--format=%s")
    return git(repository, *show, stdin="\n".join(commits).encode(), deaf=False).split("\n")


def _is_ancestor(repository: Path, older: str, newer: str) -> bool:
    try:
        git(repository, "merge-base", "--is-ancestor", older, newer, deaf=False)
    except GitFailed:
        return False
    return True
