"""Many comparisons at once: the Benjamini–Hochberg procedure."""

from collections.abc import Sequence

import numpy as np

from pagewalk.analysis.null_distribution import Floats


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> list[float]:
    """Return the q-value of each p-value (n,), in the same order.

    q ≤ α selects what the step-up procedure selects at level α: of all that is selected, at
    most the share α is expected to be false. Source: Benjamini and Hochberg, JRSS B 57 (1995);
    it holds for positively dependent tests too (Benjamini and Yekutieli, 2001), which metrics
    of one workload are.
    """
    p = np.asarray(p_values, dtype=float)
    if p.size == 0:
        return []
    order = np.argsort(p)
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    q = np.empty_like(p)
    # The smallest of all later ones, so that a smaller p never has a larger q.
    q[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    found: list[float] = q.tolist()
    return found


def next_level(discoveries: int, compared: int, alpha: float) -> float:
    """Return the p-value that one more discovery would have to reach among `compared` tests."""
    return alpha * min(discoveries + 1, compared) / max(1, compared)
