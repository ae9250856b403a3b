"""How work stands: a mark and a word, as for verdicts and outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dash import html

from dashboard.components.pieces import aria
from pagewalk.processes import Standing
from pagewalk.units import duration


@dataclass(frozen=True, slots=True)
class StandingLook:
    """How one standing is drawn; `key` is the verdict whose colours it borrows."""

    mark: str
    word: str
    key: str


STANDINGS: Mapping[Standing, StandingLook] = {
    Standing.RUNNING: StandingLook("▶", "running", "improved"),
    Standing.FINISHED: StandingLook("✓", "finished", "same"),
    Standing.INTERRUPTED: StandingLook("‖", "interrupted", "unsure"),
    Standing.FAILED: StandingLook("✗", "failed", "broken"),
}
_UNKNOWN = StandingLook("?", "not recorded", "none")


def standing_badge(standing: Standing | None) -> Any:
    """Return a standing as a badge; None is what an older pagewalk did not write down."""
    look = STANDINGS[standing] if standing else _UNKNOWN
    mark = html.Span(look.mark, className="pw-mark", **aria(hidden="true"))
    return html.Span([mark, look.word], className=f"pw-badge pw-{look.key}")


def moment_text(at: float) -> str:
    """Return a moment of this or another day, "2026-11-21 10:40:05 UTC"; "–" where it is none."""
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return "–"


def clock_text(at: float) -> str:
    """Return the time of day of a moment, "10:40:05 UTC"."""
    return moment_text(at).split(" ", 1)[-1]


def left_text(seconds: float | None, since: float) -> str:
    """Return what is left of work, and until when, which stays true while one looks; empty where unknown.

    Args:
        seconds: to go from `since` on, seconds since the epoch.
    """
    if seconds is None:
        return ""
    return f"about {duration(seconds)} left, until {clock_text(since + seconds)}"
