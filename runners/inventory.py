"""The user's machines, `runners/machines.toml` in the project: read with suspicion, written whole."""

import json
import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from pagewalk.config import Table, nearest, parse_toml, read_toml
from pagewalk.errors import ConfigError
from pagewalk.inventories import FOLDER, Entry
from pagewalk.metrics import METRICS
from pagewalk.model import Target
from pagewalk.toolchains.platforms import parse_target
from runners.qemu_system.guests import GUEST_PREFIX, GUEST_TARGETS

VARIABLE = "PAGEWALK_MACHINES"
SSH, GUEST = "ssh", "qemu-system"
TRANSPORTS = (SSH, GUEST)

_KEYS = ("name", "target", "transport", "host", "folder", "cpus", "counters", "timeout", "config")
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}"
# A word that begins with a dash would be an option of ssh's.
_HOST = r"[A-Za-z0-9_\[][A-Za-z0-9_.:@%\[\]/+-]{0,254}"
_PATH = r"[^\x00-\x1f\x7f~-][^\x00-\x1f\x7f]{0,199}"
_MOST_CPUS = 4096

_WRITE_NAME = "Write letters, digits, dots, dashes and underscores, as visionfive-2."
_WRITE_HOST = "Write an alias of ~/.ssh/config or user@host; options belong into ~/.ssh/config."
_WRITE_FOLDER = (
    "Write a path from / or from the home folder of the board, without ~: pagewalk, /mnt/ssd/pagewalk."
)


def inventory_path(root: Path) -> Path:
    """Return where the inventory is, whether it exists or not: `$PAGEWALK_MACHINES`, else in the project."""
    named = os.environ.get(VARIABLE, "")
    return Path(named).expanduser().absolute() if named else root / "runners" / "machines.toml"


def read_inventory(path: Path, taken: Collection[str]) -> tuple[Entry, ...]:
    """Return the machines of a file; none where there is no file.

    Args:
        taken: names that other runners have, which no machine may share.

    Raises:
        ConfigError: says which line is wrong, why, and what to write.
    """
    return _entries(read_toml(path), taken) if path.exists() else ()


def with_entry(path: Path, entry: Entry, taken: Collection[str]) -> str:
    """Return what a file says with one more machine at its end; comments and order of what is there stay.

    Raises:
        ConfigError: that would not be valid.
    """
    old = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    new = f"{old.rstrip()}\n\n{_written(entry)}"
    _entries(parse_toml(path, new), taken)
    return new


def _entries(top: Table, taken: Collection[str]) -> tuple[Entry, ...]:
    top.allow("machine")
    entries: list[Entry] = []
    for table in top.tables("machine"):
        entry = _entry(table)
        if entry.name in {other.name for other in entries}:
            raise table.error(
                f"{entry.name!r} is there twice", "Give each machine a name of its own.", "name"
            )
        if entry.name in taken:
            raise table.error(
                f"{entry.name!r} is the name of a runner that is no board",
                "Results of one would be filed under the other: choose another name.",
                "name",
            )
        entries.append(entry)
    return tuple(entries)


def _entry(table: Table) -> Entry:
    table.allow(*_KEYS)
    transport = table.text("transport", "ssh")
    if transport not in TRANSPORTS:
        raise table.error(
            f"unknown transport {transport!r}", f"Known are: {', '.join(TRANSPORTS)}.", "transport"
        )
    if transport == GUEST:
        return _guest(table)
    return Entry(
        name=table.text("name", pattern=_NAME, remedy=_WRITE_NAME),
        target=_target(table),
        transport=transport,
        host=table.text("host", pattern=_HOST, remedy=_WRITE_HOST),
        folder=table.text("folder", FOLDER, pattern=_PATH, remedy=_WRITE_FOLDER),
        cpus=_cpus(table),
        counters=_counters(table),
        timeout=table.number("timeout", 0.0, least=0.0),
        config=table.text("config", "", pattern=r"[^\x00-\x1f\x7f-][^\x00-\x1f\x7f]{0,1023}"),
    )


def _guest(table: Table) -> Entry:
    """Return a guest that is booted here: of what a line can say of a board, little applies."""
    table.allow("name", "target", "transport", "host", "timeout")
    name, target = table.text("name", pattern=_NAME, remedy=_WRITE_NAME), _target(table)
    if not name.startswith(GUEST_PREFIX):
        raise table.error(
            f"{name!r} does not begin with {GUEST_PREFIX}",
            f"The history knows by that what is emulated: {GUEST_PREFIX}{target.architecture}, for instance.",
            "name",
        )
    if target not in GUEST_TARGETS:
        known = ", ".join(other.architecture for other in GUEST_TARGETS)
        raise table.error(f"there is no guest for {target}", f"There are: {known}.", "target")
    host = table.text("host", target.architecture, pattern=re.escape(target.architecture))
    return Entry(name, target, GUEST, host, timeout=table.number("timeout", 0.0, least=0.0))


def _target(table: Table) -> Target:
    try:
        return parse_target(table.text("target"))
    except ConfigError as error:
        if "target" not in table.values:
            raise
        raise table.error(error.message, error.remedy, "target") from error


def _cpus(table: Table) -> tuple[int, ...]:
    values = table.values.get("cpus", [])
    if not isinstance(values, list) or not all(_is_cpu(value) for value in values):
        raise table.error(f"cpus = {values!r} is no list of processors", "Write cpus = [2, 3].", "cpus")
    return tuple(sorted(set(values)))


def _is_cpu(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_CPUS


def _counters(table: Table) -> tuple[str, ...]:
    names = table.texts("counters", ())
    for name in names:
        if name not in METRICS:
            close = nearest(name, METRICS, 1)
            hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(METRICS)}."
            raise table.error(f"counters: {name!r} is no metric", hint, "counters")
    return names


def _written(entry: Entry) -> str:
    libc = "" if entry.target.libc == "gnu" else f"-{entry.target.libc}"
    values: dict[str, object] = {
        "name": entry.name,
        "target": f"{entry.target.architecture}{libc}",
        "transport": entry.transport,
        "host": entry.host,
    }
    if entry.folder != FOLDER:
        values["folder"] = entry.folder
    for key, value in (("cpus", entry.cpus), ("counters", entry.counters)):
        if value:
            values[key] = list(value)
    if entry.timeout:
        values["timeout"] = entry.timeout
    if entry.config:
        values["config"] = entry.config
    lines = (f"{key} = {_toml(value)}" for key, value in values.items())
    return "\n".join(("[[machine]]", *lines, ""))


def _toml(value: Sequence[object] | object) -> str:
    """JSON's strings, numbers and lists are TOML's, but for the escapes that only JSON demands."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f]", lambda match: f"\\u{ord(match[0]):04x}", text)


_HEADER = "# The machines that workloads are executed on; docs/runners.md says what each line means.\n"
