"""`pagewalk serve` over the history of 6 million values, and clicks that a person makes on its pages."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from bench.generate_history import Size, benchmark_name, commit_hash, generate
from pagewalk.cache import cache_root
from pagewalk.index.changes.searching import searching
from pagewalk.index.database import open_index
from pagewalk.index.writing.updating import update

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server.

    Args:
        address: as `http://127.0.0.1:8050`, without a slash at its end.
        pid: of the process.
        size: of the history it shows.
    """

    address: str
    pid: int
    size: Size


def question(where: str) -> dict[str, Any]:
    """Return what a browser asks the server when somebody follows a link.

    Args:
        where: path and query of the link.
    """
    path, mark, query = where.partition("?")
    parts = [{"id": "passing-room", "property": "children"}, {"id": "passing-room-drawn", "property": "data"}]
    asked = {"path": path, "query": mark + query}
    return {
        "output": "..passing-room.children...passing-room-drawn.data..",
        "outputs": parts,
        "inputs": [{"id": "passing-room-asked", "property": "data", "value": asked}],
        "changedPropIds": ["passing-room-asked.data"],
        "parsedChangedPropsIds": ["passing-room-asked.data"],
        "state": [],
    }


@contextmanager
def served(size: Size | None = None) -> Iterator[Served]:
    """Serve a history, generated and indexed where that has not been done; yields when it answers."""
    size = size or Size()
    results, index = prepared(size)
    port = _free_port()
    options = ("--results", str(results), "--index", str(index), "--port", str(port))
    command = [sys.executable, "-c", "from pagewalk.cli import main; main()", "serve", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield Served(address, process.pid, size)
    finally:
        process.terminate()
        process.wait(timeout=30)


def prepared(size: Size) -> tuple[Path, Path]:
    """Return the folder of results and the index of a history of this size."""
    folder = cache_root() / "bench" / f"history-{size.commits}x{size.benchmarks}"
    generate(folder, size)
    path = cache_root() / "bench" / f"index-{size.commits}x{size.benchmarks}" / "index.sqlite"
    path.parent.mkdir(exist_ok=True)
    index = open_index(str(path), create=True)
    update(index, folder)
    list(searching(index, folder))
    index.close()
    return folder, path


def addresses(size: Size, chosen: int = 11, turn: int = 0) -> dict[str, str]:
    """Return a page to open by what a person would call the click.

    Args:
        chosen: place of the benchmark.
        turn: names the pair of commits; others of each turn.
    """
    base, head = size.commits // 2 - 37 * turn, size.commits - 1 - 11 * turn
    benchmark = quote(benchmark_name(chosen % size.benchmarks))
    return {
        "Overview": "/",
        "Compare": f"/compare?base={_short(base, size)}&head={_short(head, size)}",
        "History": f"/history?benchmark={benchmark}",
        "Curve": f"/curve?benchmark={benchmark}",
        "Crashes": "/crashes",
        "Machines": "/machines",
    }


def _short(position: int, size: Size) -> str:
    return commit_hash(position % size.commits)[:12]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"pagewalk serve ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"pagewalk serve does not answer at {address}")


def chromium() -> str:
    """Return the path of Chromium; ends the process where there is none."""
    found = shutil.which("chromium")
    if found is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    return found
