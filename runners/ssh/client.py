"""One ssh process: what goes in, what comes out, and how much of it is taken."""

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

_CHUNK = 1 << 16
_MOST_SAID = 1 << 14


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that is gone.

    Args:
        status: as subprocess has it; ssh's own failures are 255 (ssh(1), EXIT STATUS).
        answer: its stdout.
        said: its stderr, the first 16 KiB.
        cut: why it was ended by us; empty where it ended itself.
    """

    status: int
    answer: bytes
    said: str
    cut: str = ""


def converse(command: Sequence[str], data: bytes | Path, patience: float, limit: int) -> Finished:
    """Execute `command` with `data` on its stdin, and return what it answered.

    Args:
        data: bytes, or a file to send.
        patience: seconds until it is killed.
        limit: bytes of stdout; one more, and it is killed.

    Its stdout may stay open behind it, held by a connection that lives on: its own end is waited for.
    """
    with _opened(data) as stdin:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is ours to handle
        )
    with process:
        streams = _Streams(process, limit)
        try:
            cut = streams.take(time.monotonic() + patience)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            status = process.wait()
        if not cut:
            streams.drain()
    said = streams.said.decode("utf-8", "replace")
    return Finished(status, bytes(streams.answer), said, cut)


@contextlib.contextmanager
def _opened(data: bytes | Path) -> Iterator[IO[bytes]]:
    if isinstance(data, Path):
        with data.open("rb") as stream:
            yield stream
        return
    with TemporaryFile(prefix="pagewalk-") as stream:
        stream.write(data)
        stream.seek(0)
        yield stream


class _Streams:
    """Both outputs of one process, neither of which can fill our memory."""

    def __init__(self, process: subprocess.Popen[bytes], limit: int) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self._pid = process.pid
        self._limit = limit
        self._stdout, self._stderr = process.stdout.fileno(), process.stderr.fileno()
        self.answer, self.said = bytearray(), bytearray()
        for descriptor in (self._stdout, self._stderr):
            os.set_blocking(descriptor, False)

    def take(self, deadline: float) -> str:
        """Read until the process is gone; return why that was not waited for, or nothing."""
        pidfd = os.pidfd_open(self._pid)
        try:
            with selectors.DefaultSelector() as selector:
                for descriptor in (pidfd, self._stdout, self._stderr):
                    selector.register(descriptor, selectors.EVENT_READ)
                return self._take(selector, pidfd, deadline)
        finally:
            os.close(pidfd)

    def _take(self, selector: selectors.BaseSelector, pidfd: int, deadline: float) -> str:
        while True:
            ready = [key.fd for key, _ in selector.select(max(0.0, deadline - time.monotonic()))]
            for descriptor in ready:
                if descriptor != pidfd and self._read(descriptor) == b"":
                    selector.unregister(descriptor)
            if len(self.answer) > self._limit:
                return f"it answered more than {self._limit} bytes"
            if pidfd in ready:
                return ""
            if time.monotonic() >= deadline:
                return "it did not answer in time"

    def drain(self) -> None:
        """Take what was left in the pipes."""
        for descriptor in (self._stdout, self._stderr):
            while len(self.answer) <= self._limit and self._read(descriptor):
                pass

    def _read(self, descriptor: int) -> bytes | None:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return None
        if descriptor == self._stdout:
            self.answer += chunk
        else:
            self.said += chunk[: _MOST_SAID - len(self.said)]
        return chunk
