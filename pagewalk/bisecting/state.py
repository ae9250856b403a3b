"""What a bisection has measured, on disk after every step, so that it goes on where it was stopped."""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pagewalk.bisecting.asked import Asked, Attempt, asked_in, asked_json, attempt_in, attempt_json, hash_in
from pagewalk.bisecting.probe import Execution
from pagewalk.errors import ConfigError
from pagewalk.files import MALFORMED, read_json, write_whole
from pagewalk.history.codec import number_in, text_in
from pagewalk.processes import ending_of, this_process

FORMAT = 1
MOST_BYTES = 64 << 20


def state_root() -> Path:
    """Return `$XDG_STATE_HOME/pagewalk/bisect`, else `~/.local/state/pagewalk/bisect`."""
    return _state_home() / "bisect"


def live_root() -> Path:
    """Return where bisections that belong to no project tell what they do: beside their states."""
    return _state_home() / "live"


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
        asked: the question in full; None in files that were written before there was such a thing.
        attempt: who works on it, or did so last; None as for `asked`.
    """

    path: Path
    question: tuple[str, ...]
    taken: list[tuple[str, Execution]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    asked: Asked | None = None
    attempt: Attempt | None = None

    def add(self, commit: str, execution: Execution | None) -> None:
        """Keep one execution, or that a commit does not build; on disk when this returns."""
        if execution is None:
            self.skipped.append(commit)
        else:
            self.taken.append((commit, execution))
        self.keep()

    def ask(self, asked: Asked) -> None:
        """Keep what is asked; on disk when this returns."""
        self.asked = asked
        self.keep()

    def expect(self, remaining: int | None) -> None:
        """Keep how many executions are expected to be left; on disk with what is measured next."""
        if self.attempt is not None:
            self.attempt = replace(self.attempt, remaining=remaining)

    def conclude(self, words: str) -> None:
        """Keep what the search came to; on disk with how it ended."""
        if self.attempt is not None:
            self.attempt = replace(self.attempt, words=words)

    @contextmanager
    def attempted(self, asked: Asked) -> Iterator[None]:
        """Say that this process works on it, and in the end how that ended."""
        now = time.time()
        self.attempt = Attempt(this_process(), now, now, len(self.taken))
        self.ask(asked)
        try:
            yield
        except BaseException as error:
            self._end(error)
            raise
        self._end(None)

    @property
    def printed_unit(self) -> str:
        """The unit that a command printed at first; empty where it prints none."""
        return next(iter(self.printed_units()), "")

    def printed_units(self) -> dict[str, str]:
        """Return the units that a command printed, and the commit that each was printed at first."""
        units: dict[str, str] = {}
        for commit, found in self.taken:
            if found.unit:
                units.setdefault(found.unit, commit)
        return units

    def mute(self, metric: str) -> frozenset[str]:
        """Return the commits that were executed and never gave a number of one metric."""
        return frozenset(c for c, _ in self.taken) - {c for c, found in self.taken if metric in found.values}

    def keep(self) -> None:
        """Write the file."""
        if self.attempt is not None:
            self.attempt = replace(self.attempt, updated=time.time())
        write_whole(self.path, json.dumps(self._as_json(), indent=1, allow_nan=False) + "\n")

    def _end(self, error: BaseException | None) -> None:
        assert self.attempt is not None
        words = self.attempt.words if error is None else str(error)
        self.attempt = replace(self.attempt, ended=ending_of(error), words=words[:2000], remaining=None)
        self.keep()

    def _as_json(self) -> dict[str, Any]:
        rows = [
            {
                "commit": commit,
                "values": dict(found.values),
                "exact": sorted(found.exact),
                "crashed": found.crashed,
                "words": found.words,
                **({"unit": found.unit} if found.unit else {}),
            }
            for commit, found in self.taken
        ]
        return {
            "format": FORMAT,
            "question": self.question,
            **({"attempt": attempt_json(self.attempt)} if self.attempt else {}),
            **({"asked": asked_json(self.asked)} if self.asked else {}),
            "taken": rows,
            "skipped": self.skipped,
        }


def load(path: Path, question: Sequence[str], *, fresh: bool = False) -> State:
    """Return the state at `path`; an empty one where there is none, or `fresh` asks for one.

    Raises:
        ConfigError: the file is no state, or that of another question.
    """
    if fresh:
        path.unlink(missing_ok=True)
    try:
        found = read(path)
    except FileNotFoundError:
        return State(path, tuple(question))
    if found.question != tuple(question):
        raise ConfigError(
            f"{path} is the state of another bisection.", "Give another --state FILE, or add --fresh."
        )
    return found


def read(path: Path) -> State:
    """Return the state at `path`, whatever it asks: validated in full, for it may be anybody's file.

    Raises:
        FileNotFoundError: there is none.
        ConfigError: the file is no state.
    """
    try:
        return _state(path, read_json(path, MOST_BYTES))
    except FileNotFoundError:
        raise
    except (OSError, *MALFORMED) as error:
        raise ConfigError(
            f"{path} is no state of a bisection: {error}"[:500], "Begin anew with --fresh."
        ) from error


def _state(path: Path, body: Mapping[str, Any]) -> State:
    if body["format"] != FORMAT:
        raise ValueError(f"format {body['format']!r:.20}; this pagewalk reads {FORMAT}")
    return State(
        path,
        tuple(map(_word, body["question"])),
        [(hash_in(row["commit"]), _execution(row)) for row in body["taken"]],
        [hash_in(commit) for commit in body["skipped"]],
        asked_in(body["asked"]) if "asked" in body else None,
        attempt_in(body["attempt"]) if "attempt" in body else None,
    )


def _execution(row: Mapping[str, Any]) -> Execution:
    values = {text_in(metric): number_in(value) for metric, value in row["values"].items()}
    exact = frozenset(map(text_in, row["exact"]))
    unit = text_in(row.get("unit", ""))
    return Execution(values, exact, row["crashed"] is True, text_in(row["words"]), unit)


def _word(value: Any) -> str:
    # Not cut as other texts are: the words of a question are compared to those of another.
    if not isinstance(value, str):
        raise TypeError(f"expected a word, found {type(value).__name__}")
    return value


def _state_home() -> Path:
    xdg = os.environ.get("XDG_STATE_HOME", "")
    base = Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".local" / "state"
    return base / "pagewalk"
