"""A/A floors in a file that merges, survives what a merge leaves, and trusts nobody."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.history import History
from pagewalk.history.noise import FILE, MeasuredFloor, merge, read, read_all
from pagewalk.model import Case

CASE = Case("alloc.Churn", (("size", "16"),))
FLOOR = MeasuredFloor(CASE, "time", 0.03, 20, 10, "a" * 40, "glibc", 100.0, {"governor": "performance"})


@given(
    floor=st.floats(0, 1e6) | st.just(math.inf),
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_a_floor_comes_back_as_it_was_kept(
    tmp_path_factory: pytest.TempPathFactory, floor: float, name: str
) -> None:
    folder = tmp_path_factory.mktemp("machine")
    kept = replace(FLOOR, floor=floor, case=Case("alloc.Churn", (("word", name),)))
    merge(folder, [kept])
    assert read(folder) == ((kept,), ())


def test_of_two_lines_of_one_case_and_metric_the_later_one_holds(tmp_path: Path) -> None:
    later = replace(FLOOR, floor=0.05, taken=200.0)
    merge(tmp_path, [later])
    text = (tmp_path / FILE).read_text()
    merge(tmp_path, [FLOOR])
    assert read(tmp_path)[0] == (later,)
    # What `git merge` with both lines kept would leave
    (tmp_path / FILE).write_text(text + text.replace("0.05", "0.01").replace("200.0", "50.0"))
    assert read(tmp_path)[0] == (later,)


def test_what_was_measured_before_stays_so_that_noise_can_be_seen_over_time(tmp_path: Path) -> None:
    weeks = [replace(FLOOR, floor=0.01 * n, taken=604_800.0 * n) for n in (1, 2, 3)]
    for floor in [weeks[1], weeks[0], weeks[2], weeks[1]]:
        merge(tmp_path, [floor])
    assert read_all(tmp_path)[0] == tuple(weeks)
    assert read(tmp_path)[0] == (weeks[2],)


def test_lines_stay_sorted_so_that_two_machines_can_be_merged(tmp_path: Path) -> None:
    merge(tmp_path, [replace(FLOOR, metric=metric) for metric in ("time", "cycles", "peak_rss")])
    assert [floor.metric for floor in read(tmp_path)[0]] == ["cycles", "peak_rss", "time"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "<<<<<<< HEAD",
        "[]",
        '{"floor": 0.1}',
        '{"floor": NaN}',
        '{"floor": 0.1, "comparisons": 20, "samples": 1, "benchmark": "b", "params": [], "metric": "time", '
        '"commit": "c", "revision": "r", "taken": 1, "circumstances": "another state"}',
        *(
            f'{{"floor": {floor}, "comparisons": {count}, "samples": 1, "benchmark": "b", "params": [], '
            f'"metric": "time", "commit": "c", "revision": "r", "taken": 1, "circumstances": {{}}}}'
            for floor, count in ((-1, 20), (0.1, 0), ('"0.1"', 20), ("true", 20))
        ),
    ],
)
def test_a_line_that_is_no_floor_is_told_with_its_place_and_hides_no_other(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "subject" / "vm"
    merge(folder, [FLOOR])
    with (folder / FILE).open("a") as stream:
        stream.write(line + "\n")
    history = History(tmp_path / "subject")
    assert history.floors("vm") == (FLOOR,)
    ((place, _reason),) = history.problems()
    assert place.endswith(f"{FILE}:2")
