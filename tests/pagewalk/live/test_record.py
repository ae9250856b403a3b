"""What runs is told, seldom, whole, and read with suspicion."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.live import Live, Result, live_in, reporting
from pagewalk.live.record import LATEST, as_json, from_json
from pagewalk.live.reporter import EVERY, KEPT
from pagewalk.processes import Ending, Process, Standing, this_process

WORDS = st.text(max_size=30)
TIMES = st.floats(0, 1e10)
COUNTS = st.integers(0, 10**6)
RESULTS = st.builds(Result, at=TIMES, where=WORDS, outcome=WORDS, words=WORDS)
RECORDS = st.builds(
    Live,
    identity=st.just("one"),
    command=WORDS,
    subject=WORDS,
    process=st.builds(Process, pid=st.integers(1, 10**7), started=TIMES),
    began=TIMES,
    updated=TIMES,
    what=WORDS,
    commits=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    search=WORDS,
    now=WORDS,
    done=COUNTS,
    total=st.none() | COUNTS,
    remaining=st.none() | TIMES,
    results=st.lists(RESULTS, max_size=LATEST).map(tuple),
    ended=st.none() | st.sampled_from(Ending),
    words=WORDS,
)


def only(folder: Path) -> Live:
    """The one record in a folder."""
    (found,), problems = live_in(folder)
    assert not problems
    return found


@given(RECORDS)
def test_a_record_comes_back_as_it_was_written(live: Live) -> None:
    assert from_json("one", json.loads(json.dumps(as_json(live)))) == live


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"format": 2}',
        "[" * 100_000,
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff\xfe",
        b" " * (2 << 20),
    ],
)
def test_garbage_is_named_and_hides_nothing_else(tmp_path: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "garbage.json").write_bytes(data)
    with reporting(tmp_path, "run", "malloc"):
        found, problems = live_in(tmp_path)
    assert [live.subject for live in found] == ["malloc"]
    assert [one.path.name for one in problems] == ["garbage.json"]
    assert problems[0].reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("done", -1),
        ("done", True),
        ("total", 1e3),
        ("total", 10**400),
        ("remaining", float("nan")),
        ("began", 10**400),
        ("process", {"pid": -1, "started": 1.0}),
        ("process", {"pid": "1", "started": 1.0}),
        ("ended", "perhaps"),
        ("results", [{}]),
        ("results", {"a": 1}),
        ("commits", [["a"]]),
        ("now", ["x"]),
    ],
)
def test_a_field_of_another_kind_makes_it_no_record(tmp_path: Path, field: str, value: Any) -> None:
    with reporting(tmp_path, "run", "malloc"):
        pass
    (path,) = tmp_path.glob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    assert [one.path for one in live_in(tmp_path)[1]] == [path]


def test_work_is_running_until_it_ends_and_says_how(tmp_path: Path) -> None:
    with reporting(tmp_path, "run", "malloc", now="building") as live:
        assert only(tmp_path).standing is Standing.RUNNING
        live.tell(words="all is well")
    found = only(tmp_path)
    assert (found.standing, found.words, found.now) == (Standing.FINISHED, "all is well", "")


@pytest.mark.parametrize(
    ("error", "standing"),
    [(KeyboardInterrupt(), Standing.INTERRUPTED), (ValueError("no such case"), Standing.FAILED)],
)
def test_work_that_is_stopped_or_fails_says_so(
    tmp_path: Path, error: BaseException, standing: Standing
) -> None:
    with pytest.raises(type(error)), reporting(tmp_path, "run", "malloc"):
        raise error
    assert only(tmp_path).standing is standing
    assert str(error) in only(tmp_path).words


def test_what_is_told_last_shows_within_a_second_though_nothing_follows_it(tmp_path: Path) -> None:
    with reporting(tmp_path, "run", "malloc") as live:
        live.tell(now="one", done=1)
        live.tell(now="two", done=2)
        assert only(tmp_path).done == 0
        deadline = time.monotonic() + 20
        while only(tmp_path).done != 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert only(tmp_path).now == "two"


def test_a_thousand_tellings_are_few_writings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    monkeypatch.setattr(
        "pagewalk.live.reporter.write_whole", lambda path, _content, **_how: written.append(path)
    )
    begun = time.monotonic()
    with reporting(tmp_path, "run", "malloc") as live:
        for done in range(1000):
            live.tell(Result(0.0, "x", "ok"), done=done)
        assert len(live.live.results) == LATEST
    assert len(written) <= 3 + (time.monotonic() - begun) / EVERY


def test_a_disk_that_refuses_stops_no_measurement(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with reporting(blocked / "live", "run", "malloc") as live:
        live.tell(done=1)
    assert live.live.done == 1


def test_who_reads_while_others_write_sees_whole_records_only(tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with reporting(tmp_path, "run", "malloc") as live:
                live.tell(done=1, now="x" * 4000)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(60):
            assert live_in(tmp_path)[1] == []
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def test_only_the_newest_of_what_ended_stay(tmp_path: Path) -> None:
    for _ in range(KEPT + 5):
        with reporting(tmp_path, "run", "malloc"):
            pass
    assert len(list(tmp_path.glob("*.json"))) == KEPT + 1


def test_a_killed_process_does_not_look_alive_and_neither_does_who_got_its_number(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from pagewalk.live import reporting\n"
        "with reporting(Path(sys.argv[1]), 'run', 'malloc'): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert only(tmp_path).standing is Standing.INTERRUPTED
    me = this_process()
    assert me.alive()
    assert not Process(os.getpid(), me.started - 3600).alive()
    assert not Process(2**31 - 1, me.started).alive()
    assert not Process(10**30, me.started).alive()


def test_a_zombie_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = Process(child.pid, psutil.Process(child.pid).create_time())
    assert process.alive()
    child.kill()
    deadline = time.monotonic() + 20
    while process.alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.alive()
    child.communicate()
