"""A team's database answers as a file does: one code path, held to it by a real server."""

import json
import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from pagewalk.commands.index import command
from pagewalk.index.answering import queries
from pagewalk.index.answering.model import BenchmarkQuery
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.answering.series import series, series_keys
from pagewalk.index.changes.searching import searching
from pagewalk.index.changes.told import changes, worst_series
from pagewalk.index.database import Index, open_index
from pagewalk.index.writing.updating import update
from pagewalk.model import Case
from tests.pagewalk.index.postgres import programs, server
from tests.pagewalk.index.projects import commit_of, describe, write_raw, write_with_asv
from tests.pagewalk.index.stored import told

pytestmark = pytest.mark.slow

BINARIES = programs()
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
SIX = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    if BINARIES is None:
        pytest.skip("no PostgreSQL server is installed: type `apt-get install postgresql`")
    pytest.importorskip("psycopg")
    with server(BINARIES) as where:
        yield where


@pytest.fixture
def team(url: str) -> Iterator[Index]:
    opened = open_index(url, create=True)
    yield opened
    opened.close()


def written(root: Path) -> Path:
    """Write a history with all that is hard: gaps, hostile names, changed parameters, steps, infinity."""
    describe(root)
    noise = np.random.default_rng(1).normal(1, 0.004, (30, 6))
    for number in range(30):
        values: list[float | None] = [v * (1.5 if number >= 15 else 1.0) for v in SIX * noise[number]]
        values[0] = None if number == 3 else values[0]
        values[1] = math.nan if number == 4 else values[1]
        write_with_asv(root, number, values)
    write_with_asv(root, 30, [30.0, 40.0], params=[["2"], ["'a'", "'b'"]])
    hostile = {"a\0b'; DROP TABLE chunk; --": 1.0, "ü" * 9_000: [[0.0, 1e308], [["1", "2"]]]}
    write_raw(root, 31, hostile)
    rises = [0.0] * 15 + [1.0] * 15
    for number, value in enumerate(rises):
        write_raw(root, 100 + number, {"from_zero": value})
    (root / "box" / "torn.json").write_text("{")
    return root


def answers(index: Index) -> list[Any]:
    """Return all that pages ask."""
    names = [row.name for row in queries.benchmarks(index, "results", limit=100).rows]
    keys = [key for name in names for key in series_keys(index, BenchmarkQuery("results", name)).rows]
    every = series(index, keys)
    at = commit_of(16)
    place = ("box", Case("sort", (("n", "2"), ("kind", "'a'"))), "time_sort")
    return [
        queries.totals(index),
        queries.subjects(index),
        queries.machines(index, "results"),
        queries.revisions(index, "results"),
        queries.benchmarks(index, "results", search="TIME sort"),
        queries.outcomes(index, "results"),
        queries.crashes(index),
        queries.problems(index),
        [(one.key, one.unit, one.states, one.interval, one.provenance) for one in every],
        [[column.tobytes() for column in (one.values, one.low, one.high)] for one in every],
        past_in_index(index, "results", "box", at, [place]).tolist(),
        changes(index, "results"),
        worst_series(index, "results", changes(index, "results").regressions),
        told(index),
    ]


def test_a_server_answers_every_question_as_a_file_does(team: Index, index: Index, root: Path) -> None:
    written(root)
    for one in (team, index):
        update(one, root)
        list(searching(one, root))
    assert answers(team) == answers(index)
    assert any(one.benchmark == "from_zero" for one in changes(team, "results").regressions)
    assert update(team, root).indexed == 0
    for number in (2, 3):
        (root / "box" / f"{commit_of(number)[:8]}-venv.json").unlink()
    write_with_asv(root, 5, [9.0] * 6)
    for one in (team, index):
        summary = update(one, root)
        assert (summary.indexed, summary.removed) == (1, 2)
        list(searching(one, root))
    assert answers(team) == answers(index)


def test_the_command_takes_the_address_of_a_server_and_tells_no_password(url: str, root: Path) -> None:
    write_raw(root, 1, {"a": 1.0})
    secret = url.replace("bench@", "bench:secret@").replace("+psycopg", "")
    told = CliRunner().invoke(command, ["--results", str(root), "--index", secret, "--format", "json"])
    assert told.exit_code == 0, told.output
    assert "secret" not in told.output
    assert json.loads(told.stdout)["totals"]["values"] == 1


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(team: Index, url: str, root: Path) -> None:
    write_raw(root, 1, {"a": 1.0})
    update(team, root)
    reader = open_index(url)
    with reader.reading() as connection:
        before = connection.exec_driver_sql("select count(*) from source_file").scalar_one()
        os.utime(write_raw(root, 2, {"a": 2.0}), (1_600_000_000, 1_600_000_000))
        update(team, root)
        again = connection.exec_driver_sql("select count(*) from source_file").scalar_one()
    assert before == again
    assert queries.totals(reader).files == before + 1
    reader.close()


def test_an_update_waits_for_another_one(team: Index, url: str, root: Path) -> None:
    write_raw(root, 1, {"a": 1.0})
    other = open_index(url)
    with ThreadPoolExecutor(1) as pool:
        with other.alone():
            waiting = pool.submit(update, team, root)
            with other.engine.connect() as connection:
                while not connection.exec_driver_sql(WAITING).scalar_one():
                    connection.rollback()
            assert not waiting.done()
        assert waiting.result(120).problems == 0
    other.close()
