"""Public data, read where it lies: nothing of it is part of this repository.

The Turing Change Point Dataset is a checkout of alan-turing-institute/TCPD; a history of asv is
any folder with its results, as `results/MACHINE`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
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


def histories(folder: Path, most: int = 600) -> list[Series]:
    """Return what is left of the times in an asv history once their level is taken away.

    The level is a running median: it follows every step that lasts and every drift, so that the
    rest is noise and what lasted for fewer than REACH commits. At most `most`, evenly chosen.
    """
    by_case: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for result in sorted(_results(folder), key=lambda result: result["date"]):
        for name, row in result["results"].items():
            if name.rpartition(".")[2].startswith("time") and row and row[0]:
                _add(by_case, (result["env_name"], name, str(row[2])), row[0])
    noise = [_without_level(np.array(values)) for values in by_case.values() if len(values) >= SHORTEST]
    noise = [series for series in noise if np.median(np.abs(series)) > 1e-4]
    return noise[:: max(1, len(noise) // most)][:most]


def _results(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        if path.name != "machine.json":
            yield json.loads(path.read_text())


def _add(
    by_case: dict[tuple[str, ...], list[float]], case: tuple[str, ...], values: list[float | None]
) -> None:
    for parameters, value in enumerate(values):
        if value is not None and np.isfinite(value) and value > 0:
            by_case[*case, str(parameters)].append(value)


def _without_level(values: Series) -> Series:
    logarithms = np.log(values)
    padded = np.pad(logarithms, REACH, mode="reflect")
    level = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1), axis=1)
    rest: Series = logarithms - level
    return rest
