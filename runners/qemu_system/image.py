"""What a guest boots: Debian's kernel, and an initramfs of busybox, Debian's perf and our first process."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.locking import locked
from pagewalk.toolchains.debian import Package, fetch_packages
from pagewalk.toolchains.platforms import PLATFORMS
from pagewalk.toolchains.process import Progress
from pagewalk.toolchains.sysroot import BASE_SUITE
from runners.qemu_system import cpio
from runners.qemu_system.guests import Guest
from runners.qemu_system.libraries import closure
from runners.qemu_system.packages import the_one, unpacked

INIT = Path(__file__).with_name("init.sh")

_PERF, _BUSYBOX = "linux-perf", "busybox-static"
_FOLDERS = ("bin", "dev", "lib", "proc", "run", "sys", "tmp", "usr", "usr/bin")
_VERSIONS = "packages.json"


@dataclass(frozen=True, slots=True)
class Image:
    """Files that QEMU loads.

    Args:
        versions: of the packages in it, as `{"linux-perf": "6.12.107-1"}`.
    """

    kernel: Path
    initramfs: Path
    versions: Mapping[str, str]


def make_image(guest: Guest, on_progress: Progress) -> Image:
    """Return a guest's image, made when it is first asked for: a download of 200 MB.

    Raises:
        Unavailable: the packages cannot be had, or are not what they were.
    """
    names = (guest.kernel, _PERF, _BUSYBOX)
    digest = hashlib.sha256(" ".join(names).encode() + _sources()).hexdigest()[:12]
    folder = cache_root() / "guests" / f"{BASE_SUITE}-{guest.architecture}-{digest}"
    with locked(folder):
        if not folder.is_dir():
            fetched = fetch_packages(BASE_SUITE, PLATFORMS[guest.architecture].debian, names, on_progress)
            on_progress(f"packing an initramfs for {guest.architecture}")
            with publish(folder) as scratch:
                _fill(scratch, fetched, guest)
    versions = json.loads((folder / _VERSIONS).read_text())
    return Image(folder / "kernel", folder / "initramfs", versions)


def _sources() -> bytes:
    """Whatever of ours shapes an image."""
    return INIT.read_bytes() + Path(__file__).read_bytes()


def _fill(scratch: Path, packages: Sequence[Package], guest: Guest) -> None:
    with unpacked(packages, scratch) as tree:
        the_one(tree, "boot/vmlinu?-*").rename(scratch / "kernel")
        (scratch / "initramfs").write_bytes(cpio.pack(_members(tree)))
    wanted = (guest.kernel, _PERF, _BUSYBOX)
    versions = {package.name: package.version for package in packages if package.name in wanted}
    (scratch / _VERSIONS).write_text(json.dumps(versions, indent=2, sort_keys=True) + "\n")


def _members(tree: Path) -> Iterator[cpio.Member]:
    perf = tree / "usr" / "bin" / "perf"
    yield from map(cpio.folder, _FOLDERS)
    yield cpio.file("init", INIT.read_bytes())
    yield cpio.file("bin/busybox", (tree / "usr" / "bin" / "busybox").read_bytes())
    yield cpio.file("bin/perf", perf.read_bytes())
    for name, path in closure(perf, tree).items():
        yield cpio.file(f"lib/{name}", path.read_bytes())
