"""A page is drawn once for all who open it, and anew as soon as there is something new."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import synthetic_commits
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bench.served import question
from dashboard.app import create_app
from dashboard.data.attention import alarms
from dashboard.data.indexing import Indexing, State
from dashboard.pages import places
from dashboard.serving.answers import Answers
from dashboard.serving.security import answer_only_to
from pagewalk.history.triage import Decision, Note, record
from pagewalk.index.changes.searching import searching
from pagewalk.index.changes.told import changes
from pagewalk.index.database import open_index
from pagewalk.index.writing.updating import update

LOCAL = "127.0.0.1:8050"


@given(sizes=st.lists(st.integers(0, 40), max_size=30))
def test_answers_never_take_more_than_they_may(sizes: list[int]) -> None:
    answers = Answers(most=100)
    for place, size in enumerate(sizes):
        answers.keep((0, None, "/", str(place % 7)), bytes(size))
        kept = [answers.recall((0, None, "/", str(at))) or b"" for at in range(7)]
        assert sum(map(len, kept)) <= 100
        assert kept[place % 7] == bytes(size)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Queries that the compare page was drawn for."""
    asked: list[str] = []
    draw = places.compare_page

    def counted(library: Any, search: str) -> Any:
        asked.append(search)
        return draw(library, search)

    monkeypatch.setattr(places, "compare_page", counted)
    return asked


@pytest.fixture
def client(results: Path, indexing: Indexing, drawn: list[str]) -> FlaskClient:
    server = create_app(results, indexing).server
    answer_only_to(server, "127.0.0.1")
    return server.test_client()


def follow(client: FlaskClient, search: str, host: str = LOCAL, path: str = "/compare") -> Any:
    """Follow a link to a page."""
    body = question(path + search)
    return client.post("/_dash-update-component", json=body, headers={"Host": host})


def test_what_was_answered_is_answered_again_without_drawing_it(
    client: FlaskClient, drawn: list[str]
) -> None:
    first, again = (follow(client, "?subject=go") for _ in range(2))
    assert drawn == ["?subject=go"]
    assert first.status_code == again.status_code == 200
    assert first.data == again.data
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_fifty_who_ask_at_once_have_the_page_drawn_for_one_of_them(
    client: FlaskClient, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    counted = places.compare_page

    def slowly(library: Any, search: str) -> Any:
        begun.set()
        go_on.wait(60)
        return counted(library, search)

    monkeypatch.setattr(places, "compare_page", slowly)
    waiting = threading.Semaphore(0)
    claim = Answers.claim

    def noticed(self: Answers, question: Any) -> Any:
        waiting.release()
        return claim(self, question)

    monkeypatch.setattr(Answers, "claim", noticed)
    server = client.application
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(follow, server.test_client(), "?subject=go") for _ in range(4)]
        assert begun.wait(60)
        for _ in range(4):
            assert waiting.acquire(timeout=60)
        go_on.set()
        answers = [one.result(60) for one in asked]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.data for answer in answers}) == 1
    assert drawn == ["?subject=go"]


def test_another_address_is_another_question(client: FlaskClient, drawn: list[str]) -> None:
    follow(client, "?subject=go")
    follow(client, "?subject=malloc")
    assert drawn == ["?subject=go", "?subject=malloc"]


def test_a_page_is_drawn_anew_when_the_index_has_more(
    client: FlaskClient, drawn: list[str], indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(client, "?subject=go")
    monkeypatch.setattr(indexing, "_state", State(indexing.state.version + 1))
    follow(client, "?subject=go")
    assert len(drawn) == 2


def test_the_overview_is_drawn_anew_when_something_was_decided_or_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    overview = places.overview
    monkeypatch.setattr(places, "overview", lambda *a, **k: drawn.append("overview") or overview(*a, **k))
    root = synthetic_commits.build(tmp_path / "results")
    index = open_index(tmp_path / "i.sqlite", create=True)
    update(index, root)
    list(searching(index, root))
    still = Indexing(index, root)  # nobody follows the files, so that only what this test does changes
    client = create_app(root, still).server.test_client()
    first, again = (follow(client, "", path="/").get_data(as_text=True) for _ in range(2))
    assert (len(drawn), again) == (1, first)
    assert "throttled" not in first
    finding = alarms(changes(index, "slab").regressions, (), {}, {})[0].finding
    record(root / "slab", [Note(finding, Decision.FALSE_ALARM, "throttled")])
    assert "throttled" in follow(client, "", path="/").get_data(as_text=True)
    monkeypatch.setattr(still, "_state", replace(still.state, found=still.state.found + 1))
    follow(client, "", path="/")
    assert len(drawn) == 3
    index.close()


def test_what_is_kept_is_told_to_no_other_name(client: FlaskClient) -> None:
    assert follow(client, "?subject=go").status_code == 200
    assert follow(client, "?subject=go", host="evil.example").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b'{"output": 1}',
        b'{"output": "..passing-room.children...passing-room-drawn.data..", "inputs": 3}',
    ],
)
def test_a_question_that_means_nothing_is_not_kept(client: FlaskClient, body: bytes) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.post(
        "/_dash-update-component", data=body, content_type="application/json", headers={"Host": LOCAL}
    )
    assert answer.status_code >= 400
