"""Probes: calls of a named function, by uprobes that stand for one execution and are always taken away again.

A probe is a breakpoint of the kernel's at the function's first instruction in a file, so it needs no
change of the workload, and one trap a call, about a microsecond. Source: the kernel's
Documentation/trace/uprobetracer.rst.
"""

import contextlib
import itertools
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact
from runners.counters import perf_syscall
from runners.counters.events.kernel import TRACEPOINT, Event
from runners.counters.probes.arguments import Asked, asked
from runners.counters.probes.spots import Spot, spots_of
from runners.counters.probes.tracefs import MOUNT, TRACEFS

_LINE = re.compile(r"[pr]\d*:((pagewalk_(\d+)_\d+)/\w+)\s")
_NUMBERS = itertools.count()
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Probes:
    """What stands while an execution lasts.

    Args:
        group: the name that all of them are under.
        numbers: of each as a tracepoint (`config` of perf_event_open(2)); none where only perf counts them.
        what: the function, and those of its arguments that each call tells.
    """

    group: str
    numbers: tuple[int, ...]
    what: Asked

    @property
    def events(self) -> str:
        """Return them all as perf takes them."""
        return f"{self.group}:*"


def require_probes() -> Path:
    """Return the folder where probes are placed.

    Raises:
        Unavailable: the kernel has no uprobes, or does not let us place any.
    """
    for folder in TRACEFS:
        events = folder / "uprobe_events"
        if os.access(events, os.W_OK):
            return folder
        if _closed(events):
            raise Unavailable(f"{events} cannot be written: only root may place probes", "Run it with sudo.")
    raise Unavailable(
        f"no {TRACEFS[0]}/uprobe_events: tracefs is not mounted for us, or the kernel has no uprobes",
        MOUNT,
    )


def _closed(events: Path) -> bool:
    """Return whether it is there and not for us; a folder that is not ours to enter tells no more."""
    try:
        events.stat()
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


@contextlib.contextmanager
def placed(event: str, artifact: Artifact) -> Iterator[Probes]:
    """Stand a probe on the function that `event` names, in every file of the workload that has one.

    Gone at the end of the block, also after Ctrl-C; what a process that was killed left is swept away
    by the next one.

    Raises:
        Unavailable: no probe can be placed, or no register holds an argument that is asked for.
        ConfigError: no file of the workload has such a function; names some that are like it.
    """
    folder = require_probes()
    _sweep(folder)
    what = asked(event)
    spots = spots_of(what, artifact)
    group = f"pagewalk_{os.getpid()}_{next(_NUMBERS)}"
    try:
        for number, spot in enumerate(spots):
            _tell(folder, f"p:{group}/p{number} {_plain(spot)}:{spot.offset:#x} {spot.fetch}".rstrip())
        names = [folder / "events" / group / f"p{number}" / "id" for number in range(len(spots))]
        numbers = tuple(int(name.read_text()) for name in names)
        with _held(numbers):
            yield Probes(group, numbers, what)
    finally:
        _remove(folder, [name for name, place, _ in _standing(folder) if place == group])


@contextlib.contextmanager
def _held(numbers: Sequence[int]) -> Iterator[None]:
    """Keep probes in the code of whoever executes it, by a counter of a whole processor that is never on.

    One that only counts a process may be taken out of its code when a child of it ends: the kernel
    swaps the counters of the two as it switches between them, and asks whose they were made for.
    Source: kernel/trace/trace_uprobe.c, uprobe_perf_filter; kernel/events/core.c,
    perf_event_context_sched_out.
    """
    with contextlib.ExitStack() as stack:
        for number in numbers:
            event = Event("probe", TRACEPOINT, number)
            with contextlib.suppress(OSError, Unavailable):  # not for us, then without
                stack.callback(os.close, perf_syscall.open_event(event, -1, user_only=False, cpu=0))
        yield


def _plain(spot: Spot) -> str:
    name = str(spot.file)
    if re.search(r"\s", name):
        raise Unavailable(
            f"the kernel places no probe in {name!r}: its name has a space",
            "Keep the cache elsewhere: export XDG_CACHE_HOME=/some/folder",
        )
    return name


def _tell(folder: Path, command: str) -> None:
    try:
        # Not open(…, "a"), which seeks to the end: the kernel refuses that.
        descriptor = os.open(folder / "uprobe_events", os.O_WRONLY | os.O_APPEND)
        try:
            os.write(descriptor, f"{command}\n".encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unavailable(
            f"the kernel refuses the probe `{command}`: {error.strerror}", "`dmesg` may say more."
        ) from error


def _standing(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Yield our probes: full name, group and the process that placed it."""
    for line in (folder / "uprobe_events").read_text().splitlines():
        if match := _LINE.match(line):
            yield match[1], match[2], int(match[3])


def _sweep(folder: Path) -> None:
    """Take away what processes left that are no more."""
    _remove(folder, [name for name, _, pid in _standing(folder) if not Path(f"/proc/{pid}").exists()])


def _remove(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        deadline = time.monotonic() + _PATIENCE
        # Busy until the last perf that counts it has closed it, which it does when it ends.
        while True:
            try:
                _tell(folder, f"-:{name}")
            except Unavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                break
