"""A folder of shared libraries of one Debian suite, its own loader among them, for one architecture.

Versions then agree on every target, and native runs do not depend on the host's libc.
"""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import ConfigError, Unavailable
from pagewalk.locking import locked
from pagewalk.model import Target
from pagewalk.toolchains.debian import Package, fetch_packages
from pagewalk.toolchains.platforms import Platform, platform_of
from pagewalk.toolchains.process import Progress

BASE_SUITE = "trixie"
BASE_PACKAGES = ("libc6", "libgcc-s1", "libstdc++6")
"""What programs get that need a libc and ask for nothing else."""

_SHARED = re.compile(r".+\.so(\.[\w.+-]+)?$")
_VERSIONS = "packages.json"


@dataclass(frozen=True, slots=True)
class Sysroot:
    """Libraries and their loader.

    Args:
        lib: the folder with all of them, flat.
        loader: glibc's dynamic loader in it.
        versions: of the packages that it was made of, as `{"libc6": "2.41-12"}`.
    """

    lib: Path
    loader: Path
    versions: Mapping[str, str]

    @property
    def files(self) -> tuple[Path, ...]:
        """All that a program needs at run time."""
        return tuple(sorted(self.lib.iterdir()))

    def command(self, program: Path, preload: Path | None = None) -> tuple[str, ...]:
        """Return what executes `program` with these libraries, native or emulated; see ld.so(8)."""
        options = ["--inhibit-cache", "--library-path", str(self.lib)]
        options += ["--preload", str(preload)] if preload else []
        return (str(self.loader), *options, str(program))


def make_sysroot(suite: str, packages: Sequence[str], target: Target, on_progress: Progress) -> Sysroot:
    """Return the sysroot of these packages and their dependencies, fetched when it is first asked for.

    Raises:
        ConfigError: a target whose libc is not glibc.
        Unavailable: the packages cannot be had.
    """
    if target.libc != "gnu":
        raise ConfigError(
            f"Debian's libraries are glibc's, not {target}'s", f"Take {target.architecture}-gnu."
        )
    names = platform_of(target)
    digest = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    folder = cache_root() / "sysroots" / f"{suite}-{names.debian}-{digest}"
    with locked(folder):
        if not folder.is_dir():
            fetched = fetch_packages(suite, names.debian, packages, on_progress)
            with publish(folder) as scratch:
                _fill(scratch, fetched, names)
    versions = json.loads((folder / _VERSIONS).read_text())
    return Sysroot(folder / "lib", folder / "lib" / names.loader, versions)


def _fill(folder: Path, packages: Sequence[Package], names: Platform) -> None:
    tree = folder / ".tree"
    for package in packages:
        done = subprocess.run(
            ["dpkg-deb", "--extract", str(package.file), str(tree)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(
                f"cannot unpack {package.file.name}: {done.stderr.strip()}",
                f"Remove {package.file} and try again.",
            )
    (folder / "lib").mkdir()
    for name, file in _libraries(tree, names):
        shutil.copy2(file, folder / "lib" / name)
    shutil.rmtree(tree)
    versions = {package.name: package.version for package in packages}
    (folder / _VERSIONS).write_text(json.dumps(versions, indent=2, sort_keys=True) + "\n")
    if not (folder / "lib" / names.loader).is_file():
        raise Unavailable(
            f"no {names.loader} in the packages {', '.join(sorted(versions))}", "Add libc6 to base."
        )


def _libraries(tree: Path, names: Platform) -> Iterator[tuple[str, Path]]:
    """Yield name and content of each library; a link under its own name, since a soname is one."""
    root = tree.resolve()
    for place in ("lib", "lib64", "usr/lib", "usr/lib64", f"lib/{names.triplet}", f"usr/lib/{names.triplet}"):
        folder = tree / place
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not _SHARED.match(path.name):
                continue
            real = path.resolve()
            if real.is_relative_to(root) and real.is_file():
                yield path.name, real
