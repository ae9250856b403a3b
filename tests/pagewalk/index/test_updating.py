import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk import lenient
from pagewalk.errors import HistoryError
from pagewalk.index.answering import queries
from pagewalk.index.answering.model import BenchmarkQuery, Series
from pagewalk.index.answering.series import series, series_keys
from pagewalk.index.database import Index, open_index
from pagewalk.index.writing.updating import Options, update
from tests.pagewalk.index.projects import commit_of, describe, write_raw, write_with_asv

SIX = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def every_series(index: Index, name: str = "sort.time_sort", version: str = "") -> tuple[Series, ...]:
    keys = series_keys(index, BenchmarkQuery("results", name, version=version))
    return series(index, keys.rows)


def test_results_written_by_asv_are_answered_with_values_intervals_and_names(
    index: Index, root: Path
) -> None:
    describe(root)
    for number in (1, 2):
        write_with_asv(root, number, [value * number for value in SIX])
    update(index, root)
    found = every_series(index)
    assert [dict(one.key.params) for one in found][:2] == [
        {"n": "1", "kind": "'a'"},
        {"n": "1", "kind": "'b'"},
    ]
    assert found[3].values.tolist() == [4.0, 8.0]
    assert found[3].interval == "ci99"
    assert found[3].low[0] < 4.0 < found[3].high[0]
    assert found[0].unit == "seconds"


def test_a_failed_case_a_skipped_one_and_an_absent_one_are_told_apart(index: Index, root: Path) -> None:
    describe(root)
    write_with_asv(root, 1, [None, math.nan, 3.0, 4.0, 5.0, 6.0])
    write_raw(root, 2, {"other.track_x": [[1.0], []]}, result_columns=["result", "params"])
    update(index, root)
    found = every_series(index)
    assert [one.states[0] for one in found[:3]] == ["failed", "not-run", "ok"]
    assert found[2].states[1] == "absent"
    assert np.isnan(found[0].values[0])


def test_results_of_format_1_are_read_as_asv_reads_them(index: Index, root: Path) -> None:
    old = {
        "sort.time_sort": {
            "result": [1.0, None, 3.0],
            "params": [["1", "2", "3"]],
            "stats": [{"ci_99": [0.5, 1.5], "q_25": 0.9, "q_75": 1.1}, None, {"ci_99": [2.5, 3.5]}],
        },
        "plain.track_x": 7.0,
    }
    write_raw(root, 1, old, python="3.6", requirements={})
    update(index, root)
    found = every_series(index)
    assert [one.values.tolist()[0] for one in found][::2] == [1.0, 3.0]
    assert (found[0].low[0], found[0].high[0], found[0].interval) == (0.5, 1.5, "ci99")
    assert every_series(index, "plain.track_x")[0].values.tolist() == [7.0]


def test_parameters_that_change_between_commits_are_aligned_by_their_values(index: Index, root: Path) -> None:
    describe(root)
    write_with_asv(root, 1, SIX)
    write_with_asv(root, 2, [30.0, 40.0], params=[["2"], ["'a'", "'b'"]])
    update(index, root)
    by_params = {tuple(v for _, v in one.key.params): one.values.tolist() for one in every_series(index)}
    assert by_params["2", "'a'"] == [4.0, 30.0]
    assert by_params["1", "'a'"][0] == 1.0
    assert by_params["2", "'b'"] == [5.0, 40.0]
    assert math.isnan(by_params["1", "'a'"][1])


def test_versions_of_a_benchmark_are_kept_apart(index: Index, root: Path) -> None:
    describe(root, version="v2")
    write_with_asv(root, 1, SIX)
    write_with_asv(root, 2, SIX, version="v2")
    update(index, root)
    assert every_series(index)[0].states == ("absent", "ok")
    assert every_series(index, version="v1")[0].states == ("ok", "absent")


def test_only_what_is_new_or_changed_is_read_and_what_is_gone_disappears(index: Index, root: Path) -> None:
    describe(root)
    first, _ = (write_with_asv(root, number, SIX) for number in (1, 2))
    for path in root.rglob("*.json"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert update(index, root).indexed == 4
    assert update(index, root).indexed == 0
    write_with_asv(root, 3, SIX)
    assert update(index, root).indexed == 1
    first.unlink()
    write_raw(
        root,
        2,
        {"sort.time_sort": [[9.0] * 6, [["1", "2"], ["'a'", "'b'", "'c'"]], "v1"]},
        result_columns=["result", "params", "version"],
    )
    assert update(index, root).removed == 1
    assert [one.commit for one in queries.revisions(index, "results")] == [
        commit_of(2),
        commit_of(3),
    ]
    assert every_series(index)[0].values.tolist() == [9.0, 1.0]


def test_a_change_within_the_clocks_grain_is_seen_by_its_content(index: Index, root: Path) -> None:
    path = write_raw(root, 1, {"a": 1.0})
    update(index, root)
    before = path.stat()
    path.write_text(path.read_text().replace('"a": 1.0', '"a": 2.0'))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    update(index, root)
    assert every_series(index, "a")[0].values.tolist() == [2.0]


def test_a_file_cut_in_half_is_a_problem_now_and_indexed_when_it_is_whole(index: Index, root: Path) -> None:
    path = write_with_asv(root, 1, SIX)
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    write_with_asv(root, 2, SIX)
    assert update(index, root).problems == 1
    assert queries.problems(index).rows[0].path == f"box/{path.name}"
    assert queries.totals(index).revisions == 1
    path.write_text(whole)
    assert update(index, root).problems == 0
    assert queries.totals(index).revisions == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"results": {}}',
        '{"results": {}, "commit_hash": "../../etc"}',
        "[" * 100_000,
        "\0",
    ],
)
def test_what_is_no_result_file_is_listed_and_never_stops_an_update(
    index: Index, root: Path, text: str
) -> None:
    write_raw(root, 1, {"a": 1.0})
    (root / "box" / "evil.json").write_text(text)
    assert update(index, root).problems == 1
    assert queries.totals(index).values == 1


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "a\0b", "../../x", "\ud800", "n" * 100_000, ""]
)
def test_hostile_names_and_parameters_are_kept_within_bounds(index: Index, root: Path, name: str) -> None:
    write_raw(root, 1, {name: [[1.0], [[name + "v"]]]}, result_columns=["result", "params"])
    summary = update(index, root)
    assert summary.problems == 0
    row = queries.benchmarks(index, "results").rows[0]
    assert len(row.name) <= 512
    assert "\0" not in row.name
    assert every_series(index, row.name)[0].values.tolist() == [1.0]


def test_ten_megabytes_of_a_parameter_and_a_trillion_cases_are_bounded(index: Index, root: Path) -> None:
    axis = [str(i) for i in range(10_000)]
    results = {"big": [[1.0], [["x" * 10_000_000]]], "many": [[1.0], [axis, axis, axis]]}
    write_raw(root, 1, results, result_columns=["result", "params"])
    assert update(index, root).problems == 1
    assert "1000000000000 combinations" in queries.problems(index).rows[0].reason
    assert len(every_series(index, "big")[0].key.params[0][1]) <= 1024


def test_values_that_are_no_numbers_are_missing_with_a_reason(index: Index, root: Path) -> None:
    values = ["x", {}, [1], 10**400, math.inf, None, math.nan, 2]
    write_raw(root, 1, {"a": [values, [list("12345678")]]}, result_columns=["result", "params"])
    update(index, root)
    states = [one.states[0] for one in every_series(index, "a")]
    assert states == ["not-finite"] * 5 + ["failed", "not-run", "ok"]


def test_all_cases_of_a_benchmark_come_in_the_suites_order(index: Index, root: Path) -> None:
    many = [str(i) for i in range(700)]
    write_raw(root, 1, {"a": [list(range(700)), [many]]}, result_columns=["result", "params"])
    update(index, root)
    found = series(index, series_keys(index, BenchmarkQuery("results", "a"), limit=1000).rows)
    assert [one.key.params[0][1] for one in found] == many
    assert [one.values.tolist() for one in found] == [[float(i)] for i in range(700)]


def test_commits_stand_in_the_order_of_the_repository_whatever_their_dates_say(
    index: Index, root: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}

    def git(*arguments: str, **more: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=b", "-C", str(clone), *arguments]
        return subprocess.run(
            command, env=environment | more, check=True, capture_output=True, text=True
        ).stdout.strip()

    clone.mkdir()
    git("init", "-q")
    commits = []
    for date in ("1600000300", "1600000100", "1600000200"):
        git("commit", "-q", "--allow-empty", "-m", f"at {date}", GIT_COMMITTER_DATE=f"{date} +0000")
        commits.append(git("rev-parse", "HEAD"))
    for number, commit in enumerate(reversed(commits)):
        write_raw(root, number, {"a": 1.0}, commit_hash=commit)
    git("config", "remote.origin.url", "git@github.com:microsoft/mimalloc.git")
    update(index, root, Options(repositories={"results": clone}))
    found = queries.revisions(index, "results")
    assert [revision.commit for revision in found] == commits
    assert found[0].title == "at 1600000300"
    assert found[0].page == f"https://github.com/microsoft/mimalloc/commit/{commits[0]}"


def test_a_root_of_several_subjects_and_one_that_is_a_results_folder_are_told_apart(
    index: Index, root: Path
) -> None:
    for name in ("go", "malloc"):
        write_with_asv(root / name, 1, SIX)
    update(index, root)
    assert [(one.name, one.folder) for one in queries.subjects(index)] == [("go", "go"), ("malloc", "malloc")]


def test_a_machine_without_machine_json_is_known_by_what_its_results_say(index: Index, root: Path) -> None:
    write_with_asv(root, 1, SIX)
    update(index, root)
    (found,) = queries.machines(index, "results")
    assert (found.machine.name, found.machine.architecture, found.environments) == (
        "box",
        "x86_64",
        ("venv",),
    )


def test_search_finds_names_by_words_in_any_case_and_takes_wildcards_as_they_are(
    index: Index, root: Path
) -> None:
    write_raw(root, 1, {"alloc.Churn": 1.0, "alloc.Sweep_x": 1.0, "map.Churn": 1.0})
    update(index, root)
    page = queries.benchmarks(index, "results", search="CHURN alloc")
    assert [row.name for row in page.rows] == ["alloc.Churn"]
    assert [row.name for row in queries.benchmarks(index, "results", search="_").rows] == ["alloc.Sweep_x"]
    assert queries.benchmarks(index, "results", limit=1).total == 3


def test_an_index_of_another_version_is_built_anew_and_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no index"):
        open_index(tmp_path / "none.sqlite")
    (tmp_path / "text").write_text("this is no database, and long enough to be looked at " * 20)
    with pytest.raises(HistoryError, match="no index of pagewalk"):
        open_index(tmp_path / "text", create=True)


NUMBERS = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=False), st.integers(-(10**6), 10**6))
FILES = st.lists(
    st.dictionaries(st.text(min_size=1, max_size=8), st.lists(NUMBERS, min_size=1, max_size=5), max_size=3),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@given(FILES)
@settings(max_examples=25, deadline=None)
def test_the_index_answers_what_a_straightforward_reading_of_the_files_gives(
    tmp_path_factory: pytest.TempPathFactory, contents: list[dict[str, list[Any]]]
) -> None:
    root = tmp_path_factory.mktemp("any") / "results"
    for number, content in enumerate(contents):
        results = {name: [values, [[str(i) for i in range(len(values))]]] for name, values in content.items()}
        write_raw(root, number, results, result_columns=["result", "params"])
    index = open_index(root.parent / "index.sqlite", create=True)
    update(index, root)
    expected: dict[tuple[str, str, str], float] = {}
    for path in root.glob("box/*.json"):
        body = json.loads(path.read_text())
        for name, (values, (axis,)) in body["results"].items():
            for param, value in zip(axis, values, strict=True):
                if value is not None and math.isfinite(value):
                    expected[name.replace("\0", "\ufffd"), param, body["commit_hash"]] = float(value)
    answered = {
        (row.name, one.key.params[0][1], revision.commit): float(value)
        for row in queries.benchmarks(index, "results", limit=1000).rows
        for one in every_series(index, row.name)
        for revision, value, state in zip(one.revisions, one.values, one.states, strict=True)
        if state == "ok"
    }
    index.close()
    assert answered == expected


@pytest.mark.slow
@given(
    st.recursive(
        st.one_of(st.none(), st.floats(), st.text()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_lenient_json_says_the_same_as_the_standard_reader(value: Any) -> None:
    text = json.dumps(value)
    slow = json.dumps(json.loads(text)).replace("NaN", '"NaN"').replace("Infinity", '"Infinity"')
    quick = json.dumps(lenient.loads(text.encode())).replace("NaN", '"NaN"').replace("Infinity", '"Infinity"')
    assert quick.replace('"', "") == slow.replace('"', "")
