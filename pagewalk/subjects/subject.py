"""A subject: what is under test, where its revisions come from, and how they are built."""

from dataclasses import dataclass
from pathlib import Path

from pagewalk.model import Target
from pagewalk.subjects.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Release:
    """One revision of a release line.

    Args:
        name: its tag.
        date: seconds since the epoch.
        recipe: how to fetch and build it.
        base: the release that this is a variant of; empty for a release.
        note: one sentence for the commit message.
        patch_name: file name of the variant's patch; empty where it has none.
        patch: its content.
    """

    name: str
    date: int
    recipe: Recipe
    base: str = ""
    note: str = ""
    patch_name: str = ""
    patch: bytes = b""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """Releases in order of dates, then variants, each after its base."""

    releases: tuple[Release, ...]


PLACEHOLDERS = {
    "preload": ("cc", "cxx", "ar", "target", "triple", "jobs", "out"),
    "program": ("cc", "cxx", "ar", "target", "triple", "jobs", "out", "program", "sources"),
    "goroot": ("jobs", "out", "bootstrap"),
}
"""By use: what a build command may hold in braces. `cc`, `cxx`, `ar`: compiler for the target;
`triple`: zig's word for it; `out`: where to leave the product; `sources`: the C files of the
workload `program`; `bootstrap`: the GOROOT of a Go release."""


@dataclass(frozen=True, slots=True)
class Clone:
    """A git repository that is built by its own command.

    Args:
        origin: a path or an address that git can clone.
        command: shell command, run in the source tree; see `PLACEHOLDERS`.
        product: what the command leaves, relative to the source tree; may hold `{program}`.
        use: `preload` (an allocator), `program` (the workload itself) or `goroot` (a Go tree).
        bootstrap: the Go release that builds a Go tree; empty for none.
    """

    origin: str
    command: str
    product: str
    use: str
    bootstrap: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is under test.

    Args:
        name: the stem of its file under `subjects/`.
        kind: `go`, `malloc` or `git`.
        language: of the workloads that it can build, `go` or `c`.
        targets: that it can be built for.
        repository: the git repository that asv walks.
        suites: the benchmark families that it applies to.
        source: where its revisions come from.
    """

    name: str
    kind: str
    language: str
    targets: tuple[Target, ...]
    repository: Path
    suites: tuple[str, ...]
    description: str
    source: ReleaseLine | Clone
