"""Pages that somebody is about to open: what they take long to work out is begun before the click.

`assets/foresight.js` tells which link a pointer or the keyboard rests on. Between that and the click lie some
tenths of a second, which is as long as a comparison takes.
"""

import contextlib
from collections.abc import Callable
from threading import Lock

from flask import Flask, Response, request

from dashboard.serving.asking import address_of
from pagewalk.errors import PagewalkError

ADDRESS = "/_foresee"
_MOST_ASKED = 16_384
"""Bytes of a question; a longer one is passed over."""


def foresee_pages(server: Flask, foresee: Callable[[str, str], object]) -> None:
    """Begin with pages that somebody rests on, one at a time: who only passes by keeps nobody waiting.

    Args:
        foresee: works out what the page at a path takes long for, of a query, and keeps it.
    """
    busy = Lock()

    @server.post(ADDRESS)
    def begin() -> Response:
        if (request.content_length or 0) <= _MOST_ASKED and busy.acquire(blocking=False):
            try:
                with contextlib.suppress(PagewalkError):  # who goes there is told
                    foresee(*address_of(request.get_json(silent=True)))
            finally:
                busy.release()
        return Response(status=204)
