"""Patches to a Go release without touching its GOROOT: patched copies of what they touch.

For the runtime and the library `go build -overlay` takes the copies; the compiler, assembler and
linker are programs of their own and need `pagewalk.toolchains.rebuilt`.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pagewalk.cache import cache_root, publish
from pagewalk.errors import PatchFailed
from pagewalk.git import GitFailed, git

Patches = Sequence[tuple[str, bytes]]
"""Names and contents, in the order in which they apply."""


def digest_of(version: str, patches: Patches) -> str:
    """Return what names this release with these patches; empty where there are none."""
    if not patches:
        return ""
    digest = hashlib.sha256(version.encode())
    for _name, patch in patches:
        digest.update(hashlib.sha256(patch).digest())
    return digest.hexdigest()[:32]


def check_patches(goroot: Path, version: str, patches: Patches) -> tuple[str, ...]:
    """Apply the patches to copies and throw these away; return the paths that they touch.

    Raises:
        PatchFailed: one does not apply; says which and what git said.
    """
    with tempfile.TemporaryDirectory(prefix="pagewalk-patch-") as scratch:
        return apply_patches(goroot, version, patches, Path(scratch))


def apply_patches(goroot: Path, version: str, patches: Patches, folder: Path) -> tuple[str, ...]:
    """Apply the patches to copies of the files that they touch, made in `folder`.

    Returns:
        the paths touched, relative to the GOROOT and to `folder`; one that a patch deletes is
        not in `folder` afterwards.

    Raises:
        PatchFailed: one does not apply, or reaches outside the sources.
    """
    touched: dict[str, None] = {}
    for name, patch in patches:
        try:
            for path in _paths(folder, patch):
                if path not in touched and (goroot / path).is_file():
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(goroot / path, folder / path)
                touched[path] = None
            git(folder, "apply", "--whitespace=nowarn", "-", stdin=patch, extra=_outside(folder))
        except (GitFailed, ValueError) as error:
            words = error.words if isinstance(error, GitFailed) else str(error)
            raise PatchFailed(
                f"the patch {name} does not apply to Go {version}:\n{words}",
                f"It must apply with -p1 in {goroot} (paths like src/runtime/proc.go); rebase it on that "
                "release, or name the release it was made for.",
            ) from error
    _refuse_links(folder, touched)
    return tuple(sorted(touched))


def overlay_file(goroot: Path, version: str, patches: Patches) -> Path:
    """Return the file for `go build -overlay`, in a folder named by the content of the patches."""
    folder = cache_root() / "overlays" / digest_of(version, patches)
    if not folder.is_dir():
        with publish(folder) as scratch:
            replaced = {}
            for path in apply_patches(goroot, version, patches, scratch):
                kept = (scratch / path).is_file()
                replaced[str(goroot / path)] = str(folder / path) if kept else ""
            (scratch / "overlay.json").write_text(json.dumps({"Replace": replaced}, indent=1))
    return folder / "overlay.json"


def _outside(folder: Path) -> dict[str, str]:
    """Make git take `folder` for no part of a repository, or it silently skips what lies outside its own."""
    return {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)}


_NAMED = re.compile(
    rb"^(?:--- |\+\+\+ |rename (?:from|to) |copy from )(?:\"?[ab]/)?([^\t\n\"]+)", re.MULTILINE
)


def _paths(folder: Path, patch: bytes) -> list[str]:
    """Return the paths that a patch reads or writes, the first component stripped.

    `git apply --numstat` names what it writes and is asked first, so that what is no patch is
    refused in git's words; the headers add what a rename or a copy reads.
    """
    counted = git(folder, "apply", "--numstat", "-z", "-", stdin=patch, extra=_outside(folder))
    paths = {row.split("\t", 2)[-1] for row in counted.split("\0") if row}
    paths |= {match.decode(errors="replace") for match in _NAMED.findall(patch)}
    paths.discard("/dev/null")
    for path in paths:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ValueError(f"it names {path}, outside the sources")
    return sorted(path for path in paths if path)


def _refuse_links(folder: Path, touched: dict[str, None]) -> None:
    if links := [path for path in touched if (folder / path).is_symlink()]:
        raise PatchFailed(f"the patch makes symbolic links: {', '.join(links)}", "Make them files.")
