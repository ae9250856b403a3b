"""Geometries: the ones that ship, and what becomes of a bad one."""

from pathlib import Path

import pytest

from pagewalk.errors import ConfigError
from runners.memsim.geometries import FOLDER, REFERENCES, known_cores, load_geometry, read_geometry

GOOD = """\
title = "A core of one's own"
architectures = ["riscv64"]

[l1d]
bytes = 16_384
ways = 4

[l2]
bytes = 131_072
ways = 8

[dtlb]
entries = 10
ways = 10

[stlb]
entries = 128
ways = 1
"""


def test_the_reference_is_the_same_on_every_architecture() -> None:
    found = {load_geometry(architecture).arguments("x86_64") for architecture in REFERENCES}
    assert found == {("l1d=32768:8", "l2=2097152:16", "dtlb=64:4", "stlb=1536:12", "walk=32:4")}
    assert load_geometry("riscv64").arguments("riscv64")[-1] == "walk=32:3"
    assert {load_geometry(architecture).name for architecture in REFERENCES} == {"reference"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_file_that_ships_is_valid_and_names_its_source_where_it_is_a_real_core(path: Path) -> None:
    geometry = read_geometry(path)
    assert geometry.architectures
    if geometry.name != "reference":
        assert "# Source: " in path.read_text()


def test_a_real_core_is_selected_by_name_on_its_architectures() -> None:
    assert known_cores("x86_64") == ("skylake-sp", "zen3")
    assert known_cores("arm64") == ("cortex-a72", "neoverse-n1")
    u74 = load_geometry("riscv64", "sifive-u74")
    assert str(u74) == "sifive-u74: L1D 32 KiB/8, L2 2 MiB/16 shared, L1 dTLB 40/40, STLB 512/1"
    assert load_geometry("armv7", "cortex-a72") == load_geometry("arm64", "cortex-a72")


def test_an_unknown_core_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        load_geometry("arm64", "neoverse-n2")
    assert "neoverse-n2" in caught.value.message
    assert "Did you mean 'neoverse-n1'?" in caught.value.remedy
    assert "cortex-a72" in caught.value.remedy


def test_a_core_of_another_architecture_is_refused() -> None:
    with pytest.raises(ConfigError, match="skylake-sp") as caught:
        load_geometry("riscv64", "skylake-sp")
    assert "sifive-u74" in caught.value.remedy


def test_an_unknown_architecture_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        load_geometry("sparc")
    assert "riscv64" in caught.value.remedy


def test_a_file_of_ones_own_is_taken_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    geometry = load_geometry("riscv64", str(path))
    assert str(geometry) == "mine: L1D 16 KiB/4, L2 128 KiB/8, L1 dTLB 10/10, STLB 128/1"


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("bytes = 16_384", "bytes = 10_000", 5, "no multiple"),
        ("bytes = 131_072", "bytes = 98_304", 9, "power of two"),
        ("entries = 10\nways = 10", "entries = 8192\nways = 8192", 13, "4096 at most"),
        ("entries = 128", "entries = 0", 17, "no positive integer"),
        ("entries = 128", "entries = true", 17, "no positive integer"),
        ("entries = 128", 'entries = "128"', 17, "no positive integer"),
        ("ways = 8", "way = 8", 10, "unknown key 'way'"),
        ("ways = 8", "ways = 8\nshared = 1", 11, "neither true nor false"),
        ("ways = 4", "ways = 4\nshared = true", 7, "unknown key 'shared'"),
        ('["riscv64"]', '["risc-v"]', 2, "risc-v"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, why: str) -> None:
    path = tmp_path / "bad.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        read_geometry(path)
    assert f"{path}:{line}:" in caught.value.message
    assert why in caught.value.message


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load_geometry("arm64", "/nowhere.toml")


def test_the_geometry_that_the_readme_shows_is_valid(tmp_path: Path) -> None:
    lines = (FOLDER.parent / "README.md").read_text().splitlines()
    path = tmp_path / "readme.toml"
    path.write_text("\n".join(line[4:] for line in lines if line.startswith("    ")))
    assert str(read_geometry(path)) == "readme: L1D 32 KiB/8, L2 1 MiB/16 shared, L1 dTLB 40/40, STLB 512/4"
