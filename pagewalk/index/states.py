"""How a value came to be there or not: `pagewalk.model.Outcome`, and what only files know.

A file of the index stores the place in `STATES`, one byte a value: add at the end, never reorder.
"""

from pagewalk.model import Outcome

OK = Outcome.OK.value
FAILED = Outcome.FAILED.value
NOT_RUN = "not-run"
"""asv wrote NaN: the case was skipped, or the value cannot be had."""
NOT_FINITE = "not-finite"
"""The file holds something that is no finite number."""
ABSENT = "absent"
"""No file says anything of the case at this commit. Never stored."""

STATES = (
    OK,
    FAILED,
    NOT_RUN,
    NOT_FINITE,
    Outcome.CRASHED.value,
    Outcome.TIMEOUT.value,
    Outcome.OUT_OF_MEMORY.value,
    Outcome.BUILD_FAILED.value,
    Outcome.UNSUPPORTED.value,
    ABSENT,
    Outcome.AS_EXPECTED.value,
)
CODES = {state: code for code, state in enumerate(STATES)}
