"""Guests of the plugin, and how to read what was counted of them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pagewalk.builders.workload import find_workload
from pagewalk.model import Missing, Sample
from pagewalk.protocols import Region
from runners.qemu_user import OWN

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROOT = Path(__file__).parents[3]
ZIG = {
    "x86_64": "x86_64-linux-musl",
    "arm64": "aarch64-linux-musl",
    "riscv64": "riscv64-linux-musl",
    "armv7": "arm-linux-musleabihf",
}

ALONE = ("setarch", "-R", "env", "-i", *(f"{name}={value}" for name, value in OWN.items()))
"""What goes before an emulator so that what its guest does repeats."""

Build = Callable[..., Path]
Counting = Callable[..., Mapping[str, Sample | Missing]]


def sources(program: str) -> tuple[str, ...]:
    """What to compile for a workload of benchmarks/native."""
    return find_workload(program, "c", ROOT).inputs


def reported(stdout: str) -> list[Region]:
    lines = [json.loads(line) for line in stdout.splitlines()]
    return [Region(line["region"], line["operations"], line["seconds"]) for line in lines if "region" in line]


def numbers(found: Mapping[str, Sample | Missing]) -> dict[str, float]:
    """Return the values; every one must be there."""
    missing = [value for value in found.values() if isinstance(value, Missing)]
    assert not missing
    return {name: value.value for name, value in found.items() if isinstance(value, Sample)}
