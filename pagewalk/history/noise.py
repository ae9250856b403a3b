"""The A/A noise floors of a machine: `<machine>/noise.jsonl`, one case and metric a line.

Sorted lines merge in git. What was measured before stays, for a machine may become noisier; of a case and
metric the latest line holds.
What is read is hostile until it has passed through here.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pagewalk.files import MALFORMED, write_whole
from pagewalk.history.codec import MAX_LINE, number_in, text_in
from pagewalk.locking import locked
from pagewalk.model import Case

Problem = tuple[str, str]
FILE = "noise.jsonl"


@dataclass(frozen=True, slots=True)
class MeasuredFloor:
    """The noise floor of one metric of one case on one machine, and how it was measured.

    Args:
        floor: relative; 0.03 is 3 %. Infinite, and written as null, where nothing strayed to something.
        comparisons: how many A/A comparisons it rests on.
        samples: a side, in each comparison.
        commit: the revision that was compared with itself; revision: its name.
        taken: when, seconds since the epoch.
        circumstances: the state of the machine when it was measured, see `pagewalk.analysis.noise_state`.
    """

    case: Case
    metric: str
    floor: float
    comparisons: int
    samples: int
    commit: str
    revision: str
    taken: float
    circumstances: Mapping[str, str]


def read(folder: Path) -> tuple[tuple[MeasuredFloor, ...], tuple[Problem, ...]]:
    """Return the floors that hold in a machine's folder, by case and metric, and unreadable lines."""
    found, problems = read_all(folder)
    return _latest(found), problems


def read_all(folder: Path) -> tuple[tuple[MeasuredFloor, ...], tuple[Problem, ...]]:
    """Return every floor that was ever measured, by case, metric and time, and lines that cannot be read."""
    path = folder / FILE
    try:
        lines = path.read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return (), ()
    found, problems = decode(lines)
    return _sorted(found), tuple((f"{path}:{number}", reason) for number, reason in problems)


def decode(lines: Iterable[str]) -> tuple[list[MeasuredFloor], list[tuple[int, str]]]:
    """Return what the lines of such a file hold, and number and reason of those that cannot be read."""
    found: list[MeasuredFloor] = []
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                found.append(_decode(line))
        except MALFORMED as error:
            problems.append((number, f"{type(error).__name__}: {error}"[:200]))
    return found, problems


def merge(folder: Path, floors: Sequence[MeasuredFloor]) -> None:
    """Add floors to a machine's file; what was measured before stays."""
    path = folder / FILE
    with locked(path):
        kept = _sorted([*read_all(folder)[0], *floors])
        write_whole(path, "".join(f"{_encode(floor)}\n" for floor in kept))


def _sorted(floors: Iterable[MeasuredFloor]) -> tuple[MeasuredFloor, ...]:
    by_place = {(f.case, f.metric, f.taken): f for f in floors}
    return tuple(by_place[place] for place in sorted(by_place))


def _latest(floors: Iterable[MeasuredFloor]) -> tuple[MeasuredFloor, ...]:
    by_place = {(f.case, f.metric): f for f in sorted(floors, key=lambda floor: floor.taken)}
    return tuple(by_place[place] for place in sorted(by_place))


def _encode(floor: MeasuredFloor) -> str:
    body = asdict(floor)
    case = body.pop("case")
    body["floor"] = floor.floor if math.isfinite(floor.floor) else None
    body |= {"benchmark": case["benchmark"], "params": [list(pair) for pair in case["params"]]}
    return json.dumps(body, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _decode(line: str) -> MeasuredFloor:
    if len(line) > MAX_LINE:
        raise ValueError(f"a line of {len(line)} characters")
    body: Mapping[str, Any] = json.loads(line)
    floor = math.inf if body["floor"] is None else number_in(body["floor"])
    comparisons, samples = int(number_in(body["comparisons"])), int(number_in(body["samples"]))
    if floor < 0 or comparisons < 1 or samples < 1:
        raise ValueError(f"a floor of {floor} from {comparisons} comparisons of {samples} samples")
    return MeasuredFloor(
        case=Case(text_in(body["benchmark"]), tuple((text_in(n), text_in(v)) for n, v in body["params"])),
        metric=text_in(body["metric"]),
        floor=floor,
        comparisons=comparisons,
        samples=samples,
        commit=text_in(body["commit"]),
        revision=text_in(body["revision"]),
        taken=number_in(body["taken"]),
        circumstances={text_in(n): text_in(v) for n, v in body["circumstances"].items()},
    )
