"""Result files of asv: what is read of them is what asv itself reads."""

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
from asv.results import Results
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.history.asvfolder import AsvFolder
from pagewalk.history.asvresult import ResultFile, read, tables_in
from pagewalk.model import Values
from tests.pagewalk.index.projects import BENCHMARK, commit_of, describe, write_raw, write_with_asv

NAME = str(BENCHMARK["name"])
DESCRIBED = {NAME: BENCHMARK | {"param_names": ["n", "kind"]}}
AXES: Any = BENCHMARK["params"]
NUMBERS = st.one_of(st.none(), st.floats(1e-9, 1e9), st.just(math.nan))


def read_there(path: Path) -> ResultFile:
    file = read(path)
    assert file is not None
    return file


def values_of(path: Path) -> list[Values]:
    return [values for table in tables_in(read_there(path), DESCRIBED) for values in table.values]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(NUMBERS, min_size=6, max_size=6), st.permutations(["'a'", "'b'", "'c'", "'d'"]), st.booleans()
)
def test_values_are_those_that_asv_itself_reads(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float | None], kinds: list[str], same: bool
) -> None:
    axes = AXES if same else [["2", "1"], kinds[:3]]
    path = write_with_asv(tmp_path_factory.mktemp("project"), 1, numbers, params=axes)
    theirs = Results.load(str(path), machine_name="box")
    values = theirs.get_result_value(NAME, AXES)
    samples = theirs.get_result_samples(NAME, AXES)
    for found, value, several in zip(values_of(path), values, samples, strict=True):
        if value is None:
            assert found.missing == "failed when asv ran it"
        elif math.isnan(value):
            assert found.missing == "not available when asv ran it"
        else:
            assert list(found.samples) == several


def test_cases_and_quartiles_stand_with_the_values_they_belong_to(tmp_path: Path) -> None:
    result, low, high = [1.0, 2.0, 3.0], [0.9, None, math.nan], [1.1, 2.2, 3.3]
    columns = {
        "result": result,
        "params": [["2"], ["'a'", "'b'", "'c'"]],
        "stats_q_25": low,
        "stats_q_75": high,
    }
    path = write_raw(tmp_path, 1, {NAME: list(columns.values())}, result_columns=list(columns))
    (table,) = tables_in(read_there(path), DESCRIBED)
    found = {case.params: values for (case, _), values in zip(table.cases, table.values, strict=True)}
    assert list(found) == [(("n", n), ("kind", kind)) for n, kind in itertools.product(*AXES)]
    known = [found[("n", "2"), ("kind", f"'{kind}'")] for kind in "abc"]
    assert [one.samples for one in known] == [(1.0,), (2.0,), (3.0,)]
    assert [one.quartiles for one in known] == [(0.9, 1.1), None, None]
    assert {one.missing for one in found.values() if one not in known} == {"failed when asv ran it"}


def test_a_file_of_the_first_format_is_read_like_one_of_the_second(tmp_path: Path) -> None:
    values = [1.0, 2.0, None, 4.0, math.nan, 6.0]
    new = values_of(write_with_asv(tmp_path, 1, values))
    samples = [None if value is None or math.isnan(value) else around(value) for value in values]
    entry = {"result": values, "params": AXES, "samples": samples}
    old = values_of(write_raw(tmp_path, 2, {NAME: entry}, version=1))
    assert [(one.samples, one.missing) for one in old] == [(one.samples, one.missing) for one in new]


def around(value: float) -> list[float]:
    return [value * 0.9, value, value * 1.1]


def test_a_file_that_lies_with_another_machine_says_nothing(tmp_path: Path) -> None:
    describe(tmp_path)
    file = read_there(write_with_asv(tmp_path, 1, [1.0] * 6))
    assert [len(table.values) for table in AsvFolder(tmp_path).tables(file, "box")] == [6]
    assert AsvFolder(tmp_path).tables(file, "other") == []


@pytest.mark.parametrize(
    "entry",
    [{"result": 1}, ["x"] * 6, [[1.0] * 6, 7], [{}, AXES], [["word"] * 6, AXES], [[10**400] * 6, AXES]],
)
def test_an_entry_of_another_shape_says_nothing_and_breaks_nothing(tmp_path: Path, entry: Any) -> None:
    describe(tmp_path)
    path = write_raw(tmp_path, 1, {NAME: entry}, result_columns=["result", "params"])
    tables = AsvFolder(tmp_path).tables(read_there(path), "box")
    assert {values.samples for table in tables for values in table.values} <= {(), (1.0,)}


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"results": {}}', '{"commit_hash": 1, "date": {}}'])
def test_what_is_no_result_file_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    assert read(path) is None
    assert read(tmp_path / "nowhere.json") is None


def test_a_file_is_found_by_its_commit_whatever_it_is_called(tmp_path: Path) -> None:
    describe(tmp_path)
    named = write_with_asv(tmp_path, 1, [1.0] * 6)
    odd = write_with_asv(tmp_path, 2, [2.0] * 6).rename(tmp_path / "box" / "odd.json")
    assert odd.is_file()
    found = [AsvFolder(tmp_path).files("box", commit_of(number)) for number in (1, 2, 3)]
    assert [[file.header.commit for file in files] for files in found] == [[commit_of(1)], [commit_of(2)], []]
    assert named.is_file()
