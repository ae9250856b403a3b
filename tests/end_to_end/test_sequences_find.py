"""A planted defect that no workload of the suites meets, found by chance and shrunk by the real command."""

import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pagewalk.cli import pagewalk
from pagewalk.sequences.file import NAME

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


def test_where_all_is_well_nothing_is_kept(project: Path) -> None:
    before = (project / NAME).read_text()
    asked = ["sequences", "find", "v1.0", "--subject", "pool", "-r", "local", "-n", "5"]
    done = CliRunner().invoke(pagewalk, asked)
    assert done.exit_code == 0, done.output
    assert "none does anything it should not" in done.output
    assert (project / NAME).read_text() == before
