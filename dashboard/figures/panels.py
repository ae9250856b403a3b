"""Panels below one another over the same axis: where each stands, and what stands above it."""

from collections.abc import Sequence

from dashboard.figures.picture import Trace

_STANDOFF = 15
"""Pixels between the texts of ticks and the name of their axis."""


def panels_below(
    titles: Sequence[str], along: Trace, upwards: Sequence[Trace], gap: float, name: str = ""
) -> Trace:
    """Return the part of a layout that lays out panels; to zoom one is to zoom all.

    Args:
        titles: of the panels, the topmost first; empty where none has one.
        along: the axis that all have; only the lowest panel names its ticks.
        upwards: the axis of values of each.
        gap: between two panels, as a share of the figure's height.
        name: of the axis that all have, below the lowest one.
    """
    count = len(upwards)
    height = (1 - gap * (count - 1)) / count
    layout: Trace = {}
    above = {"matches": f"x{_number(count - 1)}", "showticklabels": False}
    for panel, axis in enumerate(upwards):
        number = _number(panel)
        end = titled(name) if panel == count - 1 else above
        bottom = (count - 1 - panel) * (height + gap)
        layout[f"xaxis{number}"] = {"anchor": f"y{number}", "domain": [0.0, 1.0], **along, **end}
        layout[f"yaxis{number}"] = {"anchor": f"x{number}", "domain": [bottom, bottom + height], **axis}
    tops = [layout[f"yaxis{_number(panel)}"]["domain"][1] for panel in range(len(titles))]
    layout["annotations"] = [_title(title, top) for title, top in zip(titles, tops, strict=True)]
    return layout


def axes_of(panel: int) -> Trace:
    """Say that something is drawn over the axes of a panel, counted from the topmost."""
    return {"xaxis": f"x{_number(panel)}", "yaxis": f"y{_number(panel)}"}


def titled(name: str) -> Trace:
    """Return the part of an axis that says its name; nothing where it has none."""
    return {"title": {"text": name, "standoff": _STANDOFF}} if name else {}


def _number(panel: int) -> str:
    """As plotly counts axes: the first one has no number."""
    return str(panel + 1) if panel else ""


def _title(text: str, top: float) -> Trace:
    across = {"xref": "paper", "x": 0.5, "xanchor": "center"}
    upright = {"yref": "paper", "y": top, "yanchor": "bottom"}
    return {"text": text, "font": {"size": 16}, "showarrow": False, **across, **upright}
