"""The small files beside results: `benchmarks.json`, `machine.json`, `noise.jsonl` and `revisions.jsonl`."""

import json
from dataclasses import dataclass
from typing import Any

from pagewalk import lenient
from pagewalk.index.reading.asvresults import axes_of
from pagewalk.index.reading.parsed import Axes, Problem, Unreadable
from pagewalk.index.texts import NAME, VALUE, WORD, clean


@dataclass(frozen=True, slots=True)
class Description:
    """What `benchmarks.json` says of a benchmark."""

    name: str
    unit: str
    version: str
    param_names: tuple[str, ...]
    axes: Axes


def benchmarks(data: bytes) -> tuple[tuple[Description, ...], tuple[Problem, ...]]:
    """Read `benchmarks.json` of asv, any version of it.

    Raises:
        Unreadable: it is none.
    """
    body = _object(data)
    found: dict[str, Description] = {}
    problems: list[Problem] = []
    for raw, entry in body.items():
        if not isinstance(entry, dict):
            continue  # its own format version
        name = clean(raw, NAME)
        try:
            found[name] = _description(name, entry)
        except Unreadable as error:
            problems.append((0, f"{clean(raw, 80)}: {error}"))
    return tuple(found.values()), tuple(problems)


def _description(name: str, entry: dict[str, Any]) -> Description:
    names = entry.get("param_names")
    version = entry.get("version")
    return Description(
        name,
        clean(entry.get("unit") or "", WORD),
        clean("" if version is None else version, WORD),
        tuple(clean(one, WORD) for one in names) if isinstance(names, list) else (),
        axes_of(entry.get("params")),
    )


def machine(data: bytes) -> str:
    """Read `machine.json` and return its facts as JSON.

    Raises:
        Unreadable: it is none.
    """
    body = _object(data)
    return json.dumps({clean(k, WORD): clean(v) for k, v in list(body.items())[:200]}, sort_keys=True)


def noise(data: bytes) -> tuple[Problem, ...]:
    """Return what cannot be read of `noise.jsonl`; the rest is read by whoever looks for lasting changes."""
    # asv comes with it, which other projects' files do not need
    from pagewalk.history.noise import decode  # noqa: PLC0415

    _, problems = decode(data.decode("utf-8", "replace").split("\n"))
    return tuple((line, clean(reason, WORD)) for line, reason in problems[:1000])


def names(data: bytes) -> tuple[dict[str, tuple[str, int]], tuple[Problem, ...]]:
    """Read `revisions.jsonl` and return name and date by commit."""
    found: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            row = lenient.loads(line)
            found[clean(row["commit"], 64)] = (clean(row["name"], VALUE), int(row["date"]))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            problems.append((number, clean(f"{type(error).__name__}: {error}", WORD)))
    return found, tuple(problems)


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = lenient.loads(data)
    except ValueError as error:
        raise Unreadable(f"not JSON, or cut short: {error}"[:200]) from error
    if not isinstance(body, dict):
        raise Unreadable("not what its name says: no JSON object")
    return body
