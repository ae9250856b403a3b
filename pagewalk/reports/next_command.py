"""What to type next, as it can be pasted into a shell."""

import re
import shlex

from pagewalk.analysis.regressions.series import SeriesName
from pagewalk.analysis.rules import ENDING
from pagewalk.reports.wording import printable


def bisect_command(subject: str, good: str, bad: str, name: SeriesName) -> str:
    """Return the command that narrows a change of a series between two revisions down to one commit."""
    metric = "" if name.metric == ENDING else f" --metric {shlex.quote(name.metric)}"
    ends = f"--good {shlex.quote(good)} --bad {shlex.quote(bad)}"
    return printable(
        f"pagewalk bisect --subject {shlex.quote(subject)} {ends} "
        f"--benchmark {shlex.quote(re.escape(str(name.case)))}{metric} --runner {shlex.quote(name.machine)}"
    )
