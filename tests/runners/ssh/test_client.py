"""One conversation: bounded in time and in bytes, whatever the other side does."""

import time
from pathlib import Path

from runners.ssh.client import converse


def test_what_goes_in_comes_out_from_bytes_and_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"\0file")
    assert converse(("cat",), b"\0bytes", 10, 100).answer == b"\0bytes"
    assert converse(("cat",), path, 10, 100).answer == b"\0file"
    failed = converse(("sh", "-c", "echo no >&2; exit 255"), b"", 10, 100)
    assert (failed.status, failed.said, failed.cut) == (255, "no\n", "")


def test_who_never_answers_is_ended_in_time() -> None:
    began = time.monotonic()
    assert converse(("sleep", "60"), b"", 0.2, 100).cut == "it did not answer in time"
    assert time.monotonic() - began < 30


def test_floods_are_cut_on_both_streams() -> None:
    flooded = converse(("yes",), b"", 30, 1000)
    assert flooded.cut == "it answered more than 1000 bytes"
    assert len(flooded.answer) < 200_000
    said = converse(("sh", "-c", "yes >&2"), b"", 0.3, 1000)
    assert (said.cut, len(said.said)) == ("it did not answer in time", 1 << 14)


def test_a_connection_that_lives_on_behind_it_is_not_waited_for() -> None:
    finished = converse(("sh", "-c", "echo done; sleep 2 &"), b"", 60, 100)
    assert (finished.answer, finished.cut) == (b"done\n", "")
