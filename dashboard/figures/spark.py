"""A spark line: the shape of a series in the height of a line of text, as a picture that needs no script."""

import base64
from collections.abc import Sequence

import numpy as np

from dashboard.figures.decimation import extremes

WIDTH, HEIGHT = 120, 26
_MARGIN = 4
# Both are readable on white and on the dark theme's surface
_LINE, _MARK = "#7A828E", "#D55E00"


def spark(values: Sequence[float], mark: int) -> str:
    """Return a `data:` address of an SVG picture of the values, with a dot where something happened.

    Args:
        values: in the order of commits; NaN is left out. Empty where there is nothing to draw.
        mark: index into `values`.
    """
    series = np.asarray(values, dtype=np.float64)
    kept = extremes(series, WIDTH // 2)
    if len(kept) < 2:
        return ""
    low, high = float(series[kept].min()), float(series[kept].max())

    def place(at: int) -> str:
        x = _MARGIN + (WIDTH - 2 * _MARGIN) * at / max(1, len(series) - 1)
        share = (series[at] - low) / (high - low) if high > low else 0.5
        return f"{x:.1f},{HEIGHT - _MARGIN - (HEIGHT - 2 * _MARGIN) * share:.1f}"

    points = " ".join(place(int(at)) for at in kept)
    dot = ""
    if 0 <= mark < len(series) and np.isfinite(series[mark]):
        x, y = place(mark).split(",")
        dot = f'<circle cx="{x}" cy="{y}" r="3.2" fill="{_MARK}"/>'
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<polyline points="{points}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>{dot}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
