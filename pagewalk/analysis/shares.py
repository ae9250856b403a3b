"""Two shares of executions that ended badly: Fisher's exact test."""

import numpy as np


def fisher(base_bad: int, base_total: int, head_bad: int, head_total: int) -> float:
    """Return the two-sided p-value that two shares of bad endings are one.

    Source: Fisher, Statistical Methods for Research Workers (5th ed. 1934), §21.02.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415 - takes a second, and few endings are mixed

    table = np.array([[base_bad, base_total - base_bad], [head_bad, head_total - head_bad]])
    return float(fisher_exact(table).pvalue)
