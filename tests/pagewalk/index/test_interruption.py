"""What stops an update, and who reads meanwhile."""

import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from pagewalk.commands.index import command
from pagewalk.index.answering import queries
from pagewalk.index.database import Index, open_index
from pagewalk.index.writing import ordering
from pagewalk.index.writing.updating import Options, update
from tests.pagewalk.index.projects import commit_of, write_raw

# a child that shares no connection of SQLite with its parent
SPAWN = multiprocessing.get_context("spawn")


def _write_old(root: Path, *numbers: int) -> None:
    """Write files that are old enough to be trusted by their time alone."""
    for number in numbers:
        os.utime(write_raw(root, number, {"a": 1.0}), (1_600_000_000, 1_600_000_000))


def _killed_before_the_commits_are_ordered(where: str, root: str) -> None:
    ordering.order = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    update(open_index(where), Path(root))


@pytest.mark.slow
def test_an_update_killed_before_its_last_step_is_finished_by_the_next(index: Index, root: Path) -> None:
    _write_old(root, 3)
    update(index, root)
    _write_old(root, 1, 2)
    child = SPAWN.Process(target=_killed_before_the_commits_are_ordered, args=(index.where, str(root)))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert queries.totals(index).revisions == 3
    assert len({one.position for one in queries.revisions(index, "results")}) < 3
    update(index, root)
    found = queries.revisions(index, "results")
    assert [(one.commit, one.position) for one in found] == [(commit_of(n), n - 1) for n in (1, 2, 3)]
    assert update(index, root).indexed == 0


def test_whoever_reads_during_an_update_sees_whole_batches_and_never_waits(
    index: Index, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagewalk.index.writing.updating.BATCH_FILES", 2)
    for number in range(6):
        write_raw(root, number, {"a": 1.0})
    reader = open_index(index.where)
    seen: list[int] = []
    update(index, root, Options(progress=lambda *_: seen.append(queries.totals(reader).values)))
    assert seen == [2, 4, 6]
    reader.close()


def test_a_line_torn_off_a_log_is_listed_by_number_and_the_rest_of_the_file_counts(
    index: Index, root: Path
) -> None:
    write_raw(root, 1, {"a": 1.0})
    (root / "box" / f"{commit_of(1)[:8]}-pagewalk.runs.jsonl").write_text('{"case": "a", "ru')
    assert update(index, root).problems == 1
    (found,) = queries.problems(index).rows
    assert found.line == 1
    assert queries.totals(index).values == 1


def test_the_command_says_what_it_read_and_lists_what_it_left_out(tmp_path: Path, root: Path) -> None:
    write_raw(root, 1, {"a": 1.0})
    (root / "box" / "torn.json").write_text("{")
    where = str(tmp_path / "i.sqlite")
    told = CliRunner().invoke(command, ["--results", str(root), "--index", where, "--format", "json"])
    body = json.loads(told.stdout)
    assert (body["indexed"], body["totals"]["values"], body["problems"]) == (2, 1, 1)
    again = CliRunner().invoke(command, ["--results", str(root), "--index", where])
    assert "left out: box/torn.json" in again.stdout
