"""QEMU of one Debian release, with the libraries it was linked with: the same on every host.

What its counters count differs between versions. For riscv64 it tells the workload's instructions from the
kernel's since 9.1 (extension Smcntrpmf), and Debian 12 has 7.2.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import Unavailable
from pagewalk.locking import locked
from pagewalk.toolchains.debian import Package, fetch_packages
from pagewalk.toolchains.platforms import PLATFORMS, Platform, host_architecture
from pagewalk.toolchains.process import Progress
from pagewalk.toolchains.sysroot import BASE_SUITE
from runners.qemu_system.guests import Guest
from runners.qemu_system.libraries import closure
from runners.qemu_system.packages import the_one, unpacked

_VERSION = "version.json"


@dataclass(frozen=True, slots=True)
class Emulator:
    """A QEMU that can be executed.

    Args:
        command: argv up to its own options; its loader and its libraries first.
        version: Debian's, as `1:10.0.13+ds-0+deb13u1`.
    """

    command: Sequence[str]
    version: str


def make_emulator(guest: Guest, on_progress: Progress) -> Emulator:
    """Return the emulator of a guest, fetched when it is first asked for: 35 MB.

    Raises:
        Unavailable: its packages cannot be had for this host.
    """
    names = PLATFORMS.get(host_architecture())
    if names is None:
        raise Unavailable("there is no QEMU for this host that we know of", "Take an x86_64 or arm64 host.")
    shape = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    folder = cache_root() / "guests" / f"{guest.emulator}-{BASE_SUITE}-{names.debian}-{shape}"
    with locked(folder):
        if not folder.is_dir():
            fetched = fetch_packages(BASE_SUITE, names.debian, guest.packages, on_progress)
            with publish(folder) as scratch:
                _fill(scratch, fetched, guest)
    version = json.loads((folder / _VERSION).read_text())
    return Emulator(_command(folder, guest, names), version)


def _command(folder: Path, guest: Guest, names: Platform) -> tuple[str, ...]:
    lib, firmware = folder / "lib", folder / guest.firmware.name if guest.firmware else None
    loader = (str(lib / names.loader), "--inhibit-cache", "--library-path", str(lib))
    return (*loader, str(folder / guest.emulator), *(("-bios", str(firmware)) if firmware else ()))


def _fill(scratch: Path, packages: Sequence[Package], guest: Guest) -> None:
    with unpacked(packages, scratch) as tree:
        program = the_one(tree, f"usr/bin/{guest.emulator}")
        (scratch / "lib").mkdir()
        for name, path in closure(program, tree).items():
            shutil.copy2(path, scratch / "lib" / name)
        shutil.copy2(program, scratch / guest.emulator)
        if guest.firmware:
            shutil.copy2(the_one(tree, str(guest.firmware)), scratch / guest.firmware.name)
    version = next(package.version for package in packages if package.name == guest.packages[0])
    (scratch / _VERSION).write_text(json.dumps(version) + "\n")
