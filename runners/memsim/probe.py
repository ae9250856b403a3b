"""Whether an emulator loads the plugin, found out by letting it."""

import struct
import subprocess
import tempfile
from functools import cache
from pathlib import Path

REMEDY = (
    "install a qemu-user that is linked dynamically, as Debian bookworm's is: apt-get install qemu-user "
    "(trixie's is not; build one of any version from 7.2 on with ./configure --enable-plugins)"
)

_TIMEOUT = 30.0
_INTERPRETER = 3  # PT_INTERP


def plugin_option(library: Path, *arguments: str) -> tuple[str, str]:
    """Return the emulator's option that loads the plugin, with arguments as `name=value`.

    QEMU separates them by commas and takes two commas for one that is meant.
    """
    return "-plugin", ",".join(word.replace(",", ",,") for word in (str(library), *arguments))


@cache
def refusal(emulator: str, library: Path) -> str:
    """Return why `emulator` (a path) does not load the plugin and what to do; empty where it does."""
    with tempfile.TemporaryDirectory(prefix="pagewalk-") as folder:
        out = Path(folder) / "probe"
        # A folder is no program: the emulator loads its plugins, and ends.
        command = (emulator, *plugin_option(library, f"out={out}", "mode=icount"), folder)
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_TIMEOUT,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"cannot run {emulator}: {error}"
        if out.exists():
            return ""
    said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()[0]
    if is_static(Path(emulator)):
        return f"{emulator} is linked statically, so that it cannot load plugins; {REMEDY}"
    return f"{emulator} does not load the plugin ({said}); {REMEDY}"


def is_static(program: Path) -> bool:
    """Return whether a 64-bit little-endian ELF file asks for no interpreter; False for any other file.

    Source: System V ABI, "Object Files", chapters 4 and 5.
    """
    head = program.read_bytes()[:4096]
    if head[:6] != b"\x7fELF\x02\x01" or len(head) < 64:
        return False
    table, size, count = *struct.unpack_from("<Q", head, 32), *struct.unpack_from("<HH", head, 54)
    starts = [table + index * size for index in range(count)]
    kinds = [struct.unpack_from("<I", head, start)[0] for start in starts if start + 4 <= len(head)]
    return _INTERPRETER not in kinds
