"""make bench: how fast pagewalk itself is, beside its peers, as ratios within one sitting.

`python -m bench` prints all tables that need nothing from outside; `python -m bench memsim` prints one.
"""

import sys

from bench import changepoints_speed, memsim_speed, overhead

TABLES = {
    "memsim": memsim_speed.main,
    "overhead": overhead.main,
    "changepoints": changepoints_speed.main,
}


def main() -> int:
    """Print the tables that are named, all of them where none is."""
    wanted = sys.argv[1:] or list(TABLES)
    unknown = [name for name in wanted if name not in TABLES]
    if unknown:
        print(f"There is no table {unknown[0]!r}. There are: {', '.join(TABLES)}.", file=sys.stderr)
        return 2
    sys.argv[1:] = []
    for name in wanted:
        print(f"\n{name}", flush=True)
        TABLES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
