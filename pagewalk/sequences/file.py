"""`benchmarks/sequences.toml`: the sequences that are worth running again."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from pagewalk.errors import ConfigError
from pagewalk.files import write_whole
from pagewalk.locking import locked
from pagewalk.sequences.sequence import Sequence

NAME = "benchmarks/sequences.toml"
_HEAD = """\
# Sequences of calls that are run again and again. `pagewalk sequences` finds and shrinks them; `options` are
# the workload's own, and decide every step.
"""
_WORD = re.compile(r"[a-z][a-z0-9-]{0,63}")
_PROGRAM = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VALUE = re.compile(r"[0-9a-z,-]{0,4096}")


def read_sequences(root: Path) -> list[Sequence]:
    """Return the sequences of a project, in the file's order; none where it has no such file.

    Raises:
        ConfigError: the file is not what it should be; names the entry.
    """
    path = root / NAME
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}", "Mend it, or take it back from git.") from error
    entries = values.get("sequence", [])
    if set(values) - {"sequence"} or not isinstance(entries, list):
        raise ConfigError(f"{path}: expected tables [[sequence]] and nothing else.")
    found = [_sequence(path, number, entry) for number, entry in enumerate(entries, 1)]
    names = [sequence.name for sequence in found]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ConfigError(
            f"{path}: {twice!r} is there twice.", "A name means one sequence: change one of them."
        )
    return found


def _sequence(path: Path, number: int, entry: Any) -> Sequence:
    what = f"{path}: sequence {number}"
    if not isinstance(entry, dict) or set(entry) - {"name", "program", "options", "found"}:
        raise ConfigError(f"{what} has other keys than name, program, options and found.")
    name, program, options = entry.get("name"), entry.get("program"), entry.get("options")
    if not isinstance(name, str) or not _WORD.fullmatch(name):
        raise ConfigError(f"{what} has no name of lower-case letters, digits and hyphens: {name!r:.80}")
    if not isinstance(program, str) or not _PROGRAM.fullmatch(program):
        raise ConfigError(f"{what}, {name}: no program {program!r:.80}", "As alloc_sequence.")
    if not isinstance(options, dict) or not all(_fits(key, value) for key, value in options.items()):
        raise ConfigError(
            f"{what}, {name}: options must be numbers and text as {{sequence = 7, keep = '3,9'}}."
        )
    pairs = tuple((key, str(value)) for key, value in options.items())
    return Sequence(name, program, pairs, str(entry.get("found", ""))[:500])


def _fits(key: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    return bool(_WORD.fullmatch(key) and _VALUE.fullmatch(str(value)))


def remember(root: Path, sequence: Sequence) -> bool:
    """Add a sequence to the project's file; return whether it was new.

    Raises:
        ConfigError: the file is not what it should be.
    """
    path = root / NAME
    with locked(path):
        known = read_sequences(root)
        alike = [(one.program, one.options) for one in known]
        if (sequence.program, sequence.options) in alike:
            return False
        write_whole(path, _HEAD + "".join(map(_entry, [*known, sequence])))
    return True


def _entry(sequence: Sequence) -> str:
    options = ", ".join(
        f"{name} = {value if value.isdigit() else json.dumps(value)}" for name, value in sequence.options
    )
    lines = [
        "",
        "[[sequence]]",
        f"name = {json.dumps(sequence.name)}",
        f"program = {json.dumps(sequence.program)}",
        f"options = {{{options}}}",
        *([f"found = {json.dumps(sequence.found)}"] if sequence.found else []),
    ]
    return "\n".join(lines) + "\n"
