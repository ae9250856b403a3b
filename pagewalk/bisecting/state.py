"""What a bisection has measured, on disk after every step, so that it goes on where it was stopped."""

import hashlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pagewalk.bisecting.probe import Execution
from pagewalk.errors import ConfigError
from pagewalk.files import write_whole

FORMAT = 1


def state_root() -> Path:
    """Return `$XDG_STATE_HOME/pagewalk/bisect`, else `~/.local/state/pagewalk/bisect`."""
    xdg = os.environ.get("XDG_STATE_HOME", "")
    base = Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".local" / "state"
    return base / "pagewalk" / "bisect"


def name_of(question: Sequence[str]) -> str:
    """Return the file name of a question; the same words give the same name."""
    return hashlib.sha256(json.dumps(list(question)).encode()).hexdigest()[:16] + ".json"


@dataclass(slots=True)
class State:
    """All executions of one question.

    Args:
        path: where it is kept.
        question: repository, good, bad and what is measured; a file of another question is refused.
        taken: commit and execution, in the order of time.
        skipped: commits that do not build.
    """

    path: Path
    question: tuple[str, ...]
    taken: list[tuple[str, Execution]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, commit: str, execution: Execution | None) -> None:
        """Keep one execution, or that a commit does not build; on disk when this returns."""
        if execution is None:
            self.skipped.append(commit)
        else:
            self.taken.append((commit, execution))
        write_whole(self.path, json.dumps(self._as_json(), indent=1, allow_nan=False) + "\n")

    def mute(self, metric: str) -> frozenset[str]:
        """Return the commits that were executed and never gave a number of one metric."""
        return frozenset(c for c, _ in self.taken) - {c for c, found in self.taken if metric in found.values}

    def _as_json(self) -> dict[str, Any]:
        rows = [
            {
                "commit": commit,
                "values": dict(found.values),
                "exact": sorted(found.exact),
                "crashed": found.crashed,
                "words": found.words,
            }
            for commit, found in self.taken
        ]
        return {"format": FORMAT, "question": self.question, "taken": rows, "skipped": self.skipped}


def load(path: Path, question: Sequence[str], *, fresh: bool = False) -> State:
    """Return the state at `path`; an empty one where there is none, or `fresh` asks for one.

    Raises:
        ConfigError: the file is no state, or that of another question.
    """
    empty = State(path, tuple(question))
    if fresh:
        path.unlink(missing_ok=True)
    try:
        content = json.loads(path.read_text())
        if content["format"] != FORMAT or content["question"] != list(question):
            raise ConfigError(
                f"{path} is the state of another bisection.", "Give another --state FILE, or add --fresh."
            )
        empty.taken = [(_hash(row["commit"]), _execution(row)) for row in content["taken"]]
        empty.skipped = [_hash(commit) for commit in content["skipped"]]
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path} is no state of a bisection: {error}", "Begin anew with --fresh."
        ) from error
    return empty


def _execution(row: dict[str, Any]) -> Execution:
    values = {str(metric): float(value) for metric, value in row["values"].items()}
    if not all(math.isfinite(value) for value in values.values()):
        raise ValueError("a value that is not finite")
    return Execution(values, frozenset(map(str, row["exact"])), bool(row["crashed"]), str(row["words"]))


def _hash(text: str) -> str:
    if len(text) != 40 or set(text) - set("0123456789abcdef"):
        raise ValueError(f"{text!r:.50} is no commit")
    return text
