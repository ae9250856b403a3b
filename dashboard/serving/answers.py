"""Whole pages, kept as they were sent until the index has more: what many people open is drawn once.

A page of a history of thousands of commits takes longer to draw and to write as JSON than a click may
take, and fifty people look at the same few.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Event, Lock
from typing import Any

from flask import Flask, Response, g, request

from dashboard.data.indexing import Indexing
from dashboard.serving.asking import address_of
from dashboard.serving.turns import Turns

_CALLBACK = "/_dash-update-component"
_OUTPUT = re.compile(r"\.\.[a-z]+-room\.children\.\.\.[a-z]+-room-drawn\.data\.\.")
"""What a page is asked for by: dashboard/pages/rooms.py."""
_MOST_ASKED = 16_384
"""Bytes of a question; a longer one is answered and forgotten."""
_MOST_KEPT = 32 << 20
_PATIENCE = 20.0
"""Seconds after which what another thread is still drawing is drawn here as well."""

Question = tuple[int, Hashable, str, str]
"""Version of the index, state of what else the page follows from, path and query of the address."""


class Answers:
    """Answers by question, those used last, of so many bytes together. Safe among threads."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Question, bytes] = OrderedDict()
        self._drawn: dict[Question, Event] = {}
        self._lock = Lock()

    def recall(self, question: Question) -> bytes | None:
        """Return the answer to a question; None where it is not kept."""
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
            return self._kept.get(question)

    def claim(self, question: Question) -> Event | None:
        """Return None to whoever is the first to ask, to others what is set once that one is answered."""
        with self._lock:
            known = self._drawn.get(question)
            if known is None:
                self._drawn[question] = Event()
            return known

    def release(self, question: Question) -> None:
        """Tell those who wait that the first one was answered, however that ended."""
        with self._lock:
            drawn = self._drawn.pop(question, None)
        if drawn is not None:
            drawn.set()

    def keep(self, question: Question, answer: bytes) -> None:
        """Keep an answer; those used longest ago make room."""
        with self._lock:
            self._bytes += len(answer) - len(self._kept.pop(question, b""))
            self._kept[question] = answer
            while self._bytes > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)


def keep_pages(server: Flask, indexing: Indexing, beside: Mapping[str, Callable[[], Hashable]]) -> None:
    """Answer for some pages with what was answered before, as long as the index is of the same version.

    Args:
        beside: by path of the page, what names the state of all else that it follows from.
    """
    answers = Answers()
    turns = Turns()

    @server.before_request
    def recall() -> Response | None:
        # A request by another host's name is refused only later, so it must not be answered here
        asked = None if request.routing_exception else _asked(beside)
        if asked is None:
            return None
        version = indexing.look().version
        question = (version, beside[asked[0]](), *asked)
        known = answers.recall(question)
        if known is None:
            known = _drawn_by_another(answers, question)
        if known is not None:
            return Response(known, mimetype="application/json")
        g.question = question
        g.turn = turns.take()
        return None

    @server.after_request
    def keep(response: Response) -> Response:
        question: Question | None = g.pop("question", None)
        # What was read while the index grew is of neither version
        if question and response.status_code == 200 and question[0] == indexing.state.version:
            answers.keep(question, response.get_data())
        return response

    @server.teardown_request
    def release(_error: BaseException | None) -> None:
        claimed: Question | None = g.pop("claimed", None)
        if claimed is not None:
            answers.release(claimed)
        if g.pop("turn", False):
            turns.give_back()


def _drawn_by_another(answers: Answers, question: Question) -> bytes | None:
    """Wait for who is drawing the page already; return None where nobody is, or it came to nothing."""
    drawn = answers.claim(question)
    if drawn is None:
        g.claimed = question
        return None
    drawn.wait(_PATIENCE)
    return answers.recall(question)


def _asked(paths: Collection[str]) -> tuple[str, str] | None:
    """Return path and query of the page that a request is for; None where it is for nothing that is kept."""
    if request.path != _CALLBACK or not 0 < (request.content_length or 0) <= _MOST_ASKED:
        return None
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not _OUTPUT.fullmatch(str(body.get("output"))):
        return None
    path, query = address_of(_value(body.get("inputs")))
    return (path, query) if path in paths else None


def _value(given: Any) -> Any:
    """Return the value of the only input that was given; None for none."""
    first = given[0] if isinstance(given, list) and len(given) == 1 else None
    return first.get("value") if isinstance(first, dict) else None
