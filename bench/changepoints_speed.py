"""How long change points take: python -m bench.changepoints_speed.

What the default is held to: 10,000 series of 300 values in 60 s on two cores, change points alone
as well as the changes that `pagewalk regressions` tells of, and 5 ms for one more value of a series
of 10,000.
"""

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.changepoints_noise import heavy_tailed
from pagewalk.analysis.changepoints import Stream, detect
from pagewalk.analysis.regressions import Change, HistorySeries, SeriesName, changes_of, control
from pagewalk.model import Case

SERIES = 10_000
VALUES = 300
PROCESSES = 2
APPENDED = 600
"""More than one window slides on."""


def history(seed: int) -> HistorySeries:
    """Return a series of times; every other one grows by 5 % in its middle."""
    noise = heavy_tailed(np.random.default_rng(seed), VALUES)
    noise[VALUES // 2 :] += np.log1p(0.05) * (seed % 2)
    return HistorySeries(SeriesName("vm", Case(f"bench.Case{seed}"), "time"), (1e-6 * np.exp(noise)).tolist())


def _detect_one(seed: int) -> list[int]:
    return detect(history(seed).values)


def _changes_of_one(seed: int) -> list[Change]:
    return changes_of(history(seed))


def many_points(pool: ProcessPoolExecutor) -> int:
    """Return how many of SERIES series have a change point."""
    return sum(map(bool, pool.map(_detect_one, range(SERIES), chunksize=100)))


def many_changes(pool: ProcessPoolExecutor) -> int:
    """Return how many of SERIES series have a change that is told among all of them."""
    found = pool.map(_changes_of_one, range(SERIES), chunksize=100)
    told = control((change for changes in found for change in changes), SERIES)
    return len({change.series for change in told})


def seconds_of(look: Callable[[ProcessPoolExecutor], int]) -> tuple[float, float, int]:
    """Return the seconds by the clock, those of all processors, and what `look` says."""
    begin, used = time.perf_counter(), _of_children()
    with ProcessPoolExecutor(PROCESSES) as pool:
        answer = look(pool)
    return time.perf_counter() - begin, _of_children() - used, answer


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


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
    """Print all three."""
    seconds = np.array(appends(10_000)) * 1e3
    table = Table("what", "measured", "asked for")
    table.add_row("append to 10,000 values, median", f"{np.median(seconds):.1f} ms", "5 ms")
    table.add_row("append to 10,000 values, 99 of 100", f"{np.percentile(seconds, 99):.1f} ms", "5 ms")
    table.add_row("append to 10,000 values, slowest", f"{seconds.max():.1f} ms", "")
    for name, look in (("change points", many_points), ("changes told", many_changes)):
        clock, used, found = seconds_of(look)
        what = f"{name} of {SERIES:,} series of {VALUES} values ({found:,} have some)"
        table.add_row(what, f"{clock:.0f} s", "60 s")
        table.add_row(f"  its processor time, of each of {PROCESSES}", f"{used / PROCESSES:.0f} s", "")
    Console().print(table)


if __name__ == "__main__":
    main()
