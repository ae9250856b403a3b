"""One rule that decides everywhere: docs/verdict.md says it in prose."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What a comparison says."""

    __hash__ = str.__hash__  # that of Enum is a call of Python, and thousands are looked up

    REGRESSED = "regressed"
    IMPROVED = "improved"
    SAME = "same"
    UNSURE = "unsure"
    BROKEN = "broken"
    FIXED = "fixed"


class Effect(NamedTuple):
    """The size of a change and how sure it is.

    Args:
        ratio: head over base, Hodges–Lehmann; 1.0 is no change. Where base is zero and
            head is not, the ratio is infinity.
        low, high: its interval at `confidence`; 0 and infinity where there are too few
            samples for any interval at that confidence.
        p: two-sided p-value of the test; q: after false-discovery control over all compared.
            Exact counters are not tested: 0 where they differ, 1 where they do not.
        noise_floor: relative change that this benchmark shows against itself on this runner;
            NaN where that was never measured.
        exact: both sides repeat exactly, so that any difference is real.
        samples_needed: how many more samples a side would settle it; 0 where it is settled.
        threshold: relative change that had to be exceeded, the noise floor included.
        method: `exact`, `Mann–Whitney`, `signed-rank`, or `history` where single values are held
            against how far their series strayed before.
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
    threshold: float = 0.0
    method: str = ""


class Judgement(NamedTuple):
    """A verdict with what it rests on.

    Args:
        verdict: None where there is nothing to compare; that is not `same`.
        grounds: what it rests on; as text it is one sentence for a person. Of thousands of judgements
            few are read, so that not each has its sentence written.
        effect: None where there is no number to compare.
        samples_needed: how many more executions a side would settle it.
    """

    verdict: Verdict | None
    grounds: object
    effect: Effect | None = None
    samples_needed: int = 0

    @property
    def evidence(self) -> str:
        """What the verdict rests on, in one sentence for a person."""
        return str(self.grounds)
