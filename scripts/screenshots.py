"""Draw docs/images anew from the committed results: `.venv/bin/python scripts/screenshots.py`.

Serves the dashboard on a free port of this machine and lets a headless Chromium look at it.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import waitress
from playwright.sync_api import Page, sync_playwright

from dashboard.app import create_app
from dashboard.data.indexing import Indexing
from dashboard.data.watched import Watched
from pagewalk.index.database import open_index

SEARCH = ["--subject", "pool", "--good", "v1.0", "--bad", "v1.2", "-b", "Churn.*1024", "-r", "qemu-riscv64"]
"""A search that ends in seconds: who made the project's own allocator crash."""
SHOTS = {
    "overview": "/",
    "compare": "/compare",
    "curve": "/curve?subject=malloc&benchmark=tlb.ChasePages&metric=dtlb_misses",
    "profile": "/profile?subject=go&event=cpu-clock&base=542b490a&head=2533e95d"
    "&case=gomap.Map_operation%3D_assign-grow_elements%3D4096_",
    "crashes": "/crashes?subject=go",
    "bisect": "/bisect",
}
SIZE = {"width": 1440, "height": 900}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> int:
    """Parse the arguments, draw, and say what was drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no Chromium on this machine. Type `apt-get install chromium`.", file=sys.stderr)
        return 4
    given.out.mkdir(parents=True, exist_ok=True)
    with serving(given.results) as site:
        draw(site, given.out, chromium)
    return 0


@contextmanager
def serving(results: Path) -> Iterator[str]:
    """Serve the dashboard while the pictures are taken."""
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder) / "index.sqlite", create=True)
        indexing = Indexing(index, results)
        app = create_app(results, indexing, Watched(searches=(search(Path(folder)),)))
        server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=8)
        indexing.start(patience=60)
        while indexing.state.searched is not None:
            time.sleep(0.2)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        indexing.stop()
        index.close()


def search(folder: Path) -> Path:
    """Search for a bad commit, for there to be one to show; return where that is kept."""
    states = folder / "bisect"
    kept = ["--state", str(states / "pool.json"), "--results", str(folder / "results")]
    command = [str(Path(sys.executable).parent / "pagewalk"), "bisect", *SEARCH, *kept]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return states


def draw(site: str, out: Path, chromium: str) -> None:
    """Write one PNG a page, whole or not at all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        # Asking again and again whether plots are drawn needs eval, which our pages forbid
        page = browser.new_page(viewport=SIZE, color_scheme="light", bypass_csp=True)  # type: ignore[arg-type]
        for name, path in SHOTS.items():
            shoot(page, site + path, out / f"{name}.png")
        browser.close()


def shoot(page: Page, address: str, path: Path) -> None:
    """Take one picture once nothing is on its way any more."""
    page.goto(address)
    # until its scripts run, a page is text without a plot, which looks finished
    page.locator("#early").wait_for(state="detached")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    # also those far below the window, which a page draws when it is left alone for a while
    every = "[...document.querySelectorAll('figure, .dash-graph')]"
    here = f"{every}.filter(plot => !plot.closest('.pw-away'))"
    plots = f"{here}.every(plot => plot.querySelector('.main-svg'))"
    page.wait_for_function(plots)
    draft = path.with_suffix(".draft.png")
    page.screenshot(path=draft, full_page=True)
    draft.replace(path)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
