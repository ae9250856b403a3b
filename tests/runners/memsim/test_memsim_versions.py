"""One plugin for all versions of QEMU's interface: the same counts, however accesses are told."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from guests import FIXTURES

from pagewalk.errors import Unavailable
from runners.memsim.geometries import load_geometry
from runners.memsim.plugin import SOURCES, find_compiler, plugin

pytestmark = pytest.mark.slow

VERSIONS = (1, 4)
"""What QEMU 7.2 and 10.0 have."""

TIMES, INSTRUCTIONS = 1000, 4


def count(folder: Path, version: int, *arguments: str) -> list[Mapping[str, int]]:
    """Return the lines that the plugin left, after the header, on a host of that version."""
    try:
        compiler = find_compiler()
    except Unavailable as error:
        pytest.skip(f"{error.message}: {error.remedy}")
    host, out = folder / f"host-{version}", folder / f"out-{version}"
    options = ("-std=gnu11", "-w", "-rdynamic", f"-DVERSION={version}", f"-I{SOURCES}")
    subprocess.run([*compiler, *options, "-o", host, FIXTURES / "memsim_host.c", "-ldl"], check=True)
    geometry = load_geometry("x86_64").arguments("x86_64")
    subprocess.run([host, plugin(), f"out={out}", *geometry, *arguments], check=True)
    return [json.loads(line) for line in out.read_text().splitlines()[1:]]


@pytest.mark.parametrize("arguments", [(), ("threads=on",)])
def test_counts_are_the_same_whether_16_bytes_are_told_as_one_access_or_two(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    old, new = (count(tmp_path, version, *arguments) for version in VERSIONS)
    assert old == new
    region = new[0]
    assert region["instructions"] == TIMES * INSTRUCTIONS
    assert (region["loads"], region["stores"]) == (4 * TIMES, 2 * TIMES)
    # Four places in memory move 8 bytes a time; the last 16 bytes of two reach one line further.
    assert region["l1d_misses"] == 4 * TIMES * 8 // 64 + 2


@pytest.mark.parametrize("version", VERSIONS)
def test_accesses_that_are_known_from_others_are_those_that_either_version_tells(
    tmp_path: Path, version: int
) -> None:
    *_, end = count(tmp_path, version, "check=on")
    assert end["wrong"] == 0
    assert end["grouped"] == end["told"] > 0
