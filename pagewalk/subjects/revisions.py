"""Names → commits → Revisions."""

import re

from pagewalk.config import nearest
from pagewalk.errors import UnknownRevision
from pagewalk.git import GitFailed, git, git_bytes, is_repository
from pagewalk.model import Revision
from pagewalk.subjects.clone import prepare_clone, refresh_clone
from pagewalk.subjects.line import prepare_line
from pagewalk.subjects.recipe import PATCH_FOLDER, RECIPE_FILE, Recipe, parse_recipe
from pagewalk.subjects.subject import Clone, Subject

PATCH_REFS = "refs/heads/pagewalk/patch"
_HASH = re.compile(r"[0-9a-f]{4,40}")


def prepare(subject: Subject) -> None:
    """Make or update the subject's repository; fetches no toolchain.

    Raises:
        ConfigError: a git subject's origin cannot be reached.
        Unavailable: there is no git.
    """
    if isinstance(subject.source, Clone):
        prepare_clone(subject.repository, subject.source.origin)
    else:
        prepare_line(subject.repository, subject.source)


def resolve(subject: Subject, name: str) -> Revision:
    """Return the revision that a tag, a branch, a patch's name, or a short or full hash means.

    Raises:
        UnknownRevision: none, or more than one; names the nearest and how to list all.
    """
    _ensure(subject)
    commit = _commit_of(subject, name)
    if not commit and isinstance(subject.source, Clone):
        refresh_clone(subject.repository, subject.source.origin)
        commit = _commit_of(subject, name)
    if commit:
        return revision_at(subject, commit)
    close = nearest(name, _names(subject))
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    raise UnknownRevision(
        f"{subject.name} has no revision {name!r}",
        f"{hint}List them with `pagewalk revisions --subject {subject.name}`.",
    )


def revisions(subject: Subject) -> list[Revision]:
    """Return all revisions, newest last: of a git subject its default branch and private patches."""
    _ensure(subject)
    which = (
        ["--all"]
        if not isinstance(subject.source, Clone)
        else ["--first-parent", "HEAD", f"--glob={PATCH_REFS}/*"]
    )
    log = git(subject.repository, "log", "--reverse", "--date-order", "--format=%H %ct", *which, "--")
    names = _display_names(subject)
    rows = (line.split() for line in log.splitlines())
    return [
        Revision(subject.name, commit, names.get(commit, commit[:10]), int(date)) for commit, date in rows
    ]


def revision_at(subject: Subject, commit: str) -> Revision:
    """Return the revision of a full commit hash that is there."""
    date = git(subject.repository, "show", "--no-patch", "--format=%ct", commit, "--")
    return Revision(subject.name, commit, _display_names(subject).get(commit, commit[:10]), int(date))


def recipe_at(subject: Subject, commit: str) -> Recipe:
    """Read `revision.json` at a commit of a release line.

    Raises:
        ConfigError: it is not there, or not ours.
    """
    try:
        text = git_bytes(subject.repository, "cat-file", "blob", f"{commit}:{RECIPE_FILE}")
    except GitFailed as error:
        raise UnknownRevision(
            f"{commit[:10]} of {subject.name} holds no {RECIPE_FILE}: {error.words}",
            "Name a commit that pagewalk made.",
        ) from error
    return parse_recipe(text, f"at {commit[:10]} of {subject.name}")


def patches_at(subject: Subject, commit: str) -> tuple[tuple[str, bytes], ...]:
    """Return names and contents of the patches that a commit of a release line carries, in order."""
    listing = git(subject.repository, "ls-tree", "-z", "--name-only", commit, f"{PATCH_FOLDER}/")
    paths = sorted(path for path in listing.split("\0") if path)
    return tuple(
        (path.rpartition("/")[2], git_bytes(subject.repository, "cat-file", "blob", f"{commit}:{path}"))
        for path in paths
    )


def _ensure(subject: Subject) -> None:
    if not is_repository(subject.repository):
        prepare(subject)


def _commit_of(subject: Subject, name: str) -> str:
    candidates = [f"refs/tags/{name}", f"refs/heads/{name}"] + ([name] if _HASH.fullmatch(name) else [])
    for candidate in candidates:
        try:
            return git(
                subject.repository,
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{candidate}^{{commit}}",
            )
        except GitFailed:
            continue
    return _patch_named(subject, name)


def _patch_named(subject: Subject, name: str) -> str:
    commits = [commit for commit, patch in _patch_names(subject).items() if patch == name]
    if len(commits) > 1:
        raise UnknownRevision(
            f"{name!r} names {len(commits)} patches of {subject.name}",
            f"Name one by its hash: {', '.join(commit[:10] for commit in commits)}",
        )
    return commits[0] if commits else ""


def _patch_names(subject: Subject) -> dict[str, str]:
    return _refs(subject, "%(objectname)%00%(contents:subject)", PATCH_REFS)


def _display_names(subject: Subject) -> dict[str, str]:
    """Map commits to the words a person would use: a tag, else the name its patch was given."""
    plain = _refs(subject, "%(objectname)%00%(refname:strip=2)", "refs/tags")
    annotated = _refs(subject, "%(*objectname)%00%(refname:strip=2)", "refs/tags")
    return {**_patch_names(subject), **plain, **annotated}


def _names(subject: Subject) -> set[str]:
    refs = git(subject.repository, "for-each-ref", "--format=%(refname:strip=2)", "refs/tags", "refs/heads")
    return {*refs.splitlines(), *_patch_names(subject).values()}


def _refs(subject: Subject, form: str, prefix: str) -> dict[str, str]:
    rows = git(subject.repository, "for-each-ref", f"--format={form}", prefix).splitlines()
    pairs = (row.split("\0", 1) for row in rows)
    return {commit: name for commit, name in pairs if commit}
