"""What a person waits for in Chromium, on the history of 6 million values: first content, and each click.

`python -m bench browser`. Goals: first useful content in 1.0 s, any click in 300 ms at the 95th percentile.
With `--asv FOLDER`, the html folder that `asv publish` wrote of the same history, asv's pages stand beside.
"""

import argparse
import http.server
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, Request, sync_playwright

from bench.generate_history import Size
from bench.served import addresses, chromium, served

ROUNDS = 8
QUIET = 0.05
"""Seconds without a request in flight after which a page is taken to be done."""
MOST = 120.0
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Traffic:
    """How many requests of a page are in flight, and when the last one ended."""

    def __init__(self, page: Page) -> None:
        self.flying = 0
        self.last = time.perf_counter()
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _began(self, request: Request) -> None:
        self.flying += request.resource_type in ("document", "xhr", "fetch", "script")
        self.last = time.perf_counter()

    def _ended(self, request: Request) -> None:
        self.flying -= request.resource_type in ("document", "xhr", "fetch", "script")
        self.last = time.perf_counter()

    def settle(self, page: Page, began: float) -> float:
        """Wait until the page asks for nothing more; return the seconds from `began` to what it drew last."""
        while time.perf_counter() - began < MOST:
            page.wait_for_timeout(10)
            if self.flying <= 0 and time.perf_counter() - self.last > QUIET:
                break
        # two frames: what came with the last answer is on the screen
        drawn = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        before = time.perf_counter()
        page.evaluate(drawn)
        return self.last - began + (time.perf_counter() - before)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench browser")
    parser.add_argument("--commits", type=int, default=Size().commits)
    parser.add_argument("--benchmarks", type=int, default=Size().benchmarks)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--asv", type=Path, metavar="FOLDER", help="html of `asv publish` of the same history"
    )
    asked = parser.parse_args(sys.argv[1:])
    size = Size(asked.commits, asked.benchmarks)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        with served(size) as server:
            first = [_first(browser, server.address) for _ in range(asked.rounds)]
            _line("pagewalk, first content", first, 1.0)
            clicks = _clicks(browser, server.address, addresses(size), asked.rounds)
            for title, taken in clicks.items():
                _line(f"pagewalk, {title}", taken, 0.3)
            _line("pagewalk, any click", [value for taken in clicks.values() for value in taken], 0.3)
        if asked.asv:
            with _published(asked.asv) as address:
                _asv(browser, address)
        else:
            print("asv's own pages: name the html folder of `asv publish` with --asv")
        browser.close()


def _first(browser: Browser, address: str) -> float:
    """Return the seconds until the overview shows what it is for, in a browser that has seen nothing yet."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.locator("main h1, #page h1").first.wait_for()
    page.locator(".pw-card, section").first.wait_for()
    taken = time.perf_counter() - began
    context.close()
    return taken


def _clicks(browser: Browser, address: str, places: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each click, from the click to the last thing drawn, page by page."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    traffic = Traffic(page)
    page.goto(address)
    traffic.settle(page, time.perf_counter())
    taken: dict[str, list[float]] = {title: [] for title in places}
    go = "where => { history.pushState({}, '', where); window.dispatchEvent(new PopStateEvent('popstate')); }"
    for _ in range(rounds):
        for title, where in places.items():
            began = time.perf_counter()
            traffic.last = began
            page.evaluate(go, where)
            taken[title].append(traffic.settle(page, began))
    page.close()
    return taken


def _asv(browser: Browser, address: str) -> None:
    views: dict[str, Callable[[Page], object]] = {
        "asv, first content (grid)": lambda page: page.locator(".benchmark-container").first.wait_for(),
        "asv, list": lambda page: page.locator("#summarylist-body tr td").first.wait_for(),
        "asv, regressions": lambda page: page.locator("#regressions-body tr td").first.wait_for(),
    }
    hashes = {"asv, list": "#summarylist", "asv, regressions": "#regressions"}
    for title, ready in views.items():
        page = browser.new_page()
        page.set_default_timeout(MOST * 1000)
        began = time.perf_counter()
        page.goto(f"{address}/{hashes.get(title, '')}")
        ready(page)
        _line(title, [time.perf_counter() - began], None)
        page.close()


@contextmanager
def _published(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _line(title: str, taken: list[float], goal: float | None) -> None:
    middle, late = np.median(taken) * 1e3, np.percentile(taken, 95) * 1e3
    told = "" if goal is None else f"   goal {goal * 1e3:.0f} ms"
    print(f"{title:32} median {middle:8.0f} ms   95th percentile {late:8.0f} ms{told}", flush=True)
