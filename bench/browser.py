"""What a person waits for in Chromium, on the history of 6 million values: first content, and each click.

`python -m bench browser`. Goals: first useful content in 1.0 s, any click in 300 ms at the 95th percentile.
With `--asv`, asv's own pages of the same history stand beside (bench/asv_pages.py). To publish them takes
long: `--commits` and `--benchmarks` ask for a smaller history.
"""

import argparse
import http.server
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, Request, sync_playwright

from bench.asv_pages import publish
from bench.generate_history import Size, benchmark_name
from bench.served import addresses, chromium, served

ROUNDS = 8
QUIET = 0.05
"""Seconds without a request in flight after which a page is taken to be done."""
MOST = 120.0
FIRST = (("first content", "main .pw-card", 1.0), ("first page in use", "#page .pw-card", None))
"""What is looked at, and a goal in seconds: the overview as text, and with everything that can be clicked."""
_WITNESS = """
  new MutationObserver((_, watch) => {
    if (!document.querySelector(%s)) { return; }
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(now => { window.seen = now; }));
  }).observe(document, {childList: true, subtree: true});
"""
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
        "--asv", action="store_true", help="asv's pages too, published where they are not yet"
    )
    asked = parser.parse_args(sys.argv[1:])
    size = Size(asked.commits, asked.benchmarks)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        with served(size) as server:
            for title, what, goal in FIRST:
                taken = [_seen(browser, server.address, what) for _ in range(asked.rounds)]
                _line(f"pagewalk, {title}", taken, goal)
            clicks = _clicks(browser, server.address, addresses(size), asked.rounds)
            for title, taken in clicks.items():
                _line(f"pagewalk, {title}", taken, 0.3)
            _line("pagewalk, any click", [value for taken in clicks.values() for value in taken], 0.3)
        if asked.asv:
            folder, seconds = publish(size)
            print(f"{'asv, to publish its pages':32} {seconds:15.0f} s")
            with _published(folder) as address:
                _asv(browser, address)
        else:
            print("asv's own pages: --asv")
        browser.close()


def _seen(browser: Browser, address: str, what: str) -> float:
    """Return the seconds until something is on the screen, in a browser that has seen nothing yet.

    Args:
        what: a selector of CSS. The page itself tells when: two frames after such an element was there.
    """
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.set_default_timeout(MOST * 1000)
    page.add_init_script(_WITNESS % json.dumps(what))
    page.goto(address, wait_until="commit")
    taken = float(page.wait_for_function("() => window.seen").json_value()) / 1e3
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
    views = {
        "asv, first content (grid)": ("", ".benchmark-container"),
        "asv, list": ("#summarylist", "#summarylist-body tr td"),
        "asv, regressions": ("#regressions", "#regressions-body tr td"),
        "asv, a graph": (f"#{benchmark_name(11)}", "#main-graph canvas"),
    }
    for title, (where, what) in views.items():
        _line(title, [_seen(browser, f"{address}/{where}", what)], None)


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
