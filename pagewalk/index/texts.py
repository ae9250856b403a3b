"""Text from files that anyone may have written, made fit for every database."""

import hashlib
from typing import Any

NAME = 512
"""Characters of a name that is kept; PostgreSQL indexes no more than 2,704 bytes."""
WORD = 256
VALUE = 1024


def clean(value: Any, longest: int = VALUE) -> str:
    """Return text without NUL and lone surrogates, at most about `longest` characters of it.

    What is cut ends in a digest of the whole, so that two long texts never become one.
    """
    text = value if isinstance(value, str) else str(value)
    if len(text) > longest:
        mark = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        text = f"{text[: longest - 20]}…{mark}"
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\ufffd") if "\0" in text else text
