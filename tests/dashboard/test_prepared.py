"""What is likely to be asked first is worked out before, in the thread that follows the files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.served import question
from dashboard.app import create_app
from dashboard.data.indexing import Indexing
from dashboard.data.preparing import CALM, Preparing
from pagewalk.analysis.comparison import Comparison
from pagewalk.index.database import open_index
from pagewalk.workflows.comparing import judge_pair

PATIENCE = 120.0


@contextmanager
def following(root: Path, index: Path) -> Iterator[Indexing]:
    opened = open_index(index, create=True)
    found = Indexing(opened, root)
    try:
        yield found
    finally:
        found.stop()
        opened.close()


def test_the_newest_pair_is_compared_before_anybody_asks(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[tuple[str, str]] = []

    def counted(*asked: Any) -> Comparison:
        found = judge_pair(*asked)
        judged.append((found.base.commit, found.head.commit))
        return found

    monkeypatch.setattr("dashboard.data.library.judge_pair", counted)
    with following(results, tmp_path / "index.sqlite") as found:
        client = create_app(results, found).server.test_client()
        found.start(PATIENCE)
        assert len(judged) == 1
        answer = client.post("/_dash-update-component", json=question("/compare"))
        assert answer.status_code == 200
        assert "forest" in answer.text
        assert len(judged) == 1


def test_runners_are_asked_before_anybody_looks_even_where_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("dashboard.data.doctor.ask", lambda: asked.append("runners"))
    with following(tmp_path / "nothing", tmp_path / "index.sqlite") as found:
        create_app(tmp_path / "nothing", found)
        found.start(PATIENCE)
        assert asked == ["runners"]


@pytest.fixture
def prepared() -> list[float]:
    return []


@pytest.fixture
def preparing(prepared: list[float]) -> Preparing:
    return Preparing(lambda: prepared.append(1.0))


def test_a_change_that_stands_alone_is_followed_at_once_and_only_once(
    preparing: Preparing, prepared: list[float]
) -> None:
    preparing.go_on(0.0)
    assert not prepared
    for now in (0.0, 100.0, 100.0 + 2 * CALM):
        before = len(prepared)
        preparing.changed(now)
        for later in (0.0, 1.0, CALM + 1):
            preparing.go_on(now + later)
        assert len(prepared) == before + 1


def test_of_many_changes_in_a_row_the_first_and_the_last_are_followed(
    preparing: Preparing, prepared: list[float]
) -> None:
    for now in range(20):
        preparing.changed(now)
        preparing.go_on(now)
    assert len(prepared) == 1
    preparing.go_on(19 + CALM - 0.1)
    assert len(prepared) == 1
    preparing.go_on(19 + CALM)
    preparing.go_on(30 + CALM)
    assert len(prepared) == 2


def test_what_fails_while_it_is_prepared_does_not_end_the_following(results: Path, tmp_path: Path) -> None:
    with following(results, tmp_path / "index.sqlite") as found:
        found.prepare(lambda: 1 // 0)
        found.start(PATIENCE)
        assert found.state.trouble == ""
        assert found._thread.is_alive()
