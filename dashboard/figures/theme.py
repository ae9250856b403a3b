"""What all figures share. Colours are of the light theme, so that an exported picture stands on its own;
on the screen, `assets/figures.css` gives text and lines the colours of the theme in use."""

import html
from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
INK = "#30363f"
GRID = "#e3e6ea"
BAND = "#d5d9df"

LAYOUT: dict[str, Any] = {
    "font": {"family": FONT, "size": 12, "color": INK},
    "paper_bgcolor": "#ffffff",
    "plot_bgcolor": "#ffffff",
    "hoverlabel": {"font": {"family": FONT, "size": 12}, "align": "left"},
    "dragmode": False,
}


def safe(text: str, length: int = 0) -> str:
    """Return text that plotly draws as it is: it would read tags in it. Cut at `length` if that is not 0."""
    if length and len(text) > length:
        text = f"{text[: length - 1]}…"
    return html.escape(text, quote=False)
