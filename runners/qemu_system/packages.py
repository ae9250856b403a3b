"""What is taken out of Debian's packages, which are nowhere installed."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.toolchains.debian import Package

TOOLS = ("apt-get", "dpkg-deb", "tar")


def lacking() -> str:
    """Return why packages cannot be fetched and unpacked here; empty where they can."""
    gone = [tool for tool in TOOLS if shutil.which(tool) is None]
    return (
        f"{gone[0]} is not installed: guests are made of Debian's packages, on Debian or Ubuntu"
        if gone
        else ""
    )


@contextmanager
def unpacked(packages: Sequence[Package], beside: Path) -> Iterator[Path]:
    """Yield a folder with the content of packages; it is gone after the block.

    Of kernels only the kernel: what is booted has its drivers built in, and 110 MB of modules are of no use.

    Args:
        beside: a folder on the file system to unpack to.

    Raises:
        Unavailable: a package is damaged, or there is no room.
    """
    tree = beside / ".tree"
    tree.mkdir()
    try:
        for package in packages:
            kernel = package.name.startswith("linux-image-")
            _unpack(package, tree, ("--wildcards", "./boot/vmlinu*") if kernel else ())
        yield tree
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def the_one(tree: Path, pattern: str) -> Path:
    """Return the file of a pattern.

    Raises:
        Unavailable: there is none.
    """
    found = sorted(tree.glob(pattern))
    if not found:
        raise Unavailable(f"Debian's packages have no {pattern}", "Their layout is not the one we know.")
    return found[0]


def _unpack(package: Package, tree: Path, wanted: Sequence[str]) -> None:
    read = ["dpkg-deb", "--fsys-tarfile", str(package.file)]
    write = ["tar", "--extract", "--directory", str(tree), "--no-same-owner", *wanted]
    with subprocess.Popen(read, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        done = subprocess.run(write, stdin=reader.stdout, capture_output=True, text=True, check=False)
    # The package that only depends on the current kernel has no kernel in it.
    if reader.returncode or (done.returncode and not wanted):
        raise Unavailable(
            f"cannot unpack {package.file.name}: {done.stderr.strip()[-300:]}",
            f"Remove {package.file} and try again; is the disk full?",
        )
