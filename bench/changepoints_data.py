"""Public data, read where it lies: nothing of it is part of this repository.

The Turing Change Point Dataset is a checkout of alan-turing-institute/TCPD; a history of asv is
any folder with its results, as `results/MACHINE`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Series = npt.NDArray[np.float64]

SHORTEST = 150
"""Values a history needs to be used."""

REACH = 20
"""Values on either side whose median is taken for the level of a history."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """A series and where each of several people saw changes."""

    name: str
    values: Series
    annotations: tuple[tuple[int, ...], ...]


def annotated(folder: Path) -> list[Annotated]:
    """Return the one-dimensional series of a checkout of TCPD that come with it."""
    annotations = json.loads((folder / "annotations.json").read_text())
    found = []
    for path in sorted(folder.glob("datasets/*/*.json")):
        data = json.loads(path.read_text())
        if data["name"] not in annotations or len(data["series"]) != 1:
            continue
        values = [np.nan if value is None else value for value in data["series"][0]["raw"]]
        people = tuple(tuple(changes) for changes in annotations[data["name"]].values())
        found.append(Annotated(data["name"], np.array(values, dtype=np.float64), people))
    return found


@dataclass(frozen=True, slots=True)
class Past:
    """What is left of a series of times once its level is taken away.

    The level is a running median: it follows every step that lasts and every drift, so that the
    rest is noise and what lasted for fewer than REACH commits.

    Args:
        noise: logarithms (n,); widths: log ratio of the quartiles of each value, 0 where not known (n,).
        measured: logarithms with their level, relative to its median (n,).
    """

    noise: Series
    widths: Series
    measured: Series


def pasts(folder: Path, most: int = 600) -> list[Past]:
    """Return what the series of an asv history leave without their level; at most `most`, evenly chosen."""
    by_case: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
    for result in sorted(_results(folder), key=lambda result: result["date"]):
        for name, row in result["results"].items():
            if name.rpartition(".")[2].startswith("time") and row and row[0]:
                _add(by_case, (result["env_name"], name, str(row[2])), row)
    found = [_past(np.array(rows)) for rows in by_case.values() if len(rows) >= SHORTEST]
    found = [past for past in found if np.median(np.abs(past.noise)) > 1e-4]
    return found[:: max(1, len(found) // most)][:most]


def _results(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        if path.name != "machine.json":
            yield json.loads(path.read_text())


def _add(
    by_case: dict[tuple[str, ...], list[tuple[float, float]]], case: tuple[str, ...], row: Sequence[Any]
) -> None:
    """Add the values of one benchmark: asv's columns are result, …, 7: lower and 8: upper quartiles."""
    values = row[0]
    unknown = [None] * len(values)
    low, high = (row[at] or unknown if len(row) > at else unknown for at in (7, 8))
    for parameters, (value, *ends) in enumerate(zip(values, low, high, strict=True)):
        if value is not None and np.isfinite(value) and value > 0:
            by_case[*case, str(parameters)].append((value, _width(*ends)))


def _width(low: float | None, high: float | None) -> float:
    return float(np.log(high / low)) if low and high and 0 < low < high < np.inf else 0.0


def _past(rows: npt.NDArray[np.float64]) -> Past:
    logarithms = np.log(rows[:, 0])
    return Past(_without_level(logarithms), rows[:, 1], logarithms - np.median(logarithms))


def _without_level(logarithms: Series) -> Series:
    padded = np.pad(logarithms, REACH, mode="reflect")
    level = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1), axis=1)
    rest: Series = logarithms - level
    return rest
