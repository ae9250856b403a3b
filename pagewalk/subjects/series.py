"""A history kept as patches, as `git format-patch` writes them: the same commit hashes everywhere."""

import hashlib
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import ConfigError
from pagewalk.git import GitFailed, git
from pagewalk.locking import locked

TAG = "Tag"
"""Trailer of a commit message that names a tag."""

_COMMITTER = {"GIT_COMMITTER_NAME": "pagewalk", "GIT_COMMITTER_EMAIL": "pagewalk@localhost"}


def _patches_in(folder: Path) -> list[Path]:
    """Return the patches of a series in order; none where the folder is no series."""
    return [] if (folder / ".git").exists() else sorted(folder.glob("*.patch"))


def address_of(origin: str) -> str:
    """Return what git can fetch from: the repository made of a folder of patches, else the origin itself.

    Raises:
        ConfigError: a patch does not apply.
    """
    return str(_repository_of(Path(origin))) if _patches_in(Path(origin)) else origin


def _repository_of(folder: Path) -> Path:
    """Return a repository with one commit a patch, made when it is first asked for.

    The committer is fixed and commits when the author did, so that hashes depend on the patches alone.

    Raises:
        ConfigError: a patch does not apply.
    """
    patches = _patches_in(folder)
    digest = hashlib.sha256(b"".join(patch.read_bytes() for patch in patches)).hexdigest()[:24]
    repository = cache_root() / "series" / digest
    with locked(repository):
        if not repository.is_dir():
            with publish(repository) as scratch:
                _apply(scratch, patches)
    return repository


def _apply(repository: Path, patches: list[Path]) -> None:
    git(repository, "init", "--quiet", "--initial-branch=main")
    paths = [str(patch.resolve()) for patch in patches]
    options = ("--quiet", "--committer-date-is-author-date", "--keep-cr", "--no-gpg-sign")
    try:
        git(repository, "am", *options, "--", *paths, extra=_COMMITTER)
    except GitFailed as error:
        raise ConfigError(
            f"the series in {patches[0].parent} does not apply: {error.words}",
            "Make it anew: git format-patch --root -o FOLDER BRANCH",
        ) from error
    form = f"--format=%H %(trailers:key={TAG},valueonly,separator=%x20)"
    for line in git(repository, "log", form).splitlines():
        commit, *names = line.split()
        for name in names:
            git(repository, "tag", "--", name, commit)
