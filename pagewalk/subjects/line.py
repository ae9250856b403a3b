"""A release line as a git repository: one commit a release, the same hashes on every machine."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pagewalk.cache import publish
from pagewalk.files import write_whole
from pagewalk.git import AUTHOR, git, is_repository
from pagewalk.locking import locked
from pagewalk.subjects.recipe import PATCH_FOLDER, RECIPE_FILE, render_recipe
from pagewalk.subjects.subject import Release, ReleaseLine

_STAMP = "pagewalk-line"


def prepare_line(repository: Path, line: ReleaseLine) -> None:
    """Make the repository, or bring it up to date with the line; private patches in it stay.

    Raises:
        GitFailed: the repository is damaged, or somebody works in it.
        Unavailable: no git, or no room.
    """
    stream = b"".join(_fast_import(line))
    stamp = hashlib.sha256(stream).hexdigest()
    if _is_current(repository, stamp):
        return
    with locked(repository):
        if _is_current(repository, stamp):
            return
        if is_repository(repository):
            _import(repository, line, stream, stamp)
        else:
            with publish(repository) as folder:
                git(folder, "init", "--quiet", "--initial-branch=main")
                _import(folder, line, stream, stamp)


def _is_current(repository: Path, stamp: str) -> bool:
    try:
        return (repository / ".git" / _STAMP).read_text() == stamp
    except OSError:
        return False


def _import(repository: Path, line: ReleaseLine, stream: bytes, stamp: str) -> None:
    git(repository, "fast-import", "--quiet", "--force", stdin=stream)
    _drop_stale(repository, line)
    git(repository, "reset", "--quiet", "--hard", "main")
    write_whole(repository / ".git" / _STAMP, stamp)


def _drop_stale(repository: Path, line: ReleaseLine) -> None:
    """Delete the tags and variant branches that the line no longer has."""
    wanted = {f"refs/tags/{release.name}" for release in line.releases}
    wanted |= {f"refs/heads/variant/{release.name}" for release in line.releases if release.base}
    there = git(repository, "for-each-ref", "--format=%(refname)", "refs/tags", "refs/heads/variant").split()
    for stale in set(there) - wanted:
        git(repository, "update-ref", "-d", stale)


def _fast_import(line: ReleaseLine) -> Iterator[bytes]:
    """Yield a stream of git-fast-import(1); marks are positions in the line, from 1."""
    marks = {release.name: number for number, release in enumerate(line.releases, start=1)}
    patched: dict[str, int] = {}
    previous = 0
    yield b"feature done\nreset refs/heads/main\n\n"
    for release in line.releases:
        branch = f"refs/heads/variant/{release.name}" if release.base else "refs/heads/main"
        parent = marks[release.base] if release.base else previous
        patched[release.name] = patched.get(release.base, 0) + bool(release.patch)
        yield from _commit(release, branch, marks[release.name], parent)
        yield from _files(release, patched[release.name])
        yield f"\nreset refs/tags/{release.name}\nfrom :{marks[release.name]}\n\n".encode()
        previous = previous if release.base else marks[release.name]
    yield b"done\n"


def _commit(release: Release, branch: str, mark: int, parent: int) -> Iterator[bytes]:
    if release.base:
        yield f"reset {branch}\n\n".encode()
    yield f"commit {branch}\nmark :{mark}\n".encode()
    yield f"committer {AUTHOR} {release.date} +0000\n".encode()
    yield _data(f"{release.name}\n\n{release.note}\n".encode())
    if parent:
        yield f"from :{parent}\n".encode()


def _files(release: Release, patch_number: int) -> Iterator[bytes]:
    # Without deleteall the tree is the parent's: a variant keeps the patches of its base.
    if not release.base:
        yield b"deleteall\n"
    yield f"M 100644 inline {RECIPE_FILE}\n".encode() + _data(render_recipe(release.recipe))
    if release.patch:
        name = f"{PATCH_FOLDER}/{patch_number:02}-{release.patch_name}"
        yield f"M 100644 inline {name}\n".encode() + _data(release.patch)


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"
