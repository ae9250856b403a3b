"""Questions and answers over a guest's virtio-serial port; the form is that of init.sh."""

import contextlib
import selectors
import socket
import time
from collections.abc import Callable

_CHUNK = 1 << 16
_LONGEST_NUMBER = 20
_MOST_SAID = 1 << 13


class Broken(Exception):
    """Nothing more can be asked over this line; says why."""


class Line:
    """Our ends of the port and of the console.

    Args:
        port: what is asked over; a socket of our own.
        console: what is listened to; kept short, to tell what was wrong.
    """

    def __init__(self, port: socket.socket, console: socket.socket) -> None:
        self._port = port
        self._console = console
        self._received = bytearray()
        self._said = bytearray()
        for end in (port, console):
            end.setblocking(False)

    @property
    def said(self) -> str:
        """The last lines of the console."""
        return self._said.decode("utf-8", "replace").strip()

    def greeted(self, patience: float) -> None:
        """Wait until the guest is ready to be asked.

        Raises:
            Broken: it is not.
        """
        deadline = time.monotonic() + patience
        if self._first_line(deadline) != b"ready":
            raise Broken("its first word was not `ready`")

    def ask(self, command: str, data: bytes, patience: float, limit: int) -> bytes:
        """Have a shell command executed in the guest, and return its stdout.

        Args:
            command: of one line.
            data: its stdin.
            patience: seconds until there must be a whole answer.
            limit: bytes of the answer.

        Raises:
            Broken: there was none; the line is of no more use.
        """
        deadline = time.monotonic() + patience
        question = memoryview(f"{len(data)} {command}\n".encode() + data)
        while question:
            self._wait(selectors.EVENT_READ | selectors.EVENT_WRITE, deadline)
            with contextlib.suppress(BlockingIOError):
                question = question[self._sent(question) :]
        number = self._first_line(deadline)
        if not number.isdigit() or int(number) > limit:
            raise Broken(
                f"its answer began with {bytes(number)[:_LONGEST_NUMBER]!r}, no length up to {limit}"
            )
        return self._taken(int(number), deadline)

    def _sent(self, question: memoryview) -> int:
        try:
            return self._port.send(question[:_CHUNK])
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Broken("it went away") from error

    def _first_line(self, deadline: float) -> bytes:
        self._until(lambda: b"\n" in self._received or len(self._received) > _LONGEST_NUMBER, deadline)
        line, _, rest = bytes(self._received).partition(b"\n")
        self._received = bytearray(rest)
        return line.strip()

    def _taken(self, length: int, deadline: float) -> bytes:
        self._until(lambda: len(self._received) >= length, deadline)
        answer = bytes(self._received[:length])
        del self._received[:length]
        return answer

    def _until(self, enough: Callable[[], bool], deadline: float) -> None:
        while not enough():
            self._wait(selectors.EVENT_READ, deadline)

    def _wait(self, events: int, deadline: float) -> None:
        """Wait until something happens on the port, and take what came."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._port, events)
            if self._console.fileno() >= 0:
                selector.register(self._console, selectors.EVENT_READ)
            ready = selector.select(max(0.0, deadline - time.monotonic()))
        for key, happened in ready:
            if key.fileobj is self._console:
                self._listen()
            elif happened & selectors.EVENT_READ:
                self._receive()
        if time.monotonic() >= deadline:
            raise Broken("it did not answer in time")

    def _receive(self) -> None:
        try:
            chunk = self._port.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            raise Broken("it went away") from error
        if not chunk:
            raise Broken("it went away")
        self._received += chunk

    def _listen(self) -> None:
        try:
            chunk = self._console.recv(_CHUNK)
        except OSError:
            chunk = b""
        if not chunk:
            self._console.close()
        self._said = (self._said + chunk)[-_MOST_SAID:]
