"""What each toolchain calls a target: every name in one table."""

import platform
from dataclasses import dataclass

from pagewalk.config import nearest
from pagewalk.errors import ConfigError
from pagewalk.model import Target

GLIBC = "2.36"
"""The oldest glibc that C workloads may meet: Debian bookworm's."""


@dataclass(frozen=True, slots=True)
class Platform:
    """The names of one architecture.

    Args:
        goarch: Go's GOARCH.
        zig: zig's architecture.
        zig_abi: appended to `gnu` and `musl` in zig's triple.
        debian: Debian's architecture.
        triplet: Debian's multiarch folder, `/usr/lib/<triplet>`.
        loader: file name of glibc's dynamic loader.
    """

    goarch: str
    zig: str
    zig_abi: str
    debian: str
    triplet: str
    loader: str


PLATFORMS = {
    "x86_64": Platform("amd64", "x86_64", "", "amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "arm64": Platform("arm64", "aarch64", "", "arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
    "riscv64": Platform(
        "riscv64", "riscv64", "", "riscv64", "riscv64-linux-gnu", "ld-linux-riscv64-lp64d.so.1"
    ),
    "armv7": Platform("arm", "arm", "eabihf", "armhf", "arm-linux-gnueabihf", "ld-linux-armhf.so.3"),
}
LIBCS = ("gnu", "musl")
_MACHINES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "riscv64": "riscv64",
    "armv7l": "armv7",
}


def parse_target(text: str) -> Target:
    """Read `arm64` or `armv7-musl`; the libc is `gnu` where it is not named.

    Raises:
        ConfigError: no such architecture or libc.
    """
    architecture, _, libc = text.partition("-")
    target = Target(architecture, libc or "gnu")
    if architecture in PLATFORMS and target.libc in LIBCS:
        return target
    close = nearest(architecture, PLATFORMS, 1)
    hint = f"Did you mean {close[0]!r}? " if close and close[0] != architecture else ""
    known = f"Architectures: {', '.join(PLATFORMS)}; libcs: {', '.join(LIBCS)}, as armv7-musl."
    raise ConfigError(f"no such target: {text!r}", hint + known)


def platform_of(target: Target) -> Platform:
    """Return the names of a target's architecture.

    Raises:
        ConfigError: an architecture that pagewalk does not know.
    """
    parse_target(str(target))
    return PLATFORMS[target.architecture]


def zig_triple(target: Target) -> str:
    """Return what zig calls the target, with the glibc version that it links against."""
    names = platform_of(target)
    version = f".{GLIBC}" if target.libc == "gnu" else ""
    return f"{names.zig}-linux-{target.libc}{names.zig_abi}{version}"


def host_architecture() -> str:
    """Return this machine's architecture in our words; empty where we have none for it."""
    return _MACHINES.get(platform.machine(), "")
