"""One rule that decides everywhere."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a comparison says."""

    REGRESSED = "regressed"
    IMPROVED = "improved"
    SAME = "same"
    UNSURE = "unsure"
    BROKEN = "broken"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Effect:
    """The size of a change and how sure it is.

    Args:
        ratio: head over base, Hodges–Lehmann; 1.0 is no change. Where base is zero and
            head is not, the ratio is infinity.
        low, high: its interval at `confidence`.
        p: two-sided p-value of the test; q: after false-discovery control over all compared.
        noise_floor: relative change that this benchmark shows against itself on this runner.
        exact: both sides repeat exactly, so that any difference is real.
        samples_needed: how many more samples a side would settle it; 0 where it is settled.
    """

    ratio: float
    low: float
    high: float
    p: float
    q: float
    noise_floor: float
    exact: bool
    samples_needed: int = 0
    confidence: float = 0.95
