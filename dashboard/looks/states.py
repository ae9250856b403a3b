"""How what stands in the place of a value looks: a mark and a word, as for verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pagewalk.index.answering.model import Series
from pagewalk.index.states import ABSENT, NOT_FINITE, NOT_RUN, OK
from pagewalk.model import Outcome


@dataclass(frozen=True, slots=True)
class StateLook:
    """How one state is drawn.

    Args:
        mark: one character.
        word: what a person reads.
        symbol: plotly's name of the marker.
        key: the verdict whose colours it borrows, a style class's ending.
        colour: of its marker, readable on white and on the dark theme's surface.
    """

    mark: str
    word: str
    symbol: str
    key: str
    colour: str


_BAD = ("broken", "#CC79A7")
_PLAIN = ("none", "#7A828E")

STATE_LOOKS: Mapping[str, StateLook] = {
    OK: StateLook("●", "ok", "circle", "fixed", "#009E73"),
    "as-expected": StateLook("◎", "as expected", "circle-open-dot", *_PLAIN),
    "crashed": StateLook("✗", "crashed", "x", *_BAD),
    "failed": StateLook("!", "failed", "cross", *_BAD),
    "timeout": StateLook("⧖", "timed out", "hourglass", *_BAD),
    "out-of-memory": StateLook("■", "out of memory", "square-x", *_BAD),
    "build-failed": StateLook("⚒", "does not build", "square", "regressed", "#D55E00"),
    "unsupported": StateLook("∅", "unsupported", "circle-x-open", *_PLAIN),
    NOT_FINITE: StateLook("∞", "no finite number", "bowtie-open", "unsure", "#E69F00"),
    NOT_RUN: StateLook("–", "missing", "line-ew-open", *_PLAIN),
    ABSENT: StateLook("·", "not measured", "line-ns-open", *_PLAIN),
}
"""In the order of a legend."""


def look_of(state: str) -> StateLook:
    """Return how a state looks; one that is not known is told by its own name."""
    return STATE_LOOKS.get(state) or StateLook("?", state, "diamond-open", *_PLAIN)


_NOTHING = frozenset((NOT_RUN, ABSENT, Outcome.UNSUPPORTED.value, Outcome.AS_EXPECTED.value))


def is_silent(series: Series) -> bool:
    """Return whether a series has neither a value nor a bad ending at any commit: nothing to draw."""
    return _NOTHING.issuperset(series.states)


def silent_text(wanted: Iterable[Series]) -> str:
    """Say on which machines nothing is drawn; empty where something is on all."""
    series = list(wanted)
    speaking = {one.key.machine for one in series if not is_silent(one)}
    silent = dict.fromkeys(one.key.machine for one in series if one.key.machine not in speaking)
    return f"No values on {', '.join(silent)}: it cannot be had there, or was not measured." if silent else ""
