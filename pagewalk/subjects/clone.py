"""A git subject's repository: pagewalk's own bare clone, so that private patches never reach the user's."""

import time
from pathlib import Path

from pagewalk.cache import publish
from pagewalk.errors import ConfigError
from pagewalk.git import GitFailed, git, is_repository
from pagewalk.locking import locked
from pagewalk.subjects.series import address_of

_FRESH = 900.0
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


def prepare_clone(repository: Path, origin: str) -> None:
    """Clone the origin, or fetch what is new; an origin behind a network at most every 15 minutes.

    Raises:
        ConfigError: the origin is no repository, or cannot be reached for the first time.
    """
    with locked(repository):
        if not is_repository(repository):
            with publish(repository) as folder:
                git(folder, "init", "--quiet", "--bare")
                _fetch(folder, origin)
                _follow_head(folder, origin)
        elif _changed_origin(repository, origin) or _stale(repository, origin):
            refresh_clone(repository, origin)


def refresh_clone(repository: Path, origin: str) -> None:
    """Fetch what is new at the origin.

    Raises:
        ConfigError: the origin cannot be reached.
    """
    _fetch(repository, origin)


def _fetch(repository: Path, origin: str) -> None:
    try:
        # --update-head-ok: nothing is checked out in a bare clone, so its HEAD branch may move.
        source = address_of(origin)
        git(repository, "fetch", "--quiet", "--update-head-ok", "--", source, *_REFS, deaf=False)
    except GitFailed as error:
        raise ConfigError(
            f"cannot clone {origin}: {error.words}", f"Check that this works: git ls-remote {origin}"
        ) from error
    git(repository, "config", "pagewalk.origin", origin)
    (repository / "pagewalk-fetched").touch()


def _follow_head(repository: Path, origin: str) -> None:
    """Point HEAD at the origin's default branch."""
    for line in git(
        repository, "ls-remote", "--symref", "--", address_of(origin), "HEAD", deaf=False
    ).splitlines():
        if line.startswith("ref: "):
            git(repository, "symbolic-ref", "HEAD", line.split()[1])


def _changed_origin(repository: Path, origin: str) -> bool:
    try:
        return git(repository, "config", "--get", "pagewalk.origin") != origin
    except GitFailed:
        return True


def _stale(repository: Path, origin: str) -> bool:
    if Path(origin).exists():
        return True
    fetched = repository / "pagewalk-fetched"
    return not fetched.exists() or time.time() - fetched.stat().st_mtime > _FRESH
