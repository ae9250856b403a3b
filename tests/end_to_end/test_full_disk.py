"""No room for results: said at once, nothing half-written, and gone on with when there is room again."""

import json
from pathlib import Path

import pytest

from pagewalk.history import History, runlog
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Outcome, Run
from tests.end_to_end.conftest import Command
from tests.small_disk import small_disk

RUN = ("run", "--subject", "malloc", "glibc", "-r", "qemu-x86_64", "-b", "Churn")
WANTED = 6  # three sizes, two executions each


def filled(folder: Path, left: int) -> Path:
    """Fill a file system but for some bytes, and return the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            stream.truncate(max(0, stream.tell() - left))
    return filler


@pytest.mark.slow
def test_a_log_on_a_full_disk_stays_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    run = LoggedRun(
        Case("alloc.Churn"), "sitting", 1.0, "1", Run(Outcome.FAILED, facts={"failure": "x" * 900})
    )
    with small_disk(folder):
        log = folder / "abc.runs.jsonl"
        runlog.append(log, [run])
        filled(folder, left=4096)
        with pytest.raises(OSError, match="No space left"):
            runlog.append(log, [run] * 100)
        assert len(runlog.read(log)[0]) == 1
        assert runlog.read(log)[1] == ()
        assert log.read_bytes().endswith(b"\n")


@pytest.mark.slow
@pytest.mark.xdist_group("end-to-end")
def test_a_run_on_a_full_disk_says_so_and_is_gone_on_with(project: Path, call: Command) -> None:
    results = project / "results"
    results.mkdir()
    with small_disk(results):
        (results / "malloc" / "qemu-x86_64").mkdir(parents=True)
        filler = filled(results, left=4096)
        full = call("pagewalk", *RUN, check=False)
        assert full.returncode == 4
        assert "No space left on device" in full.stderr
        assert "Make room there" in full.stderr
        assert "Traceback" not in full.stderr
        require_whole(results)
        taken = executions(results)
        assert taken < WANTED
        filler.unlink()
        done = call("pagewalk", *RUN)
        assert f": {WANTED - taken} executions are left." in done.stderr
        assert executions(results) == WANTED
        require_whole(results)


def require_whole(results: Path) -> None:
    assert History(results / "malloc").problems() == []
    assert not list(results.rglob("*.part"))
    for path in results.rglob("*.json"):
        json.loads(path.read_text())


def executions(results: Path) -> int:
    return sum(len(runlog.read(path)[0]) for path in results.rglob("*.runs.jsonl"))
