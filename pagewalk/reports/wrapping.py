"""Long lines of plain text, broken between words where a terminal would break them anywhere."""

import textwrap

_HANGING = 4
"""Columns by which what goes on is set in: what is said below a line, by 2, is told from it."""


def wrapped(text: str, width: int, indent: int = 0) -> str:
    """Return lines of `width` columns at most; words that are longer, as paths, stay whole to be copied.

    Args:
        indent: columns that all lines are set in by.
    """
    before = " " * indent
    return "\n".join(
        textwrap.wrap(
            text,
            width=max(width, indent + _HANGING + 1),
            initial_indent=before,
            subsequent_indent=before + " " * _HANGING,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )
