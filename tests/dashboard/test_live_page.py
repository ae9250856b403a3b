"""The live page without a browser."""

from pathlib import Path

import pytest
from dash.development.base_component import Component
from test_app import texts

from dashboard.data.query import Query
from dashboard.pages.live import LivePage
from pagewalk.live import Result, reporting

ATTACK = "<img src=x onerror=alert(1)>"
COMMITS = (("glibc", "a" * 40), ("mimalloc", "b" * 40))


def shown(folder: Path) -> Component:
    return LivePage([folder]).layout("")


def hrefs(tree: Component) -> list[str]:
    return [c.href for c in tree._traverse() if getattr(c, "href", None)]


def test_where_nothing_runs_it_says_what_to_type(tmp_path: Path) -> None:
    assert "pagewalk compare --subject malloc glibc mimalloc" in texts(shown(tmp_path / "none"))


def test_what_runs_shows_how_far_it_is_what_ended_how_and_where_to_look(tmp_path: Path) -> None:
    result = Result(1_795_257_300.0, "alloc.Churn at mimalloc on local", "crashed", "SIGSEGV")
    known = {"done": 30, "total": 120, "remaining": 600.0, "results": (result,)}
    with reporting(tmp_path, "compare", "malloc", commits=COMMITS, **known):
        tree = shown(tmp_path)
    words = texts(tree)
    assert "compare malloc glibc → mimalloc" in words
    assert "30 of 120 executions" in words
    assert "about 10 min left, until" in words
    assert "✗ crashed" in words
    assert any(f"base={'a' * 40}&head={'b' * 40}" in href for href in hrefs(tree))
    bar = next(c for c in tree._traverse() if type(c).__name__ == "Progress")
    assert (bar.value, bar.max) == ("30", "120")


def test_a_bisection_leads_to_its_commits(tmp_path: Path) -> None:
    with reporting(tmp_path, "bisect", "/repo/.git", search="abc", what=ATTACK):
        tree = shown(tmp_path)
    assert "/bisect?search=abc" in hrefs(tree)
    assert ATTACK in texts(tree)


@pytest.mark.parametrize("error", [None, KeyboardInterrupt(), ValueError("no such case")])
def test_what_ended_is_listed_with_how(tmp_path: Path, error: BaseException | None) -> None:
    word = {None: "finished", KeyboardInterrupt: "interrupted"}.get(type(error) if error else None, "failed")
    try:
        with reporting(tmp_path, "run", "malloc"):
            if error:
                raise error
    except (KeyboardInterrupt, ValueError):
        pass
    words = texts(shown(tmp_path))
    assert "Nothing runs now" in words
    assert word in words


def test_garbage_is_named_and_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text("{")
    with reporting(tmp_path, "run", "malloc"):
        words = texts(shown(tmp_path))
    assert "g.json" in words
    assert "run malloc" in words


def test_the_mark_changes_with_the_records_and_with_nothing_else(tmp_path: Path) -> None:
    page, query = LivePage([tmp_path]), Query(())
    before = page.glance(query).mark
    with reporting(tmp_path, "run", "malloc"):
        during = page.glance(query)
        assert page.glance(query).mark == during.mark
    assert during.running
    after = page.glance(query)
    assert not after.running
    assert len({before, during.mark, after.mark}) == 3
