"""git as a subprocess, deaf to the user's configuration where commit hashes depend on it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pagewalk.errors import PagewalkError, Unavailable

AUTHOR = "pagewalk <pagewalk@localhost>"

# A user's autocrlf, commit template, signing or hooks would change hashes from machine to machine.
_DEAF = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
    "TZ": "UTC",
}
_STRAY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
)


class GitFailed(PagewalkError):
    """git said no; `words` is what it wrote on stderr."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(f"{message}: {words}", "Mend what git names, and try again.")
        self.words = words


def git_environment(extra: Mapping[str, str] | None = None, deaf: bool = True) -> dict[str, str]:
    """Return what git runs in: no stray repository, no prompt and, if `deaf`, no user settings."""
    inherited = {name: value for name, value in os.environ.items() if name not in _STRAY}
    return inherited | {"GIT_TERMINAL_PROMPT": "0"} | (_DEAF if deaf else {"LC_ALL": "C"}) | dict(extra or {})


def git_bytes(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra: Mapping[str, str] | None = None,
    deaf: bool = True,
) -> bytes:
    """Run `git -C repository …` and return its stdout.

    Args:
        stdin: what git reads.
        extra: variables to add to the environment.
        deaf: ignore the user's configuration; off only where credentials or proxies are needed.

    Raises:
        GitFailed: it ended with another status than 0.
        Unavailable: there is no git.
    """
    command = ["git", "-c", f"core.hooksPath={os.devnull}", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, env=git_environment(extra, deaf), check=False
        )
    except FileNotFoundError as error:
        raise Unavailable("there is no git on this machine", "Install it: apt-get install git") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip() or f"exit status {done.returncode}"
        raise GitFailed(f"git {arguments[0]} in {repository}", words)
    return done.stdout


def git(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra: Mapping[str, str] | None = None,
    deaf: bool = True,
) -> str:
    """As `git_bytes`, but return text without its last newline."""
    return (
        git_bytes(repository, *arguments, stdin=stdin, extra=extra, deaf=deaf)
        .decode(errors="replace")
        .rstrip("\n")
    )


def is_repository(path: Path) -> bool:
    """Tell whether `path` itself is a git repository, bare or not; one above it does not count."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
