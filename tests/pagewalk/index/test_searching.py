"""Lasting changes that are stored: found as a search of everything finds them, and searched once."""

import json
import math
import multiprocessing
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.analysis.regressions import HistorySeries, SeriesName, find_changes
from pagewalk.index.changes import places as searched
from pagewalk.index.changes import searching
from pagewalk.index.changes.told import changes, worst_series
from pagewalk.index.database import Index, open_index
from pagewalk.index.writing.updating import update
from pagewalk.model import Case
from tests.pagewalk.index.projects import commit_of, write_raw
from tests.pagewalk.index.stored import told

COLUMNS = ["result", "params"]
SPAWN = multiprocessing.get_context("spawn")


def write_levels(
    root: Path, benchmarks: dict[str, list[list[float]]], commits: range, machine: str = "box"
) -> None:
    """Write a file a commit; `benchmarks` has a column of values for each case of each."""
    for number in commits:
        results = {
            name: [[column[number] for column in columns], [[str(i) for i in range(len(columns))]]]
            for name, columns in benchmarks.items()
        }
        write_raw(root, number, results, machine=machine, result_columns=COLUMNS)


def noisy(*levels: float, seed: int = 1, each: int = 20) -> list[float]:
    noise = np.random.default_rng(seed).normal(1, 0.005, each * len(levels))
    return [float(one) for one in np.repeat(levels, each) * noise]


def brought_up_to_date(index: Index, root: Path) -> None:
    update(index, root)
    list(searching.searching(index, root))


def test_what_got_worse_is_told_by_benchmark_and_commit_with_how_many_series_did(
    index: Index, root: Path
) -> None:
    steps = {"a": [noisy(1.0, 1.2, seed=2), noisy(1.0, 1.5), noisy(1.0, 1.0)], "b": [noisy(2.0, 2.6, seed=3)]}
    write_levels(root, steps, range(40))
    brought_up_to_date(index, root)
    found = changes(index, "results")
    assert found.complete
    assert [(one.benchmark, one.first.commit, one.series) for one in found.regressions] == [
        ("a", commit_of(20), 2),
        ("b", commit_of(20), 1),
    ]
    worst = found.regressions[0]
    assert worst.machines == ("box",)
    assert worst.severity == pytest.approx(math.log2(1.5), rel=0.05)


def test_of_a_regression_the_worst_series_is_told_with_its_levels_and_the_last_good_commit(
    index: Index, root: Path
) -> None:
    steps = {"a": [noisy(1.0, 1.2, seed=2), noisy(1.0, 1.5), noisy(1.0, 1.0)], "b": [noisy(2.0, 2.6, seed=3)]}
    write_levels(root, steps, range(40))
    brought_up_to_date(index, root)
    first, second = changes(index, "results").regressions
    assert list(worst_series(index, "results", [second])) == [second]
    worst = worst_series(index, "results", [first, second])[first]
    assert (worst.key.benchmark, worst.key.params) == ("a", (("param1", "1"),))
    assert worst.last_good.commit == commit_of(19)
    assert worst.before == pytest.approx(1.0, rel=0.01)
    assert worst.after == pytest.approx(1.5, rel=0.01)
    assert worst_series(index, "results", []) == {}


def test_of_what_is_told_no_more_there_is_no_worst_series(index: Index, root: Path) -> None:
    write_levels(root, {"a": [noisy(1.0, 1.5)]}, range(40))
    brought_up_to_date(index, root)
    (gone,) = changes(index, "results").regressions
    write_levels(root, {"a": [noisy(1.0, 1.0)]}, range(40))
    brought_up_to_date(index, root)
    assert worst_series(index, "results", [gone]) == {}


def test_what_got_better_or_recovered_is_stored_but_is_no_regression(index: Index, root: Path) -> None:
    write_levels(root, {"better": [noisy(1.5, 1.0, each=30)], "back": [noisy(1.0, 1.5, 1.0)]}, range(60))
    brought_up_to_date(index, root)
    assert {(one.benchmark, one.kind, one.state) for one in told(index)} >= {
        ("better", "improved", "standing"),
        ("back", "regressed", "undone"),
    }
    assert changes(index, "results").regressions == ()


def test_a_benchmark_that_got_worse_on_two_machines_names_both_the_worse_one_first(
    index: Index, root: Path
) -> None:
    for machine, level in (("box", 1.3), ("other", 1.6)):
        write_levels(root, {"a": [noisy(1.0, level)]}, range(40), machine)
    brought_up_to_date(index, root)
    (one,) = changes(index, "results").regressions
    assert (one.machines, one.series) == (("other", "box"), 2)
    assert worst_series(index, "results", [one])[one].key.machine == "other"


def test_only_places_whose_values_changed_are_searched_again(
    index: Index, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_levels(root, {"a": [noisy(1.0, 1.5)], "b": [noisy(1.0, 1.5)]}, range(40))
    brought_up_to_date(index, root)
    looked: list[str] = []
    look = searching.look
    monkeypatch.setattr(
        searching, "look", lambda i, place, floors: looked.append(place.benchmark) or look(i, place, floors)
    )
    assert list(searching.searching(index, root)) == []
    assert looked == []
    write_raw(root, 40, {"a": [[3.0], [["0"]]]}, result_columns=COLUMNS)
    update(index, root)
    assert not changes(index, "results").complete
    list(searching.searching(index, root))
    # the order of commits has a new one in it, so b is looked at too; its values are the same
    assert sorted(looked) == ["a", "b"]
    assert changes(index, "results").complete


def test_values_that_are_what_they_were_keep_their_answer_and_another_method_finds_anew(
    index: Index, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_levels(root, {"a": [noisy(1.0, 1.5)]}, range(40))
    brought_up_to_date(index, root)
    write_raw(root, 40, {"b": [[3.0], [["0"]]]}, result_columns=COLUMNS)
    update(index, root)
    with index.reading() as connection:
        a, _ = searched.places(connection)
    assert not a.fresh
    assert searching.look(index, a, {}).changes is None
    monkeypatch.setattr(searching, "method", lambda: "another")
    assert searching.look(index, a, {}).changes


def test_what_is_gone_takes_its_changes_with_it(index: Index, root: Path) -> None:
    write_levels(root, {"a": [noisy(1.0, 1.5)], "b": [noisy(1.0, 1.5)]}, range(40))
    brought_up_to_date(index, root)
    write_levels(root, {"b": [noisy(1.0, 1.5)]}, range(40))
    brought_up_to_date(index, root)
    assert {one.benchmark for one in told(index)} == {"b"}
    assert {one.benchmark for one in changes(index, "results").regressions} == {"b"}


def test_whoever_stops_a_search_keeps_what_was_found(index: Index, root: Path) -> None:
    write_levels(root, {name: [noisy(1.0, 1.5)] for name in "abc"}, range(40))
    update(index, root)
    search = searching.searching(index, root)
    assert next(search) == (40, 120)
    search.close()
    found = changes(index, "results")
    assert (found.searched, found.places, len(found.regressions)) == (1, 3, 1)


def _killed_after_the_first_batch(where: str, root: Path) -> None:
    searching.BATCH_SECONDS = 0.0
    next(searching.searching(open_index(where), root, workers=0))
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_search_killed_half_way_goes_on_where_it_was(index: Index, root: Path) -> None:
    write_levels(root, {name: [noisy(1.0, 1.5)] for name in "abc"}, range(40))
    update(index, root)
    child = SPAWN.Process(target=_killed_after_the_first_batch, args=(index.where, root))
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL
    half = changes(index, "results")
    assert (half.searched, half.places, len(half.regressions)) == (1, 3, 1)
    assert list(searching.searching(index, root)) == [(40, 80), (80, 80)]
    assert len(changes(index, "results").regressions) == 3


@pytest.mark.slow
def test_processes_find_what_this_one_finds(
    index: Index, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_levels(root, {name: [noisy(1.0, 1.5, 1.2, seed=ord(name))] for name in "abcd"}, range(60))
    brought_up_to_date(index, root)
    other = open_index(tmp_path / "other.sqlite", create=True)
    update(other, root)
    monkeypatch.setattr(searching, "WORTH_WORKERS", 0)
    *_, last = searching.searching(other, root, workers=2)
    assert last == (240, 240)
    assert changes(other, "results") == changes(index, "results")
    assert told(other) == told(index) != []
    other.close()


LEVELS = st.lists(st.sampled_from([1.0, 1.3, 0.7]), min_size=2, max_size=2)


@pytest.mark.slow
@given(st.lists(LEVELS, min_size=1, max_size=3), st.sets(st.integers(0, 23), max_size=4))
@settings(max_examples=8, deadline=None)
def test_stored_changes_are_those_that_a_search_of_all_series_tells(
    tmp_path_factory: pytest.TempPathFactory, levels: list[list[float]], missing: set[int]
) -> None:
    root = tmp_path_factory.mktemp("any") / "results"
    columns = [noisy(*two, seed=seed, each=12) for seed, two in enumerate(levels)]
    for column in columns:
        for place in missing:
            column[place] = math.nan
    write_levels(root, {"a": columns}, range(24))
    index = open_index(root.parent / "index.sqlite", create=True)
    brought_up_to_date(index, root)
    named = [
        HistorySeries(SeriesName("box", Case("a", (("param1", str(i)),)), "a"), column)
        for i, column in enumerate(columns)
    ]
    expected = {(one.series.case.params[0][1], commit_of(one.place.at)) for one in find_changes(named)}
    assert {(json.loads(one.params)[0][1], one.first) for one in told(index)} == expected
    index.close()
