"""A Go release whose compiler, assembler or linker is patched: a copied GOROOT with rebuilt tools."""

import os
from collections.abc import Iterable
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.locking import locked
from pagewalk.toolchains.go import go_environment
from pagewalk.toolchains.overlay import Patches, apply_patches, digest_of
from pagewalk.toolchains.process import Progress, run_build, silent

_TOOLS = ("compile", "asm", "link")

# Besides its own sources the compiler is built from constants that it shares with the runtime;
# were only one side patched, both would disagree on layouts.
_COMPILED_IN = (
    "src/cmd/",
    "src/internal/abi/",
    "src/internal/buildcfg/",
    "src/internal/coverage/",
    "src/internal/goarch/",
    "src/internal/goexperiment/",
    "src/internal/goos/",
    "src/internal/pkgbits/",
    "src/internal/platform/",
    "src/internal/runtime/gc/",
)


def needs_rebuild(paths: Iterable[str]) -> bool:
    """Tell whether a patch that touches these paths changes the compiler, assembler or linker."""
    return any(path.startswith(_COMPILED_IN) for path in paths)


def rebuilt_goroot(goroot: Path, version: str, patches: Patches, on_progress: Progress = silent) -> Path:
    """Return a copy of the GOROOT with the patches applied and its tools rebuilt; 1–2 min the first time.

    Raises:
        PatchFailed: a patch does not apply.
        BuildFailed: the patched tools do not build.
    """
    folder = cache_root() / "go" / f"{version}-{digest_of(version, patches)}"
    with locked(folder):
        if not folder.is_dir():
            with publish(folder) as scratch:
                on_progress(f"rebuilding the compiler of Go {version} (1–2 minutes)")
                _link_tree(goroot, scratch)
                _patch(goroot, version, patches, scratch)
                _rebuild(scratch, version)
    return folder


def _link_tree(goroot: Path, scratch: Path) -> None:
    # Hard links make the copy in half a second; whatever changes below is replaced, not written to.
    for base, _folders, files in os.walk(goroot):
        there = scratch / Path(base).relative_to(goroot)
        there.mkdir(exist_ok=True)
        for name in files:
            os.link(Path(base) / name, there / name)


def _patch(goroot: Path, version: str, patches: Patches, scratch: Path) -> None:
    copies = scratch / ".patched"
    copies.mkdir()
    for path in apply_patches(goroot, version, patches, copies):
        (scratch / path).unlink(missing_ok=True)
        if (copies / path).is_file():
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (copies / path).rename(scratch / path)


def _rebuild(scratch: Path, version: str) -> None:
    environment = go_environment(scratch, {"TMPDIR": str(scratch / ".patched")})
    for tool in _TOOLS:
        (old,) = (scratch / "pkg" / "tool").glob(f"*/{tool}")
        command = ["bin/go", "build", "-trimpath", "-o", str(old.with_suffix(".new")), f"cmd/{tool}"]
        run_build(
            [str(scratch / command[0]), *command[1:]],
            scratch / "src",
            environment,
            f"Go {version} cmd/{tool}",
        )
        old.with_suffix(".new").replace(old)
