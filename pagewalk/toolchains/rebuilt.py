"""A Go release whose compiler, assembler or linker is patched: a copied GOROOT with rebuilt tools."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.locking import locked
from pagewalk.toolchains.go import go_environment
from pagewalk.toolchains.overlay import Patches, apply_patches, digest_of
from pagewalk.toolchains.process import Progress, run_build, silent

_TOOLS = ("compile", "asm", "link")
_COMMANDS = "src/cmd/"

# Constants and layouts that the tools share with the runtime. A tool has a runtime too, so none of
# these can be built by an old compiler in one step: only make.bash, which builds all thrice, can.
_SHARED = tuple(
    f"src/internal/{name}/"
    for name in (
        "abi",
        "buildcfg",
        "coverage",
        "goarch",
        "goexperiment",
        "goos",
        "pkgbits",
        "platform",
        "runtime/gc",
    )
)


def needs_rebuild(paths: Iterable[str]) -> bool:
    """Tell whether a patch that touches these paths changes the compiler, assembler or linker."""
    return any(path.startswith((_COMMANDS, *_SHARED)) for path in paths)


def rebuilt_goroot(goroot: Path, version: str, patches: Patches, on_progress: Progress = silent) -> Path:
    """Return a copy of the GOROOT with the patches applied and its tools rebuilt.

    The first time takes 2 minutes where only `src/cmd` is patched, else 5 to 10.

    Raises:
        PatchFailed: a patch does not apply.
        BuildFailed: the patched tools do not build.
    """
    folder = cache_root() / "go" / f"{version}-{digest_of(version, patches)}"
    with locked(folder):
        if not folder.is_dir():
            with publish(folder) as scratch:
                _make(goroot, version, patches, scratch, on_progress)
    return folder


def _make(goroot: Path, version: str, patches: Patches, scratch: Path, on_progress: Progress) -> None:
    copies = scratch / ".patched"
    copies.mkdir()
    touched = apply_patches(goroot, version, patches, copies)
    if any(path.startswith(_SHARED) for path in touched):
        on_progress(
            f"rebuilding all of Go {version}, since runtime and compiler share what changes (5–10 minutes)"
        )
        shutil.copytree(goroot, scratch, dirs_exist_ok=True)
        _replace(scratch, copies, touched)
        _make_all(goroot, version, scratch)
    else:
        on_progress(f"rebuilding the compiler of Go {version} (2 minutes)")
        _link_tree(goroot, scratch)
        _replace(scratch, copies, touched)
        _make_tools(goroot, version, scratch)
    shutil.rmtree(copies)


def _link_tree(goroot: Path, scratch: Path) -> None:
    # Hard links make the copy in half a second; whatever changes below is replaced, not written to.
    for base, _folders, files in os.walk(goroot):
        there = scratch / Path(base).relative_to(goroot)
        there.mkdir(exist_ok=True)
        for name in files:
            os.link(Path(base) / name, there / name)


def _replace(scratch: Path, copies: Path, touched: Iterable[str]) -> None:
    for path in touched:
        (scratch / path).unlink(missing_ok=True)
        if (copies / path).is_file():
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (copies / path).rename(scratch / path)


def _make_tools(goroot: Path, version: str, scratch: Path) -> None:
    """Build the patched tools with the unpatched ones, and only then put them in their place."""
    cache = {"GOCACHE": go_environment(goroot, {})["GOCACHE"]}
    environment = go_environment(scratch, cache)
    go, fresh = str(scratch / "bin" / "go"), {}
    for tool in _TOOLS:
        (old,) = (scratch / "pkg" / "tool").glob(f"*/{tool}")
        fresh[old] = old.with_suffix(".new")
        command = [go, "build", "-trimpath", "-o", str(fresh[old]), f"cmd/{tool}"]
        run_build(command, scratch / "src", environment, f"Go {version} with patches: cmd/{tool}")
    for old, new in fresh.items():
        new.replace(old)


def _make_all(goroot: Path, version: str, scratch: Path) -> None:
    environment = go_environment(scratch, {"GOROOT_BOOTSTRAP": str(goroot)})
    del environment["GOROOT"], environment["GOCACHE"]
    run_build(["bash", "make.bash"], scratch / "src", environment, f"Go {version} with patches: make.bash")
