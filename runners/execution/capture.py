"""What a process prints, kept within bounds however much it prints."""

import itertools
import re
from collections import deque

HEAD_LIMIT = 1 << 20
"""Bytes of stdout kept for the workload's protocol; a real workload prints a few hundred."""

TAIL_LINES = 100
LINE_LIMIT = 1000
TRACEBACK_LINES = 100
"""Go prints the goroutine that died first, and up to thousands of others after it."""

_EVIDENCE_LIMIT = 8

# Go prints its reason first and up to thousands of goroutine lines after it, so these lines
# must survive a tail of 100 lines; `{"crash":` must survive a flood on stdout.
_EVIDENCE = re.compile(
    rb'^(?:\{"crash":|\[signal SIG|qemu: uncaught target signal|fatal error: |panic: '
    rb"|[^\n]{0,200}(?:annot allocate memory|ut of memory|std::bad_alloc|xec format error))"
    rb"[^\n]{0,500}",
    re.MULTILINE,
)
# Looking for fixed strings is fifty times as fast as the expression; a flood has none of them.
_HINTS = (
    b'{"crash":',
    b"[signal SIG",
    b"qemu: uncaught",
    b"fatal error: ",
    b"panic: ",
    b"annot allocate memory",
    b"ut of memory",
    b"std::bad_alloc",
    b"xec format error",
)
_TRACEBACK = re.compile(rb"^(?:fatal error: |panic: |runtime: |SIG[A-Z]+: |\[signal SIG)", re.MULTILINE)
_UNPRINTABLE = re.compile(r"[^\t -\ud7ff\ue000-\U0010ffff]|[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return `text` with everything escaped that could drive a terminal or reorder a page."""
    return _UNPRINTABLE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class Capture:
    """stdout and stderr of one process: the head of stdout, the tail of both, telling lines of either."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._overflow = False
        self._pending = {"stdout": b"", "stderr": b""}
        self._tail: deque[bytes] = deque(maxlen=TAIL_LINES)
        self._evidence: list[bytes] = []
        self._traceback: list[bytes] = []

    def feed(self, stream: str, chunk: bytes) -> None:
        """Take the next bytes of `stream` (`stdout` or `stderr`)."""
        if stream == "stdout":
            room = HEAD_LIMIT - len(self._head)
            self._head += chunk[:room]
            self._overflow |= len(chunk) > room
        complete, newline, rest = (self._pending[stream] + chunk).rpartition(b"\n")
        self._pending[stream] = rest[:LINE_LIMIT]
        if newline:
            self._take_lines(complete, stream)

    def close(self) -> None:
        """Nothing more will come: unfinished last lines count as lines."""
        for stream, rest in self._pending.items():
            if rest:
                self._take_lines(rest, stream)
            self._pending[stream] = b""

    def _take_lines(self, lines: bytes, stream: str) -> None:
        if stream == "stderr" and len(self._traceback) < TRACEBACK_LINES:
            self._take_traceback(lines)
        # A flood of one-byte lines is not worth a Python loop over each: the tail is all we keep.
        self._tail.extend(line[:LINE_LIMIT] for line in lines.rsplit(b"\n", TAIL_LINES)[-TAIL_LINES:])
        if len(self._evidence) < _EVIDENCE_LIMIT and any(hint in lines for hint in _HINTS):
            matches = (match[0] for match in _EVIDENCE.finditer(lines))
            self._evidence.extend(itertools.islice(matches, _EVIDENCE_LIMIT - len(self._evidence)))

    def _take_traceback(self, lines: bytes) -> None:
        """Keep the first lines from the one on that says why Go died."""
        begin = 0
        if not self._traceback:
            match = _TRACEBACK.search(lines)
            if match is None:
                return
            begin = match.start()
        room = TRACEBACK_LINES - len(self._traceback)
        self._traceback += [line[:LINE_LIMIT] for line in lines[begin:].split(b"\n", room)[:room]]

    @property
    def traceback(self) -> tuple[str, ...]:
        """The first lines of stderr from the one on that begins a Go traceback; none where there is none."""
        return tuple(_text(line) for line in self._traceback)

    @property
    def stdout_head(self) -> bytes:
        """The first `HEAD_LIMIT` bytes of stdout."""
        return bytes(self._head)

    @property
    def overflow(self) -> bool:
        """Whether stdout went on after `stdout_head`."""
        return self._overflow

    @property
    def evidence(self) -> tuple[str, ...]:
        """The first few lines that say why a process died."""
        return tuple(_text(line) for line in self._evidence)

    @property
    def last_output(self) -> tuple[str, ...]:
        """Evidence that has scrolled away, then the last lines in order of arrival, all printable."""
        tail = tuple(_text(line) for line in self._tail)
        return (*(line for line in self.evidence if line not in tail), *tail)


def _text(line: bytes) -> str:
    return printable(line.rstrip(b"\r").decode("utf-8", "replace"))
