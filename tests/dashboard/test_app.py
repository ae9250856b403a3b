"""The application without a browser: headers, pages, and a port that is taken."""

import re
import socket
from pathlib import Path

import pytest
from dash import Dash
from dash.development.base_component import Component
from synthetic_results import NO_PMU

from dashboard.app import create_app, page, serve
from dashboard.data.address import View
from dashboard.data.catalogue import Catalogue
from dashboard.data.indexing import Indexing
from dashboard.data.library import Library
from dashboard.data.rows import all_rows
from dashboard.data.selection import select
from dashboard.pages.details import details
from dashboard.pages.places import places
from dashboard.serving.security import answer_only_to
from pagewalk.errors import PagewalkError

NAMES = ("127.0.0.1:8050", "localhost:8050", "evil.example")


@pytest.fixture(scope="module")
def app(results: Path, indexing: Indexing) -> Dash:
    return create_app(results, indexing)


def texts(component: object) -> str:
    """All text of a tree of components."""
    if isinstance(component, Component):
        return " ".join([texts(getattr(component, "children", "")), str(getattr(component, "title", ""))])
    if isinstance(component, (list, tuple)):
        return " ".join(map(texts, component))
    return str(component or "")


def test_every_answer_carries_a_strict_policy(app: Dash) -> None:
    client = app.server.test_client()
    for path in ("/", "/_dash-layout", "/assets/pagewalk.js", "/no/such/thing"):
        headers = client.get(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"].startswith("'self' 'sha256-")
        assert "unsafe" not in policy["script-src"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_on_a_loopback_address_no_other_name_is_answered(results: Path, indexing: Indexing) -> None:
    server = create_app(results, indexing).server
    answer_only_to(server, "127.0.0.1")
    client = server.test_client()
    asked = {name: client.get("/", headers={"Host": name}).status_code for name in NAMES}
    assert asked == {"127.0.0.1:8050": 200, "localhost:8050": 200, "evil.example": 400}


def test_the_page_loads_nothing_from_another_host(app: Dash) -> None:
    html = app.server.test_client().get("/").text
    sources = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert len(sources) > 10
    assert [source for source in sources if not re.match(r"/(?!/)", source)] == []


@pytest.mark.parametrize(
    "path",
    ["/", "/compare", "/history", "/curve", "/crashes", "/bisect", "/machines", "/live", "/elsewhere"],
)
def test_every_page_has_one_heading_of_the_first_level(
    library: Library, catalogue: Catalogue, path: str
) -> None:
    tree = page(places(library, catalogue), path, "")
    headings = [c for c in tree._traverse() if type(c).__name__ == "H1"]
    assert len(headings) == 1


def test_the_overview_lists_what_needs_attention(library: Library, catalogue: Catalogue) -> None:
    words = texts(page(places(library, catalogue), "/", ""))
    assert "gomap.LockedExit(24)" in words
    assert "crashed SIGSEGV, on laptop" in words


def test_details_tell_where_each_number_comes_from(library: Library) -> None:
    comparison = select(library, View(subject="go")).comparison
    said = " ".join(texts(details(comparison, row)) for row in all_rows(comparison))
    assert "counted 80% of the time: perf stat dTLB-load-misses" in said
    assert NO_PMU in said
    assert "0x7f00dead0010" in said


def test_a_port_in_use_is_an_error_that_names_another(tmp_path: Path, indexing: Indexing) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PagewalkError, match="in use") as caught:
            serve(tmp_path, indexing.index, port=port)
        assert f"--port {port + 1}" in caught.value.remedy


def test_an_address_of_another_machine_is_an_error(tmp_path: Path, indexing: Indexing) -> None:
    with pytest.raises(PagewalkError, match=r"Cannot listen on 192\.0\.2\.1"):
        serve(tmp_path, indexing.index, host="192.0.2.1", port=0)
