"""What somebody is about to open is worked out before the click, and costs nobody else anything."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bench.served import question
from dashboard.app import create_app
from dashboard.components.table import row_data
from dashboard.data.address import parse
from dashboard.data.indexing import Indexing
from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.pages.compare_drawn import drawn, foresee
from dashboard.pages.history import HistoryPage
from dashboard.serving.foresight import ADDRESS
from pagewalk.analysis.comparison import Comparison
from pagewalk.workflows.comparing import judge_pair


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Comparison]:
    """All comparisons that were worked out."""
    found: list[Comparison] = []

    def noted(*asked: Any) -> Comparison:
        found.append(judge_pair(*asked))
        return found[-1]

    monkeypatch.setattr("dashboard.data.library.judge_pair", noted)
    return found


@pytest.fixture
def client(results: Path, indexing: Indexing) -> FlaskClient:
    return create_app(results, indexing).server.test_client()


def rest_on(client: FlaskClient, path: Any, query: Any = "") -> int:
    return client.post(ADDRESS, json={"path": path, "query": query}).status_code


def test_a_comparison_that_somebody_rested_on_is_at_hand_when_it_is_opened(
    client: FlaskClient, judged: list[Comparison]
) -> None:
    assert rest_on(client, "/compare", "?subject=go") == 204
    assert len(judged) == 1
    answer = client.post("/_dash-update-component", json=question("/compare?subject=go"))
    assert answer.status_code == 200
    assert len(judged) == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/history", "?subject=go"),
        ("/curve", "?subject=go"),
        ("/crashes", ""),
        ("/no/such/page", "?x=1"),
        ("/compare", "?subject=nothing&base=x"),
        ("/history", "?benchmark=%3Cimg%20onerror%3D1%3E"),
        (["/compare"], {"a": 1}),
        (None, None),
    ],
)
def test_whatever_is_rested_on_is_answered_with_nothing(client: FlaskClient, path: Any, query: Any) -> None:
    assert rest_on(client, path, query) == 204


def test_what_is_no_question_is_passed_over(client: FlaskClient, judged: list[Comparison]) -> None:
    assert client.post(ADDRESS, data="no JSON").status_code == 204
    assert rest_on(client, "/compare", "?subject=go&text=" + "x" * 20_000) == 204
    client.get(f"{ADDRESS}?path=/compare&query=?subject=go")  # as a picture in anybody's page may ask
    client.post(ADDRESS, data='{"path": "/compare", "query": "?subject=go"}', content_type="text/plain")
    assert not judged


def test_whoever_passes_by_while_something_is_worked_out_has_nothing_begun(
    results: Path, indexing: Indexing, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    asked: list[tuple[Any, ...]] = []

    def slowly(*pair: Any) -> Comparison:
        asked.append(pair)
        begun.set()
        assert go_on.wait(60)
        return judge_pair(*pair)

    monkeypatch.setattr("dashboard.data.library.judge_pair", slowly)
    server = create_app(results, indexing).server
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(rest_on, server.test_client(), "/compare", "?subject=go")
        assert begun.wait(60)
        assert rest_on(server.test_client(), "/compare", "?subject=malloc") == 204
        go_on.set()
        assert first.result(60) == 204
    assert len(asked) == 1


def test_a_history_that_somebody_rested_on_is_drawn_when_the_page_changes_in_place(
    library: Library,
) -> None:
    page = HistoryPage(library.catalogue).page
    drawn: list[Query] = []
    fill = page.fill

    def counted(query: Query) -> Any:
        drawn.append(query)
        return fill(query)

    seen = replace(page, fill=counted)
    for search in ("?subject=go", "?subject=go&commit=abc", "?subject=go"):
        seen.foresee(search)
    assert len(drawn) == 1, "what is open beside a page changes nothing of it"
    seen.foresee("?subject=malloc")
    assert len(drawn) == 2


def test_a_comparison_that_somebody_rested_on_is_written_when_the_page_changes_in_place(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def counted(rows: Any, machines: Any) -> Any:
        written.append(len(rows))
        return row_data(rows, machines)

    monkeypatch.setattr("dashboard.pages.compare_drawn.row_data", counted)
    for search in ("?subject=go", "?subject=go&row=abc", "?subject=go"):
        foresee(library, search)
    assert len(written) == 1, "what is open beside a page changes nothing of it"
    rested = parse("?subject=go")
    assert drawn(library, rested) is drawn(library, replace(rested, row="abc"))
    assert len(written) == 1
    foresee(library, "?subject=malloc")
    assert len(written) == 2
