"""A planted defect that no workload of the suites meets, found by chance and shrunk by the real command."""

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pagewalk.cli import pagewalk
from pagewalk.errors import Unavailable
from pagewalk.sequences.file import NAME
from pagewalk.subjects import apply_patch, load_subject, prepare, resolve

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this project without its results."""
    for name in ("asv.conf.json",):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("benchmarks", "subjects"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_blocks_of_a_kibibyte_that_overlap_are_found_shrunk_and_kept(project: Path) -> None:
    asked = ["sequences", "find", "v1.2", "--subject", "pool", "-r", "local", "--first", "20", "-n", "1"]
    done = CliRunner().invoke(pagewalk, asked)
    assert done.exit_code == 1, done.output
    assert "Kept as found-" in done.output
    *_, found = tomllib.loads((project / NAME).read_text())["sequence"]
    assert found["options"]["sequence"] == 20
    assert len(found["options"]["keep"].split(",")) <= 4
    assert "v1.2" in found["found"]


SLOW_DELETION = Path(__file__).with_name("slow_deletion.patch")
"""Go 1.25.5 whose maps count to 100,000 before they delete."""
FIRST, LENGTH = 3, 8


def kind_of(step: int) -> int:
    """What gosequence does to its only map at a step, out of 40; 18 to 23 delete.

    SplitMix64 (Steele et al., OOPSLA 2014), and what drawing one of one leaves of it.
    """
    z = ((FIRST * (1 << 16) + step + 1) * 0x9E3779B97F4A7C15) % 2**64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    return (z ^ (z >> 31)) * 0x9E3779B97F4A7C15 % 2**64 % 40


def test_a_map_of_go_that_got_dearer_is_found_and_shrunk_to_a_deletion(project: Path) -> None:
    subject = load_subject("go", project)
    try:
        prepare(subject)
        head = apply_patch(subject, resolve(subject, "go1.25.5"), SLOW_DELETION)
    except Unavailable as error:
        pytest.skip(f"no toolchain: {error}")
    few = f"--first {FIRST} -n 1 --length {LENGTH} --slots 1 --most 8 --growth 100".split()
    asked = ["sequences", "find", head.commit, "--base", "go1.25.5", "-r", "local", *few]
    done = CliRunner().invoke(pagewalk, asked)
    assert done.exit_code == 1, done.output
    *_, found = tomllib.loads((project / NAME).read_text())["sequence"]
    assert (found["program"], found["options"]["processors"]) == ("gosequence", 1)
    assert "times (at least" in found["found"]
    assert 18 <= kind_of(int(found["options"]["keep"])) < 24


def test_where_all_is_well_nothing_is_kept(project: Path) -> None:
    before = (project / NAME).read_text()
    asked = ["sequences", "find", "v1.0", "--subject", "pool", "-r", "local", "-n", "5"]
    done = CliRunner().invoke(pagewalk, asked)
    assert done.exit_code == 0, done.output
    assert "none does anything it should not" in done.output
    assert (project / NAME).read_text() == before
