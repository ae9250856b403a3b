"""What a killed process left half-made is removed, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from pagewalk.abandoned import drop_abandoned, prefix_of
from pagewalk.cache import publish
from pagewalk.files import write_whole

KILLED = """
import os, signal, sys
from pathlib import Path
from pagewalk.cache import publish
from pagewalk.files import write_whole
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if "publish" in sys.argv:
    with publish(Path(sys.argv[1]) / "thing") as folder:
        (folder / "half").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]) / "file", "half")
"""


def _killed_while_it_writes(folder: Path, *how: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), *how], check=False)
    assert done.returncode == -9
    return [path.name for path in folder.iterdir()]


def test_the_next_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    (left,) = _killed_while_it_writes(tmp_path)
    assert left.startswith(".file.")
    write_whole(tmp_path / "another", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def test_the_next_publisher_removes_a_half_made_folder(tmp_path: Path) -> None:
    (left,) = _killed_while_it_writes(tmp_path, "publish")
    assert left.startswith(".thing.")
    with publish(tmp_path / "another") as folder:
        (folder / "file").write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def test_what_is_being_made_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    mine = f"{prefix_of('results.json')}abc.part"
    dead = mine.replace(f"-{os.getpid():010d}.", f"-{gone.pid:010d}.")
    elsewhere = f".results.json.00000000-{gone.pid:010d}.abc.part"
    stays = {mine, elsewhere, ".results.json.lock", "results.json", f"{dead}.json", dead.removeprefix(".")}
    for name in (*stays, dead):
        (tmp_path / name).write_text("")
    drop_abandoned(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == stays


def test_a_name_as_long_as_names_may_be_has_room_for_its_temporary_sibling(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    write_whole(path, "whole")
    assert path.read_text() == "whole"
