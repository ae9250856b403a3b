"""What a browser asks for when it asks for a page, which anybody can make up."""

from typing import Any


def address_of(asked: Any) -> tuple[str, str]:
    """Return path and query of the page that a room is asked for; those of the first page for nonsense."""
    told = asked if isinstance(asked, dict) else {}
    path, query = (told.get(part) for part in ("path", "query"))
    return path if isinstance(path, str) else "/", query if isinstance(query, str) else ""
