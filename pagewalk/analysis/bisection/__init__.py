"""Which commit is the first bad one? Bayes' rule over candidates, one pure step at a time."""

from pagewalk.analysis.bisection.answer import Answer, Kind, Measure, Status
from pagewalk.analysis.bisection.decide import decide
from pagewalk.analysis.bisection.observation import Observation, Search, Taken

__all__ = ["Answer", "Kind", "Measure", "Observation", "Search", "Status", "Taken", "decide"]
