"""A patch becomes a commit on a private branch, so that everything after it only knows commits."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pagewalk.errors import PatchFailed
from pagewalk.git import GitFailed, git
from pagewalk.model import Revision
from pagewalk.subjects.recipe import PATCH_FOLDER, GoRecipe
from pagewalk.subjects.revisions import PATCH_REFS, patches_at, recipe_at, revision_at
from pagewalk.subjects.subject import Clone, Subject
from pagewalk.toolchains.go import fetch_goroot
from pagewalk.toolchains.overlay import check_patches

_LARGEST = 16 * 1024 * 1024
_IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "pagewalk"), ("EMAIL", "pagewalk@localhost"))
}


def apply_patch(subject: Subject, revision: Revision, patch_file: Path) -> Revision:
    """Commit a patch (`-p1`, as `git diff` writes it) on top of a revision.

    The commit lies on the branch `pagewalk/patch/<short hash>` of pagewalk's own repository. The
    same patch file on the same revision gives the same commit on every machine. A patch to a Go
    release is tried on that release's sources at once, which may fetch the release.

    Raises:
        PatchFailed: it does not apply; says what git said.
        Unavailable: the Go release cannot be fetched.
    """
    patch = _read(patch_file)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", patch_file.stem).strip("-.") or "patch"
    with tempfile.TemporaryDirectory(prefix="pagewalk-index-") as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        git(subject.repository, "read-tree", revision.commit, extra=index)
        if isinstance(subject.source, Clone):
            _apply_to_tree(subject, revision, patch_file, patch, index)
        else:
            _add_to_release(subject, revision, stem, patch, index)
        tree = git(subject.repository, "write-tree", extra=index)
    commit = _commit(subject, revision, tree, f"{revision.name}+{stem}\n")
    git(subject.repository, "update-ref", f"{PATCH_REFS}/{commit[:10]}", commit)
    return revision_at(subject, commit)


def _read(patch_file: Path) -> bytes:
    try:
        patch = patch_file.read_bytes()
    except OSError as error:
        raise PatchFailed(
            f"cannot read the patch {patch_file}: {error.strerror}", "Name a patch file."
        ) from error
    if not patch.strip() or len(patch) > _LARGEST:
        raise PatchFailed(
            f"{patch_file} holds {len(patch)} bytes: not a patch", "Make one: git diff > change.patch"
        )
    return patch


def _apply_to_tree(
    subject: Subject, revision: Revision, patch_file: Path, patch: bytes, index: Mapping[str, str]
) -> None:
    try:
        git(subject.repository, "apply", "--cached", "--whitespace=nowarn", "-", stdin=patch, extra=index)
    except GitFailed as error:
        raise PatchFailed(
            f"{patch_file} does not apply to {revision.name} of {subject.name}:\n{error.words}",
            f"Rebase it on {revision.commit[:10]} and write it with git diff, "
            "or name the revision it was made for.",
        ) from error


def _add_to_release(
    subject: Subject, revision: Revision, stem: str, patch: bytes, index: Mapping[str, str]
) -> None:
    recipe = recipe_at(subject, revision.commit)
    if not isinstance(recipe, GoRecipe):
        raise PatchFailed(
            f"{revision.name} of {subject.name} is a binary package: there are no sources to patch",
            'Declare the allocator\'s repository as a subject with kind = "git"; see docs/subjects.md.',
        )
    before = patches_at(subject, revision.commit)
    name = f"{len(before) + 1:02}-{stem}.patch"
    check_patches(fetch_goroot(recipe.version), recipe.version, (*before, (name, patch)))
    blob = git(subject.repository, "hash-object", "-w", "--stdin", stdin=patch)
    entry = f"100644,{blob},{PATCH_FOLDER}/{name}"
    git(subject.repository, "update-index", "--add", "--cacheinfo", entry, extra=index)


def _commit(subject: Subject, revision: Revision, tree: str, message: str) -> str:
    stamp = f"{revision.date + 1} +0000"
    dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    return git(
        subject.repository,
        "commit-tree",
        tree,
        "-p",
        revision.commit,
        stdin=os.fsencode(message),
        extra=_IDENTITY | dates,
    )
