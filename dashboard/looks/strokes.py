"""How lines are told apart: colour, dashes and symbol together, never colour alone."""

from dataclasses import dataclass

MOST = 16
"""More lines than these nobody can tell apart in one picture."""

# Of the palette of Okabe and Ito, "Color Universal Design" (2008), without yellow: too pale on white
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A828E")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon")


@dataclass(frozen=True, slots=True)
class Stroke:
    """How one line is drawn, in plotly's words."""

    colour: str
    dash: str
    symbol: str

    def faint(self, opacity: float) -> str:
        """Return the colour, see-through."""
        red, green, blue = (int(self.colour[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity})"


def stroke(number: int) -> Stroke:
    """Return the look of the line of that number; neighbours differ in all three."""
    return Stroke(*(looks[number % len(looks)] for looks in (_COLOURS, _DASHES, _SYMBOLS)))
