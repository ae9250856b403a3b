"""Sequences of what Go does to maps: replayed exactly, in parts too, and a map that is wrong is found."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import GO_RELEASE, MODULE, run

from pagewalk.errors import Unavailable
from pagewalk.toolchains.go import fetch_goroot, go_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("go")]
Go = Callable[[str], Path]


def test_a_sequence_is_replayed_exactly_and_any_part_of_it_too(go: Go) -> None:
    program = go("gosequence")
    whole, again = (run(program, "--loops=1", "--sequence=7", "--length=3000") for _ in range(2))
    assert whole.the("region")["operations"] == 3000
    assert whole.the("check") == again.the("check")
    assert all(count > 100 for count in whole.the("check").values())
    part = run(program, "--loops=2", "--sequence=7", "--length=3000", "--keep=0-99,500,2000-2010")
    assert part.the("region")["operations"] == 2 * (100 + 1 + 11)


@pytest.mark.parametrize("keep", ["4-3", "5,", "x", "1000", "3,3", "-1", "0-5,2"])
def test_steps_that_make_no_sense_are_refused(go: Go, keep: str) -> None:
    said = run(go("gosequence"), "--loops=1", f"--keep={keep}")
    assert said.status == 64
    assert said.stderr.startswith(f"--keep={keep}: expected steps")


def test_a_map_that_loses_an_element_is_found(tmp_path: Path) -> None:
    """The table beside the map is what knows better: here it forgets to forget what is deleted."""
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    try:
        goroot = fetch_goroot(GO_RELEASE)
    except Unavailable as error:
        pytest.skip(f"no toolchain: {error}")
    module = tmp_path / "go"
    shutil.copytree(MODULE, module)
    source = module / "gosequence/main.go"
    text = source.read_text()
    broken = text.replace("\tdelete(t.values, key)\n\tt.expected[key] = 0\n", "\tdelete(t.values, key)\n")
    assert broken != text
    source.write_text(broken)
    command: list[str | Path] = [goroot / "bin/go", "build", "-o", tmp_path / "broken", "./gosequence"]
    subprocess.run(command, cwd=module, env=go_environment(goroot, {"CGO_ENABLED": "1"}), check=True)
    said = run(tmp_path / "broken", "--loops=1", "--most=16")
    assert said.status == 1
    assert said.stderr.startswith("sequence: at step ")
