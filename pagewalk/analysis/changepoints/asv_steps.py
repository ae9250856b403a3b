"""asv's own step detection: an L1-Potts fit with an automatic penalty."""

from dataclasses import dataclass
from itertools import pairwise

from asv import step_detect

from pagewalk.analysis.changepoints.method import Series


@dataclass(frozen=True, slots=True)
class AsvSteps:
    """What `asv publish` calls a step.

    Args:
        threshold: steps below this part of the smaller level are not reported; 0.05 is
            asv's default for a regression.

    Source: asv.step_detect; the fit is Friedrich et al. 2008, Complexity penalized M-estimation.
    """

    threshold: float = 0.05

    @property
    def name(self) -> str:
        return f"asv {self.threshold:.0%}"

    def find(self, series: Series) -> list[int]:
        if series.size < 2:
            return []
        steps = step_detect.detect_steps(series.tolist())
        starts = []
        for (*_, before, _, _), (start, _, after, _, _) in pairwise(steps):
            if abs(after - before) > self.threshold * min(abs(before), abs(after)):
                starts.append(int(start))
        return starts
