"""The dashboard as an application: `create_app` builds it, `serve` runs it."""

import contextlib
import errno
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import waitress
from dash import Dash, Input, Output, dcc, html

from dashboard.components.lightening import light
from dashboard.components.markup import markup
from dashboard.components.shell import INDEX, early_shell, navigation, progress_text, shell
from dashboard.components.title import Title
from dashboard.data import doctor
from dashboard.data.address import View
from dashboard.data.catalogue import Catalogue
from dashboard.data.indexing import EMPTY, Indexing
from dashboard.data.library import Library
from dashboard.data.selection import select
from dashboard.data.watched import NOTHING, Watched, watched_at
from dashboard.pages import rooms
from dashboard.pages.places import Place, find_place, places
from dashboard.serving.answers import keep_pages
from dashboard.serving.caching import keep_versioned
from dashboard.serving.document import Application
from dashboard.serving.foresight import foresee_pages
from dashboard.serving.heap import settle
from dashboard.serving.security import answer_only_to, harden, is_loopback
from dashboard.serving.sweeping import Sweeping
from dashboard.serving.turns import THREADS, take_short_turns
from pagewalk.errors import PagewalkError
from pagewalk.index.database import Index

_OFTEN = 1_000
_SELDOM = 10_000
"""Milliseconds between two questions of a page how far the index is."""


def create_app(
    histories_root: Path, indexing: Indexing, watched: Watched = NOTHING, *, allow_triage: bool = False
) -> Dash:
    """Build the application over the histories under `histories_root`. Reads nothing yet.

    Args:
        indexing: follows the same folder; whoever made it starts and stops it.
        watched: where commands write what they are doing.
        allow_triage: whether decisions about findings may be written to the results.
    """
    catalogue = Catalogue(indexing)
    library = Library(histories_root, catalogue)
    found = places(library, catalogue, watched, allow_triage=allow_triage)
    indexing.prepare(lambda: _look_first(library))
    app = Application(
        "dashboard",
        lambda path, query: _early(found, indexing, path, query),
        assets_folder=str(Path(__file__).parent / "assets"),
        index_string=INDEX,
        title="pagewalk",
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=True,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "color-scheme", "content": "light dark"},
        ],
    )
    app.layout = lambda: shell(navigation(_titles(found)), rooms.rooms(found))
    rooms.register(app, found, indexing, lambda path, query: _drawn(found, path, query))
    _tell_progress(app, indexing)
    for place in found:
        place.register(app)
    keep_pages(app.server, indexing, {place.path: place.beside for place in found if place.kept})
    foresee_pages(app.server, lambda path, query: _foresee(found, path, query))
    keep_versioned(app.server)
    harden(app.server, app.inline_hashes())
    return app


def _look_first(library: Library) -> None:
    """Work out what a first look would wait for: the newest pair, and what the runners here can do."""
    with contextlib.suppress(PagewalkError):  # whoever asks for it is told
        select(library, View())
    doctor.ask()


def _foresee(found: Sequence[Place], path: str, query: str) -> None:
    """Work out what a page takes long for."""
    place = find_place(found, path)
    if place is not None:
        place.foresee(query)


def _drawn(found: Sequence[Place], path: str, query: str) -> Any:
    """Return a page as it is put into its room, after what tells the browser that it has come."""
    return [Title(_title(found, path), path), light(page(found, path, query))]


def _early(found: Sequence[Place], indexing: Indexing, path: str, query: str) -> tuple[str, str]:
    """Return the title of a page and what of it can be read before its scripts run."""
    place = find_place(found, path)
    if place is None or place.text:
        indexing.look()
        body = page(found, path, f"?{query}" if query else "")
    else:
        body = html.Div(html.H1(place.title), className="pw-page")
    return f"{_title(found, path)} · pagewalk", markup(early_shell(navigation(_titles(found), path), body))


def _title(found: Sequence[Place], path: str) -> str:
    place = find_place(found, path)
    return place.title if place else "No such page"


def _titles(found: Sequence[Place]) -> list[tuple[str, str]]:
    return [(place.title, place.path) for place in found]


def _tell_progress(app: Dash, indexing: Indexing) -> None:
    @app.callback(
        Output("indexing", "children"),
        Output("indexing", "hidden"),
        Output("beat", "interval"),
        Input("beat", "n_intervals"),
    )
    def tell(_beats: int) -> tuple[str, bool, int]:
        text = progress_text(indexing.state)
        return text, not text, _OFTEN if text else _SELDOM


def page(found: Sequence[Place], pathname: str, search: str) -> Any:
    """Return the page at an address."""
    place = find_place(found, pathname)
    if place is not None:
        return place.layout(search)
    body = [html.H1("No such page"), html.P(["Go to the ", dcc.Link("overview", href="/"), "."])]
    return html.Div(body, className="pw-page")


def serve(  # noqa: PLR0913 - what is served, where, and what may be done there
    root: Path,
    index: Index,
    host: str = "127.0.0.1",
    port: int = 8050,
    *,
    project: Path | None = None,
    repositories: Mapping[str, Path] = EMPTY,
    allow_triage: bool = False,
) -> None:
    """Serve the dashboard until interrupted, and keep the index up to date meanwhile.

    Args:
        project: whose work under way is shown; None for none.
        repositories: of subjects that have one at hand, by name.

    Raises:
        PagewalkError: the port is taken, or the address is not of this machine.
    """
    indexing = Indexing(index, root, repositories)
    watched = watched_at(project, private=is_loopback(host))
    app = create_app(root, indexing, watched, allow_triage=allow_triage)
    answer_only_to(app.server, host)
    try:
        server = waitress.create_server(app.server, host=host, port=port, threads=THREADS)
    except OSError as error:
        raise _cannot_listen(error, host, port) from error
    settle()
    sweeping = Sweeping()
    sweeping.follow(app.server)
    take_short_turns()
    indexing.start()
    try:
        server.run()
    finally:
        indexing.stop()
        sweeping.stop()


def _cannot_listen(error: OSError, host: str, port: int) -> PagewalkError:
    if error.errno == errno.EADDRINUSE:
        return PagewalkError(
            f"Port {port} of {host} is in use: another dashboard may be running.",
            f"Open http://{host}:{port}/, or choose another port: `pagewalk serve --port {port + 1}`.",
        )
    return PagewalkError(
        f"Cannot listen on {host}:{port}: {error.strerror or error}.",
        "Give an address of this machine: --host 127.0.0.1",
    )
