"""What is likely to be asked first is worked out before, in the thread that follows the files."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest

from dashboard.app import create_app
from dashboard.data import indexing, library
from dashboard.data.indexing import Indexing
from pagewalk.analysis.comparison import Comparison
from pagewalk.index.database import open_index

PATIENCE = 120.0
COMPARE = {
    "output": "..page.children...nav.children..",
    "outputs": [{"id": "page", "property": "children"}, {"id": "nav", "property": "children"}],
    "inputs": [{"id": "url", "property": "pathname", "value": "/compare"}],
    "changedPropIds": ["url.pathname"],
    "state": [{"id": "url", "property": "search", "value": ""}],
}


@contextmanager
def following(root: Path, index: Path) -> Iterator[Indexing]:
    opened = open_index(index, create=True)
    found = Indexing(opened, root)
    try:
        yield found
    finally:
        found.stop()
        opened.close()


def touch(root: Path) -> None:
    """Change a result file's time, as whoever writes it anew does."""
    path = min(root.glob("*/*/*-pagewalk.json"))
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_newest_pair_is_compared_before_anybody_asks(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[tuple[str, str]] = []

    def counted(*asked: object) -> Comparison:
        found = judge(*asked)
        judged.append((found.base.commit, found.head.commit))
        return found

    judge: Callable[..., Comparison] = library.judge_pair
    monkeypatch.setattr(library, "judge_pair", counted)
    with following(results, tmp_path / "index.sqlite") as found:
        client = create_app(results, found).server.test_client()
        found.start(PATIENCE)
        assert len(judged) == 1
        answer = client.post("/_dash-update-component", json=COMPARE)
        assert answer.status_code == 200
        assert "forest" in answer.text
        assert len(judged) == 1


def test_nothing_is_prepared_again_before_somebody_looked(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_EVERY", 0.05)
    root = Path(shutil.copytree(results, tmp_path / "results"))
    prepared: Queue[int] = Queue()
    with following(root, tmp_path / "index.sqlite") as found:
        found.prepare(lambda: prepared.put(found.state.version))
        found.start(PATIENCE)
        first = prepared.get(timeout=PATIENCE)
        for _ in range(3):
            now = found.state.version
            touch(root)
            wait_until(lambda now=now: found.state.version > now)
        assert prepared.empty()
        touch(root)
        found.look()
        assert prepared.get(timeout=PATIENCE) >= first + 3


def test_what_fails_while_it_is_prepared_does_not_end_the_following(results: Path, tmp_path: Path) -> None:
    with following(results, tmp_path / "index.sqlite") as found:
        found.prepare(lambda: 1 // 0)
        found.start(PATIENCE)
        assert found.state.trouble == ""
        assert found._thread.is_alive()
