"""How long the index takes on a history of 6 million values in 1,400 files, and what a page waits for.

`python -m bench index`. The history is written once (bench/generate_history.py) below the cache folder.
Goals of the project on 2 cores: cold 40 s and 1 GiB, a new file 300 ms, nothing to do 100 ms, the data of
any page 100 ms at the 95th percentile.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from bench.generate_history import Size, commit_hash, generate
from pagewalk.cache import cache_root
from pagewalk.history import History
from pagewalk.index.answering import queries
from pagewalk.index.answering.model import BenchmarkQuery
from pagewalk.index.answering.past import past_in_index
from pagewalk.index.answering.series import series, series_keys
from pagewalk.index.changes.searching import searching
from pagewalk.index.changes.told import changes, worst_series
from pagewalk.index.database import Index, open_index
from pagewalk.index.writing.updating import update
from pagewalk.workflows.pasts import MOST

SUBJECT = "history"
MACHINE = "bench-1"
TRIES = 40
ALARMS = 8
"""Of a subject on the overview, each with the series in which it is worst."""
Result = TypeVar("Result")


class Memory:
    """The greatest memory that this process and its children had at once, looked at 20 times a second."""

    def __init__(self) -> None:
        self.peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(0.05):
            total = 0
            for process in [own, *own.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)


def main(size: Size | None = None) -> None:
    """Print the table."""
    size = size or Size()
    folder = cache_root() / "bench" / f"history-{size.commits}x{size.benchmarks}"
    print("writing the history, unless it is there …", flush=True)
    generate(folder, size)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / SUBJECT
        (root / MACHINE).mkdir(parents=True)
        for path in (folder / MACHINE).iterdir():
            (root / MACHINE / path.name).symlink_to(path)
        (root / "benchmarks.json").symlink_to(folder / "benchmarks.json")
        index = open_index(Path(scratch) / "index.sqlite", create=True)
        _updates(index, root)
        before = _processor_seconds()
        seconds, _ = _timed(lambda: list(searching(index, root)))
        used = _processor_seconds() - before
        print(f"{'looking for lasting changes':44}{seconds * 1000:9.0f} ms")
        print(f"{'  processor time of all processes':44}{used * 1000:9.0f} ms")
        _pages(index, folder)
        index.close()


def _updates(index: Index, root: Path) -> None:
    files = list(root.glob("*/*.json"))
    volume = sum(path.stat().st_size for path in files)
    with Memory() as memory:
        before = _processor_seconds()
        seconds, cold = _timed(lambda: update(index, root))
        used = _processor_seconds() - before
    print(f"{len(files):,} files, {volume / 1e6:.0f} MB, {cold.values:,} values")
    _line("cold", seconds, 40)
    print(f"{'  processor time of all processes':44}{used * 1000:9.0f} ms")
    print(f"{'  memory of all processes':44}{memory.peak / 2**20:9.0f} MiB   goal 1024 MiB")
    # the median of a few: one file each, and nothing
    _line("nothing to do", _median([_timed(lambda: update(index, root))[0] for _ in range(5)]), 0.1)
    newest = root / MACHINE / f"{commit_hash(0)[:8]}-virtualenv-py3.11.json"
    text = newest.read_text()
    taken = []
    for number in range(5):
        commit = commit_hash(10_000_000 + number)
        path = root / MACHINE / f"{commit[:8]}-virtualenv-py3.11.json"
        path.write_text(text.replace(commit_hash(0), commit))
        taken.append(_timed(lambda: update(index, root))[0])
    _line("one new file", _median(taken), 0.3)
    shutil.rmtree(root)


def _pages(index: Index, folder: Path) -> None:
    random = np.random.default_rng(7)
    names = [row.name for row in queries.benchmarks(index, SUBJECT, limit=10_000).rows]
    revisions = queries.revisions(index, SUBJECT)
    records = History(folder).records(commit_hash(0), MACHINE)
    places = [(MACHINE, case, metric) for case, record in records.items() for metric in record.values]

    def name() -> str:
        return str(random.choice(names))

    def one_series() -> object:
        keys = series_keys(index, BenchmarkQuery(SUBJECT, name())).rows
        return series(index, keys[:1])

    def before_a_pair() -> object:
        base = revisions[random.integers(MOST, len(revisions))]
        return past_in_index(index, SUBJECT, MACHINE, base.commit, places)

    def needs_attention() -> object:
        found = changes(index, SUBJECT)
        return found, worst_series(index, SUBJECT, found.regressions[:ALARMS])

    def every_case() -> object:
        return series(index, series_keys(index, BenchmarkQuery(SUBJECT, name())).rows)

    pages: dict[str, Callable[[], object]] = {
        "subjects, machines, totals": lambda: (
            queries.subjects(index),
            queries.machines(index, SUBJECT),
            queries.totals(index),
        ),
        "revisions": lambda: queries.revisions(index, SUBJECT),
        "benchmarks, searched": lambda: queries.benchmarks(
            index, SUBJECT, search=f"family{random.integers(9)}"
        ),
        "outcomes": lambda: queries.outcomes(index, SUBJECT),
        "one series": one_series,
        "cases of a benchmark, a curve": every_case,
        "lasting changes": needs_attention,
        "what was before two revisions": before_a_pair,
    }
    for title, page in pages.items():
        taken = [_timed(page)[0] for _ in range(TRIES)]
        _line(f"{title}, 95th percentile", float(np.percentile(taken, 95)), 0.1)


def _processor_seconds() -> float:
    """Return what this process and its children that have ended used: what a busy machine changes least."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _median(taken: list[float]) -> float:
    return float(np.median(taken))


def _line(title: str, seconds: float, goal: float) -> None:
    print(f"{title:44}{seconds * 1000:9.0f} ms   goal {goal * 1000:6.0f} ms", flush=True)


if __name__ == "__main__":
    main()
