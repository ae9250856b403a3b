"""Which processor a workload is pinned to."""

import os
import re

from pagewalk.errors import ConfigError

VARIABLE = "PAGEWALK_CPUS"

_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


def allowed() -> frozenset[int]:
    """Return the processors that measurements may use.

    Those of `$PAGEWALK_CPUS` (`2`, `2,3` or `2-3`, as in isolcpus=), else all that this process may use.

    Raises:
        ConfigError: the variable names none, or one that this process may not use.
    """
    ours = frozenset(os.sched_getaffinity(0))
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return ours
    wanted = _parse(text)
    if wanted <= ours:
        return wanted
    beyond, can = _write(wanted - ours), _write(ours)
    raise ConfigError(f"{VARIABLE}={text}: no processor {beyond} for this process", f"Choose from {can}.")


def for_job(threads: bool) -> frozenset[int]:
    """Return where to execute: one processor for one thread, the last, which fewest interrupts go to."""
    processors = allowed()
    return processors if threads else frozenset({max(processors)})


def _parse(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ConfigError(
                f"{VARIABLE}={text}: {part!r} is no processor", "Write numbers: 2 or 2,3 or 2-3."
            )
        found.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    if not found:
        raise ConfigError(f"{VARIABLE}={text} names no processor", "Write numbers: 2 or 2,3 or 2-3.")
    return frozenset(found)


def _write(processors: frozenset[int]) -> str:
    return ",".join(map(str, sorted(processors)))
