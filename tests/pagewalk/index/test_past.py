"""The past of a series is the same from the index as from the files."""

import json
import os
from pathlib import Path

import numpy as np
from sqlalchemy import select

from pagewalk.analysis.past import Place
from pagewalk.history import History
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.database import Index
from pagewalk.index.files import RESULT
from pagewalk.index.schema import CASES_A_CHUNK, source_file
from pagewalk.index.writing.updating import update
from pagewalk.model import Case
from pagewalk.workflows.pasts import past_in_files
from tests.pagewalk.index.projects import commit_of, describe, write_with_asv

NOON = 1_600_000_000_000_000_000
PLACES: list[Place] = [
    ("box", Case("sort", (("n", n), ("kind", f"'{kind}'"))), "time_sort") for n in "12" for kind in "abc"
]


def put_first(path: Path, name: str) -> None:
    """Give a result file another benchmark, before those that it has."""
    told = json.loads(path.read_text())
    (of_one,) = told["results"].values()
    told["results"] = {name: of_one, **told["results"]}
    path.write_text(json.dumps(told))


def test_the_index_tells_the_same_past_as_the_files(index: Index, root: Path) -> None:
    describe(root)
    for number in range(1, 8):
        # failures, other parameters and another version on the way
        values: list[float | None] = [float(number * 10 + case) for case in range(6)]
        if number == 2:
            values[3] = None
        write_with_asv(root, number, values, version="v0" if number == 3 else "v1")
    write_with_asv(root, 5, [500.0, 501.0], params=[["2"], ["'b'", "'a'"]])
    update(index, root)
    for commit in (1, 4, 7):
        from_files = past_in_files(History(root), "box", commit_of(commit), PLACES)
        from_index = past_in_index(index, "results", "box", commit_of(commit), PLACES)
        assert len(from_files) == len(from_index) == len(PLACES)
        assert np.array_equal(from_files, from_index, equal_nan=True)
    known = np.isfinite(past_in_index(index, "results", "box", commit_of(7), PLACES))
    # of six commits one is of another version, one has two cases only, and one case failed once
    assert known.sum(axis=1).tolist() == [4, 4, 4, 4, 5, 4]


def test_files_lie_side_by_side_in_the_order_in_which_they_were_written(index: Index, root: Path) -> None:
    describe(root)
    written = (3, 7, 1, 5)
    for place, number in enumerate(written):
        path = write_with_asv(root, number, [1.0] * 6)
        os.utime(path, ns=(NOON + place, NOON + place))
    update(index, root)
    with index.reading() as connection:
        query = select(source_file.c.path).where(source_file.c.kind == RESULT).order_by(source_file.c.id)
        paths = connection.execute(query).scalars().all()
    assert paths == [f"box/{commit_of(number)[:8]}-venv.json" for number in written]


def test_files_whose_benchmarks_differ_are_told_each_by_its_own(index: Index, root: Path) -> None:
    describe(root)
    for number in (4, 2, 6, 1, 5, 3):
        path = write_with_asv(root, number, [float(number)] * 6)
        if number % 2:
            put_first(path, "another_benchmark")
    update(index, root)
    for number in (2, 4, 6):
        found = past_in_index(index, "results", "box", commit_of(number), PLACES)
        assert found.tolist() == [[float(one) for one in range(1, number)]] * 6


def test_nothing_is_past_of_a_commit_that_was_not_measured(index: Index, root: Path) -> None:
    describe(root)
    write_with_asv(root, 1, [1.0] * 6)
    update(index, root)
    for machine, commit in (("box", commit_of(9)), ("nobody", commit_of(1))):
        assert past_in_index(index, "results", machine, commit, PLACES).size == 0
    assert past_in_index(index, "results", "box", commit_of(1), []).size == 0


def test_a_benchmark_of_many_cases_has_all_of_its_past(index: Index, root: Path) -> None:
    sizes = [str(n) for n in range(CASES_A_CHUNK + 50)]
    many = {"params": [sizes, ["'a'", "'b'"]]}
    describe(root, **many)
    for number in (1, 2, 3):
        write_with_asv(root, number, [float(number * case + 1) for case in range(2 * len(sizes))], **many)
    update(index, root)
    wanted: list[Place] = [
        ("box", Case("sort", (("n", n), ("kind", f"'{kind}'"))), "time_sort") for n in sizes for kind in "ab"
    ]
    from_files = past_in_files(History(root), "box", commit_of(3), wanted)
    from_index = past_in_index(index, "results", "box", commit_of(3), wanted)
    assert from_files.tolist() == from_index.tolist()
    assert from_index[3].tolist() == [4.0, 7.0]
