"""How a verdict looks: never by colour alone, and in colours that colour-blind readers tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from pagewalk.analysis.verdict import Verdict
from pagewalk.reports.wording import MARKS, NOTHING

NOT_COMPARED = "none"
"""What stands for "no verdict" in addresses, pickers and style classes."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one verdict is drawn.

    Args:
        key: its value in addresses and style classes.
        word: what a person reads.
        mark: one character, the same as in the terminal's report.
        symbol: plotly's name of the marker.
        colour: of the palette of Okabe and Ito, "Color Universal Design" (2008); grey is "nothing".
    """

    key: str
    word: str
    mark: str
    symbol: str
    colour: str

    @property
    def label(self) -> str:
        """Mark and word together, as a cell says it."""
        return f"{self.mark} {self.word}"


def _look(verdict: Verdict, symbol: str, colour: str) -> Look:
    return Look(verdict.value, verdict.value, MARKS[verdict], symbol, colour)


LOOKS: Mapping[Verdict | None, Look] = {
    Verdict.BROKEN: _look(Verdict.BROKEN, "x", "#CC79A7"),
    Verdict.FIXED: _look(Verdict.FIXED, "star", "#009E73"),
    Verdict.REGRESSED: _look(Verdict.REGRESSED, "triangle-up", "#D55E00"),
    Verdict.IMPROVED: _look(Verdict.IMPROVED, "triangle-down", "#0072B2"),
    Verdict.UNSURE: _look(Verdict.UNSURE, "diamond-open", "#E69F00"),
    Verdict.SAME: _look(Verdict.SAME, "circle-open", "#7A828E"),
    None: Look(NOT_COMPARED, "not compared", NOTHING, "line-ns-open", "#7A828E"),
}
"""In the order in which they are read, here as in all reports: endings before numbers, news before none."""

PROMINENCE: Mapping[Verdict | None, int] = {verdict: len(LOOKS) - n for n, verdict in enumerate(LOOKS)}
"""Larger is read earlier: what a table sorts by."""
