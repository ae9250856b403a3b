"""The dashboard as an application: `create_app` builds it, `serve` runs it."""

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import waitress
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard.catalogue import Catalogue
from dashboard.library import Library
from dashboard.pages.places import Place, find_place, places
from dashboard.security import answer_only_to, harden
from dashboard.shell import INDEX, navigation, shell
from pagewalk.errors import PagewalkError


def create_app(histories_root: Path) -> Dash:
    """Build the application over the histories under `histories_root`. Reads nothing yet."""
    app = Dash(
        "dashboard",
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
    app.layout = shell
    library = Library(histories_root)
    found = places(library, Catalogue(library))
    _route(app, found)
    for place in found:
        place.register(app)
    harden(app.server, app.csp_hashes())
    return app


def _route(app: Dash, found: Sequence[Place]) -> None:
    @app.callback(
        Output("page", "children"),
        Output("nav", "children"),
        Input("url", "pathname"),
        State("url", "search"),
    )
    def show(pathname: str | None, search: str | None) -> tuple[Any, Any]:
        path = pathname or "/"
        return page(found, path, search or ""), navigation([(p.title, p.path) for p in found], path)

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("pagewalk", "title"),
        Output("page", "title"),
        Input("nav", "children"),
        Input("url", "search"),
        State("url", "pathname"),
    )


def page(found: Sequence[Place], pathname: str, search: str) -> Any:
    """Return the page at an address."""
    place = find_place(found, pathname)
    if place is not None:
        return place.layout(search)
    body = [html.H1("No such page"), html.P(["Go to the ", dcc.Link("overview", href="/"), "."])]
    return html.Div(body, className="pw-page")


def serve(root: Path, host: str = "127.0.0.1", port: int = 8050) -> None:
    """Serve the dashboard until interrupted.

    Raises:
        PagewalkError: the port is taken, or the address is not of this machine.
    """
    app = create_app(root)
    answer_only_to(app.server, host)
    try:
        server = waitress.create_server(app.server, host=host, port=port, threads=8)
    except OSError as error:
        raise _cannot_listen(error, host, port) from error
    server.run()


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
