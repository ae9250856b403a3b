"""What a guest boots: Debian's kernel, and an initramfs of busybox, Debian's perf and our first process."""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import Unavailable
from pagewalk.locking import locked
from pagewalk.toolchains.debian import Package, fetch_packages
from pagewalk.toolchains.platforms import PLATFORMS
from pagewalk.toolchains.process import Progress
from pagewalk.toolchains.sysroot import BASE_SUITE
from runners.qemu_system import cpio
from runners.qemu_system.guests import Guest
from runners.qemu_system.libraries import closure

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
    tree = scratch / ".tree"
    kernels = [package for package in packages if package.name.startswith("linux-image-")]
    for package in packages:
        # Of the kernel's package, 110 MB, the modules are not needed: what we boot has its drivers built in.
        _unpack(package, tree, ("./boot/vmlinu*",) if package in kernels else ())
    _one(tree, "boot/vmlinu?-*").rename(scratch / "kernel")
    (scratch / "initramfs").write_bytes(cpio.pack(_members(tree)))
    subprocess.run(["rm", "-rf", str(tree)], check=True)
    kept = {package.name: package.version for package in packages if package.name in (_PERF, _BUSYBOX)}
    kept |= {guest.kernel: kernels[0].version}
    (scratch / _VERSIONS).write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


def _unpack(package: Package, tree: Path, patterns: Sequence[str]) -> None:
    tree.mkdir(exist_ok=True)
    read = ["dpkg-deb", "--fsys-tarfile", str(package.file)]
    write = [
        "tar",
        "-x",
        "-C",
        str(tree),
        "--no-same-owner",
        *(["--wildcards", *patterns] if patterns else ()),
    ]
    with subprocess.Popen(read, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        done = subprocess.run(write, stdin=reader.stdout, capture_output=True, text=True, check=False)
    if done.returncode and not patterns:
        raise Unavailable(
            f"cannot unpack {package.file.name}: {done.stderr.strip()[-300:]}",
            f"Remove {package.file} and try again.",
        )


def _one(tree: Path, pattern: str) -> Path:
    found = sorted(tree.glob(pattern))
    if not found:
        raise Unavailable(f"Debian's kernel package has no {pattern}", "Its layout is not the one we know.")
    return found[0]


def _members(tree: Path) -> Iterator[cpio.Member]:
    perf = tree / "usr" / "bin" / "perf"
    yield from map(cpio.folder, _FOLDERS)
    yield cpio.file("init", INIT.read_bytes())
    yield cpio.file("bin/busybox", (tree / "usr" / "bin" / "busybox").read_bytes())
    yield cpio.file("bin/perf", perf.read_bytes())
    for name, path in closure(perf, tree).items():
        yield cpio.file(f"lib/{name}", path.read_bytes())
