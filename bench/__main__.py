"""make bench: how fast pagewalk itself is, beside its peers, as ratios within one sitting.

`python -m bench` prints all tables that need nothing from outside; `python -m bench memsim` prints one,
and options that follow are that table's own.
"""

import itertools
import sys

from bench import (
    bisection,
    browser,
    changepoints_speed,
    index,
    load,
    memsim_emulators,
    memsim_speed,
    memsim_why,
    overhead,
    power,
    verdicts,
)

TABLES = {
    "bisection": bisection.main,
    "memsim": memsim_speed.main,
    "memsim-why": memsim_why.main,
    "memsim-emulators": memsim_emulators.main,
    "overhead": overhead.main,
    "changepoints": changepoints_speed.main,
    "index": index.main,
    "browser": browser.main,
    "load": load.main,
    "power": power.main,
    "verdicts": verdicts.main,
}

WITHOUT_OPTIONS = {"index", "changepoints", "overhead"}

LONG = {"load", "power", "memsim-emulators"}
"""Printed only when named: two take the whole machine, one for a minute, one for most of an hour; one needs
an emulator besides the installed one."""


def main() -> int:
    """Print the tables that are named, all of them where none is."""
    names = list(itertools.takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
    sys.argv[1:] = sys.argv[1 + len(names) :]
    if not names and {"-h", "--help"} & {*sys.argv[1:]}:
        print(f"{__doc__}\nTables: {', '.join(TABLES)}.")
        return 0
    wanted = names or [name for name in TABLES if name not in LONG]
    unknown = [name for name in wanted if name not in TABLES]
    if unknown:
        print(f"There is no table {unknown[0]!r}. There are: {', '.join(TABLES)}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n{name}", flush=True)
        if name in WITHOUT_OPTIONS and {"-h", "--help"} & {*sys.argv[1:]}:
            print(sys.modules[TABLES[name].__module__].__doc__)
        else:
            TABLES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
