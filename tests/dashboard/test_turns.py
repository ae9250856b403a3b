"""What takes a moment does not wait for what takes longer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from test_answers import follow

from dashboard.app import create_app
from dashboard.data import indexing as indexing_module
from dashboard.data.fingerprint import fingerprint
from dashboard.data.indexing import Indexing
from dashboard.pages import places
from dashboard.serving.turns import Turns


def test_of_two_who_take_turns_the_second_goes_on_when_the_first_is_done() -> None:
    turns, order = Turns(patience=60), []
    assert turns.take()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(lambda: (turns.take(), order.append("second")))
        order.append("first")
        turns.give_back()
        assert second.result(60)[0]
    assert order == ["first", "second"]


def test_whoever_has_waited_long_enough_goes_on_without_a_turn_and_gives_none_back() -> None:
    turns = Turns(patience=0.01)
    assert turns.take()
    assert not turns.take()
    turns.give_back()
    assert turns.take()


def test_a_page_that_takes_long_keeps_nobody_from_what_is_kept_nor_for_good_from_another_page(
    results: Path, indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    draw = places.compare_page

    def sometimes_slowly(library: Any, search: str) -> Any:
        if search == "?subject=malloc":
            begun.set()
            assert go_on.wait(60)
        return draw(library, search)

    monkeypatch.setattr(places, "compare_page", sometimes_slowly)
    server = create_app(results, indexing).server
    kept = follow(server.test_client(), "?subject=go")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(follow, server.test_client(), "?subject=malloc")
        assert begun.wait(60)
        assert follow(server.test_client(), "?subject=go").data == kept.data
        assert follow(server.test_client(), "?subject=go&sort=size").status_code == 200
        assert not slow.done()
        go_on.set()
        assert slow.result(60).status_code == 200


def test_a_page_that_fails_gives_its_turn_back(
    results: Path, indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(Turns, "take", lambda _self: taken.append("taken") or True)
    monkeypatch.setattr(Turns, "give_back", lambda _self: taken.append("given back"))
    monkeypatch.setattr(places, "compare_page", lambda _library, _search: 1 / 0)
    server = create_app(results, indexing).server
    server.config["PROPAGATE_EXCEPTIONS"] = False
    assert follow(server.test_client(), "?subject=go").status_code == 500
    assert taken == ["taken", "given back"]


def test_while_somebody_looks_at_the_files_nobody_else_does(
    tmp_path: Path, indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    looked: list[Path] = []

    def slowly(root: Path) -> str:
        if root != tmp_path:  # the thread that follows the other tests' results
            return fingerprint(root)
        looked.append(root)
        begun.set()
        assert go_on.wait(60)
        return "as it was"

    asked = Indexing(indexing.index, tmp_path)
    monkeypatch.setattr(indexing_module, "fingerprint", slowly)
    monkeypatch.setattr(asked, "_seen", "as it was")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(asked.look)
        assert begun.wait(60)
        assert asked.look() == asked.state
        go_on.set()
        assert first.result(60) == asked.state
    assert looked == [tmp_path]
