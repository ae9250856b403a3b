"""How long change points take: python -m bench.changepoints_speed.

What the default is held to: 10,000 series of 300 values in 60 s on two cores, and 5 ms for one
more value of a series of 10,000.
"""

import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.changepoints_noise import heavy_tailed
from pagewalk.analysis.changepoints import Stream, detect

SERIES = 10_000
VALUES = 300
APPENDED = 600
"""More than one window slides on."""


def _detect_one(seed: int) -> int:
    series = heavy_tailed(np.random.default_rng(seed), VALUES)
    series[VALUES // 2 :] += 0.03 * (seed % 2)
    return len(detect(series))


def many_series(processes: int) -> float:
    """Return the seconds that SERIES series take."""
    begin = time.perf_counter()
    with ProcessPoolExecutor(processes) as pool:
        sum(pool.map(_detect_one, range(SERIES), chunksize=100))
    return time.perf_counter() - begin


def appends(length: int) -> list[float]:
    """Return the processor seconds of each of APPENDED appends, the answer included."""
    series = heavy_tailed(np.random.default_rng(0), length + APPENDED)
    stream = Stream(series[:length])
    seconds = []
    for value in series[length:].tolist():
        begin = time.process_time()
        stream.append(value)
        _ = stream.changes
        seconds.append(time.process_time() - begin)
    return seconds


def main() -> None:
    """Print both."""
    seconds = np.array(appends(10_000)) * 1e3
    table = Table("what", "measured")
    table.add_row("append to 10,000 values, median", f"{np.median(seconds):.1f} ms")
    table.add_row("append to 10,000 values, 99 of 100", f"{np.percentile(seconds, 99):.1f} ms")
    table.add_row("append to 10,000 values, slowest", f"{seconds.max():.1f} ms")
    table.add_row(f"{SERIES:,} series of {VALUES} values, 2 processes", f"{many_series(2):.0f} s")
    Console().print(table)


if __name__ == "__main__":
    main()
