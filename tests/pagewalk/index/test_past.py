"""The past of a series is the same from the index as from the files."""

from pathlib import Path

import numpy as np

from pagewalk.analysis.past import Place
from pagewalk.history import History
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.database import Index
from pagewalk.index.schema import CASES_A_CHUNK
from pagewalk.index.writing.updating import update
from pagewalk.model import Case
from pagewalk.workflows.pasts import past_in_files
from tests.pagewalk.index.projects import commit_of, describe, write_with_asv

PLACES: list[Place] = [
    ("box", Case("sort", (("n", n), ("kind", f"'{kind}'"))), "time_sort") for n in "12" for kind in "abc"
]


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
        assert from_files.places == from_index.places == PLACES
        assert np.array_equal(from_files.values, from_index.values, equal_nan=True)
    known = np.isfinite(past_in_index(index, "results", "box", commit_of(7), PLACES).values)
    # of six commits one is of another version, one has two cases only, and one case failed once
    assert known.sum(axis=1).tolist() == [4, 4, 4, 4, 5, 4]


def test_nothing_is_past_of_a_commit_that_was_not_measured(index: Index, root: Path) -> None:
    describe(root)
    write_with_asv(root, 1, [1.0] * 6)
    update(index, root)
    for machine, commit in (("box", commit_of(9)), ("nobody", commit_of(1))):
        assert past_in_index(index, "results", machine, commit, PLACES).values.size == 0
    assert past_in_index(index, "results", "box", commit_of(1), []).values.size == 0


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
    assert from_files.values.tolist() == from_index.values.tolist()
    assert from_index.values[3].tolist() == [4.0, 7.0]
