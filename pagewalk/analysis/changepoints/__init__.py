"""Where a series of measurements changes for good.

`detect` answers for a whole series, `Stream` for one that grows. Both give the same answer.
The other methods behind the protocol `Method` are there to be compared with: docs/changepoints.md.
"""

from pagewalk.analysis.changepoints.method import Method, apply
from pagewalk.analysis.changepoints.stream import Stream, detect

__all__ = ["Method", "Stream", "apply", "detect"]
