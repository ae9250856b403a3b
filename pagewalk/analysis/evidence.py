"""What a verdict on numbers that differ from execution to execution rests on, for a person to read."""

from typing import NamedTuple

from pagewalk.analysis.limits import Limits
from pagewalk.analysis.samples_needed import HOPELESS
from pagewalk.analysis.verdict import Effect, Verdict
from pagewalk.units import change, interval, number


class SampledGrounds(NamedTuple):
    """The grounds of a verdict on one row; as text, a sentence.

    Args:
        negligible: whether the whole interval of the difference lies within the absolute limit.
        sizes: samples before and after.
        commits: how many of the past its strays come from; 0 where the samples were tested themselves.
    """

    verdict: Verdict
    effect: Effect
    limits: Limits
    negligible: bool
    sizes: tuple[int, int]
    commits: int = 0

    def __str__(self) -> str:
        limit = self.limits.describe()
        match self.verdict:
            case Verdict.SAME:
                inside = self.limits.describe_absolute() if self.negligible else limit
                return f"{self._size()}: within {inside}; {self._test()}"
            case Verdict.UNSURE:
                more = needed_text(self.effect.samples_needed)
                return f"{self._size()}: not settled against {limit}; {self._test()}; {more}"
            case _:
                return f"{self._size()}: beyond {limit}; {self._test()}"

    def _size(self) -> str:
        effect = self.effect
        sure = number(effect.confidence * 100, 2)
        return f"{change(effect.ratio)}, {sure} % interval {interval(effect.low, effect.high)}"

    def _test(self) -> str:
        n, m = self.sizes
        q = number(self.effect.q, 2)
        if self.commits:
            return f"q = {q} by how far {self.commits} commits before strayed"
        return f"q = {q} by {self.effect.method} over {n} and {m} samples"


def needed_text(more: int) -> str:
    """Say how many more samples would settle it, and when samples alone will not."""
    if more >= HOPELESS:
        return f"{HOPELESS} or more samples a side would be needed: quieten the machine first"
    return f"about {more} more a side would settle it"
