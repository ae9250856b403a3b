"""What a person waits for in Chromium, on the history of 6 million values: first content, and each click.

`python -m bench browser`. Goals: first useful content in 1.0 s, any click in 300 ms at the 95th percentile.
Each time round other commits are compared and another benchmark is looked at, which nobody asked the server
for before. The first time round these pages are new to the browser as well.
With `--asv`, asv's own pages of the same history stand beside (bench/asv_pages.py). To publish them takes
long: `--commits` and `--benchmarks` ask for a smaller history.
"""

import argparse
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from bench.asv_pages import publish
from bench.clicks import MOST, WITNESS, acts, waited
from bench.generate_history import Size, benchmark_name
from bench.served import chromium, served

ROUNDS = 8
FIRST = (("first content", "main .pw-card", 1.0), ("first page in use", "#page .pw-card", None))
"""What is looked at, and a goal in seconds: the overview as text, and with everything that can be clicked."""
_WITNESS = """
  new MutationObserver((_, watch) => {
    if (!document.querySelector(%s)) { return; }
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(now => { window.seen = now; }));
  }).observe(document, {childList: true, subtree: true});
"""
# A person's Chromium has scroll bars, too: without them a table fades its own in and out, and counts as busy
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench browser")
    parser.add_argument("--commits", type=int, default=Size().commits)
    parser.add_argument("--benchmarks", type=int, default=Size().benchmarks)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--at-once", action="store_true", help="links are followed by a script, which rests on none before"
    )
    parser.add_argument(
        "--asv", action="store_true", help="asv's pages too, published where they are not yet"
    )
    asked = parser.parse_args(sys.argv[1:])
    size = Size(asked.commits, asked.benchmarks)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=SWITCHES, ignore_default_args=["--hide-scrollbars"]
        )
        with served(size) as server:
            for title, what, goal in FIRST:
                taken = [_seen(browser, server.address, what) for _ in range(asked.rounds)]
                _line(f"pagewalk, {title}", taken, goal)
            clicks = _clicks(browser, server.address, size, asked.rounds, at_once=asked.at_once)
            for title, taken in clicks.items():
                _line(f"pagewalk, {title}", taken, 0.3)
            _line("pagewalk, any click", [value for taken in clicks.values() for value in taken], 0.3)
            _line("pagewalk, the first time round", [taken[0] for taken in clicks.values()], None)
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


def _clicks(
    browser: Browser, address: str, size: Size, rounds: int, *, at_once: bool
) -> dict[str, list[float]]:
    """Return the seconds of each click, in the order of a walk that is gone several times in one window."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.set_default_timeout(MOST * 1000)
    page.add_init_script(WITNESS)
    page.goto(address)
    page.locator("#page .pw-card").first.wait_for()
    taken: dict[str, list[float]] = {}
    for turn in range(rounds):
        for act in acts(size, turn, at_once=at_once):
            taken.setdefault(act.title, []).append(waited(page, act))
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
