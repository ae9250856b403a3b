"""The past of a series is the same from the index as from the files."""

from pathlib import Path

from pagewalk.history import History
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.database import Index
from pagewalk.index.schema import CASES_A_CHUNK
from pagewalk.index.writing.updating import update
from pagewalk.model import Case
from pagewalk.workflows.pasts import Place, past_in_files
from tests.pagewalk.index.projects import commit_of, describe, write_with_asv

PLACES: set[Place] = {
    ("box", Case("sort", (("n", n), ("kind", f"'{kind}'"))), "time_sort") for n in "12" for kind in "abc"
}


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
        assert {place: list(past) for place, past in from_files.items() if len(past)} == {
            place: list(past) for place, past in from_index.items() if len(past)
        }
    assert len(past_in_index(index, "results", "box", commit_of(7), PLACES)) == len(PLACES)


def test_nothing_is_past_of_a_commit_that_was_not_measured(index: Index, root: Path) -> None:
    describe(root)
    write_with_asv(root, 1, [1.0] * 6)
    update(index, root)
    assert past_in_index(index, "results", "box", commit_of(9), PLACES) == {}
    assert past_in_index(index, "results", "nobody", commit_of(1), PLACES) == {}


def test_a_benchmark_of_many_cases_has_all_of_its_past(index: Index, root: Path) -> None:
    sizes = [str(n) for n in range(CASES_A_CHUNK + 50)]
    many = {"params": [sizes, ["'a'", "'b'"]]}
    describe(root, **many)
    for number in (1, 2, 3):
        write_with_asv(root, number, [float(number * case + 1) for case in range(2 * len(sizes))], **many)
    update(index, root)
    wanted: set[Place] = {
        ("box", Case("sort", (("n", n), ("kind", f"'{kind}'"))), "time_sort") for n in sizes for kind in "ab"
    }
    from_files = past_in_files(History(root), "box", commit_of(3), wanted)
    from_index = past_in_index(index, "results", "box", commit_of(3), wanted)
    assert len(wanted) == len(from_files)
    assert from_files == {place: list(past) for place, past in from_index.items()}
