"""What the bisect page makes of a search, without a browser."""

import csv
import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_searches import ATTACK, COMMITS, HOLE, LAST, STEP, asked, build, crashing, searched, slower
from test_app import texts

from dashboard.data.bisection import Look, command_of, look_at
from dashboard.data.export import bisection_csv
from dashboard.data.query import Query
from dashboard.data.searches import FIELDS, Searches, question_link
from dashboard.data.watched import watched_at
from dashboard.figures.bisection import bisection_figure
from dashboard.pages.bisect import BisectPage
from dashboard.pages.bisect_parts import commits_table, headline
from pagewalk.analysis.bisection import Kind, Status
from pagewalk.analysis.regressions import SeriesName
from pagewalk.bisecting.probe import Execution
from pagewalk.bisecting.state import State, load, read
from pagewalk.errors import HistoryError
from pagewalk.model import Case
from pagewalk.processes import Standing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("searches"))


def seen(folder: Path, name: str) -> Look:
    searches = Searches([folder])
    return searches.look(searches.shelved(), name)


def traces(look: Look) -> dict[str, Any]:
    return {trace.name: trace for trace in bisection_figure(look).data}


@pytest.mark.parametrize(
    ("name", "kind"), [("aaaa", Kind.SAMPLED), ("bbbb", Kind.OUTCOME), ("cccc", Kind.EXACT)]
)
def test_a_finished_search_names_its_commit_by_the_same_rule_as_the_command(
    folder: Path, name: str, kind: Kind
) -> None:
    look = seen(folder, name)
    assert (look.standing, look.kind) == (Standing.FINISHED, kind)
    assert look.answer is not None
    assert (look.answer.status, look.answer.up_to) == (Status.FOUND, STEP)
    assert look.words[0].startswith(f"{COMMITS[STEP][0]} is the first bad commit")
    assert "◀ first bad" in texts(commits_table(look))


def test_values_are_drawn_as_ratios_to_the_good_commit_and_the_posterior_below(folder: Path) -> None:
    look = seen(folder, "aaaa")
    drawn = traces(look)
    assert len(drawn["executions"].x) == look.taken
    good = [y for x, y in zip(drawn["executions"].x, drawn["executions"].y, strict=True) if x < 0.5]
    assert good == pytest.approx([1.0] * len(good), abs=0.05)
    assert list(drawn["does not build"].x) == [HOLE]
    assert STEP in drawn["posterior"].x
    assert max(drawn["posterior"].y) >= 0.99
    assert sum(drawn["posterior"].y) == pytest.approx(1, abs=1e-4)


def test_of_crashes_the_endings_are_drawn_and_no_value(folder: Path) -> None:
    look = seen(folder, "bbbb")
    drawn = traces(look)
    assert len(drawn["executions"].x) == 0
    assert min(drawn["crashed"].x) >= STEP - 0.5
    assert max(drawn["ok"].x) <= STEP - 0.5
    assert len(drawn["ok"].x) + len(drawn["crashed"].x) == look.taken


def test_names_from_commits_are_drawn_as_they_are(folder: Path) -> None:
    figure = bisection_figure(seen(folder, "aaaa")).to_json()
    assert "<img" not in figure
    assert "&lt;img" in figure


def test_the_csv_has_every_commit_in_order_with_its_belief(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(bisection_csv(seen(folder, "aaaa")))))
    assert [row["commit"] for row in rows] == [commit for commit, _ in COMMITS]
    assert float(rows[STEP]["posterior"]) > 0.99
    assert rows[0]["unit"] == "seconds"
    assert (rows[1]["value"], rows[1]["executions"]) == ("", "0")


def test_a_search_under_way_says_what_is_likely_and_when_it_will_end(tmp_path: Path) -> None:
    state = load(tmp_path / "dddd.json", ("slab", "a", "b", "local", "alloc.Churn", "1"))
    at = slower()
    with state.attempted(asked("time", "seconds")):
        for place in (0, LAST, 0, LAST, 0, LAST, STEP - 6):
            state.add(COMMITS[place][0], at(place))
        state.expect(9)
        state.add(COMMITS[STEP][0], at(STEP))
        look = seen(tmp_path, "dddd")
    assert look.standing is Standing.RUNNING
    assert look.answer is None
    assert look.seconds is not None
    assert look.seconds > 0
    words = texts(headline(look))
    assert "Most likely" in words
    assert "left, until" in words


def test_before_anything_was_executed_there_is_a_page_nevertheless(tmp_path: Path) -> None:
    state = load(tmp_path / "dddd.json", ("q",))
    with state.attempted(asked("", "")):
        look = seen(tmp_path, "dddd")
    assert "Measuring both ends" in texts(headline(look))
    assert len(bisection_figure(look).data) >= 1
    assert "not measured" in texts(commits_table(look))


def test_a_search_that_was_stopped_says_what_to_type_to_go_on(tmp_path: Path) -> None:
    state = load(tmp_path / "dddd.json", ("q",))
    with pytest.raises(KeyboardInterrupt), state.attempted(asked("time", "seconds")):
        raise KeyboardInterrupt
    words = texts(headline(seen(tmp_path, "dddd")))
    assert "pagewalk bisect --subject slab --good" in words
    assert "interrupted" in words


def test_a_file_of_an_older_pagewalk_is_listed_and_says_how_to_see_more(tmp_path: Path) -> None:
    question = ["slab", "a" * 40, "b" * 40, "local", "alloc.Churn", "1"]
    (tmp_path / "old.json").write_text(
        json.dumps({"format": 1, "question": question, "taken": [], "skipped": []})
    )
    searches = Searches([tmp_path])
    shelved = searches.shelved()
    assert shelved.listed[0].standing is None
    assert "goes on from here" in texts(headline(searches.look(shelved, "old")))


def test_what_runs_comes_first_and_garbage_is_named(folder: Path, tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "zzzz.json").write_text("{")
    state = load(tmp_path / "dddd.json", ("q",))
    with state.attempted(asked("time", "seconds")):
        searched(tmp_path / "eeee.json", crashing, "value", "")
        shelved = Searches([tmp_path]).shelved()
    assert [one.name for one in shelved.listed][:2] == ["dddd", "eeee"]
    assert [Path(path).name for path, _ in shelved.problems] == ["zzzz.json"]


@pytest.mark.parametrize("name", ["nope", "../aaaa", ATTACK])
def test_a_name_that_is_none_is_answered_in_words(folder: Path, name: str) -> None:
    with pytest.raises(HistoryError, match="There is no search"):
        seen(folder, name)


def test_where_nobody_searched_the_page_says_what_to_type(tmp_path: Path) -> None:
    words = texts(BisectPage(Searches([tmp_path / "none"])).layout(""))
    assert "pagewalk bisect --good A --bad B" in words


def test_the_mark_changes_with_the_files_and_with_nothing_else(tmp_path: Path) -> None:
    page = BisectPage(Searches([tmp_path]))
    query = Query(FIELDS)
    state = load(tmp_path / "dddd.json", ("q",))
    with state.attempted(asked("time", "seconds")):
        first = page.glance(query).mark
        assert page.glance(query).mark == first
        state.add(COMMITS[0][0], slower()(0))
        second = page.glance(query).mark
    assert len({first, second, page.glance(query).mark, page.glance(query.but(search="dddd")).mark}) == 4


def test_the_command_to_go_on_is_safe_in_a_shell() -> None:
    assert f"'alloc.Churn({ATTACK})'" in command_of(asked("time", "seconds"))


def test_searches_of_other_repositories_are_shown_to_their_user_only(tmp_path: Path) -> None:
    own, others = (watched_at(tmp_path, private=private) for private in (True, False))
    assert others.searches == (tmp_path / ".pagewalk" / "bisect",)
    assert set(others.searches) < set(own.searches)
    assert set(others.live) < set(own.live)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PLACES = st.integers(0, 6)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    taken=st.lists(st.tuples(PLACES, st.none() | NUMBERS, st.booleans(), st.booleans()), max_size=16),
    skipped=st.lists(PLACES, max_size=3),
    budget=st.integers(0, 20),
)
def test_whatever_numbers_a_file_holds_there_is_a_picture_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, taken: list[Any], skipped: list[int], budget: int
) -> None:
    path = tmp_path_factory.mktemp("hostile") / "h.json"
    with load(path, ("q",)).attempted(asked("time", "seconds", budget)):
        pass
    body = json.loads(path.read_text())
    body["asked"]["commits"] = COMMITS[:7]
    body["taken"] = [
        {
            "commit": COMMITS[place][0],
            "values": {} if value is None else {"time": value},
            "exact": ["time"] if exact else [],
            "crashed": crashed,
            "words": "",
        }
        for place, value, crashed, exact in taken
    ]
    body["skipped"] = [COMMITS[place][0] for place in skipped]
    path.write_text(json.dumps(body))
    read(path)
    try:
        look = seen(path.parent, "h")
    except HistoryError:
        return
    json.loads(bisection_figure(look).to_json())
    assert texts(headline(look))
    assert texts(commits_table(look))
    assert bisection_csv(look).count("\n") == 8


def test_a_state_is_looked_at_as_it_is(folder: Path) -> None:
    state: State = read(folder / "cccc.json")
    assert look_at(state, Standing.FINISHED).taken == len(state.taken)


def test_a_question_is_answered_by_its_search_or_by_what_to_type(folder: Path) -> None:
    searches = Searches((folder,))
    shelved = searches.shelved()
    asked = SeriesName("qemu-riscv64", Case("alloc.Churn", (("size", "16"),)), "time")
    link = question_link("slab", "v1", "it's", asked)
    query = Query.parse(link.partition("?")[2], FIELDS)
    with pytest.raises(HistoryError) as raised:
        searches.asked(shelved, query)
    assert "Nobody has searched for the commit that changed alloc.Churn(size=16) yet" in raised.value.message
    typed = shlex.split(raised.value.remedy.partition("`")[2].partition("`")[0])
    assert typed[:4] == ["pagewalk", "bisect", "--subject", "slab"]
    assert typed[typed.index("--bad") + 1] == "it's"
    assert re.fullmatch(typed[typed.index("--benchmark") + 1], "alloc.Churn(size=16)")
    assert typed[-1] == "qemu-riscv64"
    searched = replace(shelved, listed=tuple(replace(one, what=str(asked.case)) for one in shelved.listed))
    assert searches.asked(searched, query) == shelved.listed[0].name
    assert searches.asked(shelved, Query(FIELDS)) == ""


def test_numbers_of_a_command_keep_the_unit_that_it_printed(tmp_path: Path) -> None:
    def printed(place: int) -> Execution:
        return Execution({"value": 1200.0 + 300.0 * (place >= STEP) + place % 3}, unit="ms")

    state = searched(tmp_path / "dddd.json", printed, "value", "")
    look = look_at(state, Standing.FINISHED)
    assert look.told(1200.5) == "1200 ms"
    assert "ms" in traces(look)["executions"].hovertext[0]
    assert " ms" in str(texts(commits_table(look)))
    assert {row["unit"] for row in csv.DictReader(io.StringIO(bisection_csv(look)))} == {"ms"}
