"""The middle of few values: what numpy says, without the time it spends on its arguments.

A search for changes asks for some dozens of medians, most of them of a hundred values or fewer.
"""

import numpy as np
import numpy.typing as npt

from pagewalk.analysis.changepoints.method import Series


def median(values: Series) -> float:
    """Return what `numpy.median` returns, to the last bit.

    Args:
        values: shape (n,), n ≥ 1, every one finite.
    """
    ordered = np.sort(values)
    half, odd = divmod(ordered.size, 2)
    return float(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2)


def running_median(values: Series, width: int) -> Series:
    """Return the median of every `width` values in a row.

    Args:
        values: shape (n,), n ≥ `width`, every one finite.
        width: odd.

    Returns:
        shape (n − `width` + 1,).
    """
    windows: npt.NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(values, width)
    return np.sort(windows, axis=1)[:, width // 2]
