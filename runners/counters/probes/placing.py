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

from pagewalk.config import nearest
from pagewalk.errors import ConfigError, Unavailable
from pagewalk.model import Artifact
from runners.counters.probes.arguments import Asked, asked, fetched
from runners.counters.probes.tracefs import TRACEFS
from runners.executable import is_go
from runners.execution.symbols import functions

PREFIX = "probe:"
"""What an event begins with that names a function: `probe:malloc`, `probe:runtime.mallocgc(size)`."""

_LINE = re.compile(r"[pr]\d*:((pagewalk_(\d+)_\d+)/\w+)\s")
_NUMBERS = itertools.count()
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Probes:
    """What stands while an execution lasts.

    Args:
        group: the name that all of them are under.
        numbers: of each as a tracepoint (`config` of perf_event_open(2)).
        what: the function, and those of its arguments that each call tells.
    """

    group: str
    numbers: tuple[int, ...]
    what: Asked

    @property
    def events(self) -> str:
        """Return them all as perf takes them."""
        return f"{self.group}:*"


def is_probe(event: str) -> bool:
    return event.startswith(PREFIX)


def require_probes() -> Path:
    """Return the folder where probes are placed.

    Raises:
        Unavailable: the kernel has no uprobes, or does not let us place any.
    """
    for folder in TRACEFS:
        events = folder / "uprobe_events"
        if os.access(events, os.W_OK):
            return folder
        if events.exists():
            raise Unavailable(f"{events} cannot be written: only root may place probes", "Run it with sudo.")
    raise Unavailable(
        f"no {TRACEFS[0]}/uprobe_events: tracefs is not mounted for us, or the kernel has no uprobes",
        f"As root: mount -t tracefs nodev {TRACEFS[0]}",
    )


@contextlib.contextmanager
def placed(event: str, artifact: Artifact) -> Iterator[Probes]:
    """Stand a probe on the function that `event` names, in every file of the workload that has one.

    An allocator that is preloaded has a malloc, and the libc behind it another one: the one that is
    never called counts nothing. Gone at the end of the block, also after Ctrl-C; what a process
    that was killed left is swept away by the next one.

    Raises:
        Unavailable: no probe can be placed, or no register holds an argument that is asked for.
        ConfigError: no file of the workload has such a function; names some that are like it.
    """
    folder = require_probes()
    _sweep(folder)
    what = asked(event.removeprefix(PREFIX))
    places = _places(what.function, files_of(artifact))
    fetches = [
        fetched(what, artifact.target.architecture, go=_compiled_by_go(file, what.function))
        for file, _ in places
    ]
    group = f"pagewalk_{os.getpid()}_{next(_NUMBERS)}"
    try:
        for number, ((file, offset), fetch) in enumerate(zip(places, fetches, strict=True)):
            _tell(folder, f"p:{group}/p{number} {file}:{offset:#x} {fetch}".rstrip())
        names = [folder / "events" / group / f"p{number}" / "id" for number in range(len(places))]
        yield Probes(group, tuple(int(name.read_text()) for name in names), what)
    finally:
        _remove(folder, [name for name, place, _ in _standing(folder) if place == group])


def files_of(artifact: Artifact) -> list[Path]:
    """Return the files that the workload's code is in."""
    named = (Path(word) for word in artifact.command if word.startswith("/"))
    return [path.resolve() for path in dict.fromkeys((*named, *artifact.files)) if path.is_file()]


def _places(function: str, files: Sequence[Path]) -> list[tuple[Path, int]]:
    known = {file: functions(file) for file in dict.fromkeys(files)}
    places = [(file, known[file][function]) for file in known if function in known[file]]
    if not places:
        close = nearest(function, {name for names in known.values() for name in names})
        hint = f"Did you mean {' or '.join(PREFIX + name for name in close)}? " if close else ""
        raise ConfigError(
            f"No file of the workload has a function {function!r}: inlined, stripped or misspelt.",
            f"{hint}`nm FILE` lists them; there are {', '.join(path.name for path in known)}.",
        )
    for file, _ in places:
        if re.search(r"\s", str(file)):
            raise Unavailable(
                f"the kernel places no probe in {str(file)!r}: its name has a space",
                "Keep the cache elsewhere: export XDG_CACHE_HOME=/some/folder",
            )
    return places


def _compiled_by_go(file: Path, function: str) -> bool:
    """Return whether Go compiled a function: its names have a package, those of C beside it none."""
    return "." in function and is_go(file)


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
