"""What a browser test needs besides the browser: a server, and a witness of what the page did."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import waitress
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Route, TimeoutError, expect

from dashboard.app import create_app
from dashboard.data.indexing import Indexing
from dashboard.data.watched import NOTHING, Watched
from pagewalk.index.database import open_index

PATIENCE = 20.0
"""Seconds: a busy machine is no defect of the index."""


@contextmanager
def serving(root: Path, watched: Watched = NOTHING, *, allow_triage: bool = False) -> Iterator[str]:
    """Serve the dashboard over `root` on a free port; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder) / "index.sqlite", create=True)
        indexing = Indexing(index, root)
        app = create_app(root, indexing, watched, allow_triage=allow_triage)
        server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        indexing.start(patience=PATIENCE)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            thread.join(timeout=5)
            indexing.stop()
            index.close()


def wait_for_scripts(page: Page) -> None:
    """Let `goto` and `reload` of a page return only when its scripts have taken the place of its text.

    What is clicked before is followed as a plain link, or lost; a person sees that and clicks again.
    """

    def patient(way: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(way)
        def go(*arguments: Any, **options: Any) -> Any:
            answer = way(*arguments, **options)
            page.locator("#early").wait_for(state="detached")
            return answer

        return go

    page.goto = patient(page.goto)  # type: ignore[method-assign]
    page.reload = patient(page.reload)  # type: ignore[method-assign]


def all_built(page: Page) -> None:
    """Wait until the pages that stay stand in their rooms, those too that nobody has been on."""
    expect(page.locator("[id$='-room'] h1")).to_have_count(3, timeout=30_000)


def asked(page: Page) -> list[str]:
    """Return what the server will have been asked from now on, but for how far the index is."""
    told: list[str] = []

    def note(request: Request) -> None:
        if "/_dash-update-component" in request.url:
            output = json.loads(request.post_data or "{}")["output"]
            told.extend([output] * ("indexing." not in output))

    page.on("request", note)
    return told


def first_held(page: Page, part: str) -> list[Route]:
    """Return the first question of a page that names a part, once it is asked; it waits to be continued."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if part in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/_dash-update-component*", hold)
    return held


def point_at(page: Page, what: str, until: str) -> Locator:
    """Move the pointer over the first `what`, again where it moved away; return the `until` that it brought.

    Raises:
        AssertionError: nothing appeared in any of ten tries.
    """
    brought = page.locator(until).first
    for _ in range(10):
        page.mouse.move(0, 0)
        page.locator(what).first.scroll_into_view_if_needed()
        page.locator(what).first.hover(force=True)
        try:
            brought.wait_for(timeout=3_000)
            return brought
        except TimeoutError:
            continue
    raise AssertionError(f"the pointer over {what} brought no {until}")


class Witness:
    """What a page did besides looking right: requests it made, complaints it raised."""

    def __init__(self, page: Page) -> None:
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "file"):
            self.hosts.add(str(parts.hostname))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)
