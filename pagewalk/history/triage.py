"""What people decided about findings: one line a decision, beside the results and merged by git like them.

`triage.jsonl` only grows. Of two lines about one finding the later one holds, so that git may join two
branches' lines in any order (`merge=union`, gitattributes(5)); `.gitattributes` beside it says so.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pagewalk.errors import ConfigError, HistoryError
from pagewalk.files import MALFORMED, write_whole
from pagewalk.locking import locked

NAME = "triage.jsonl"
_ATTRIBUTE = f"{NAME} merge=union\n"
_MOST_TEXT = 2000


class Kind(StrEnum):
    """What was found."""

    CHANGE = "change"
    CRASH = "crash"


class Decision(StrEnum):
    """What somebody decided about it. `open` takes an earlier decision back."""

    ACKNOWLEDGED = "acknowledged"
    FALSE_ALARM = "false-alarm"
    FIXED = "fixed"
    OPEN = "open"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that needs attention, on all machines and with all parameters.

    Args:
        at: the first commit of a new level, in full; a crash's fingerprint.
        benchmark: as asv names it; for a crash, its case's benchmark.
    """

    kind: Kind
    at: str
    benchmark: str


@dataclass(frozen=True, slots=True)
class Note:
    """A decision about a finding.

    Args:
        reason: why; a false alarm must have one.
        fixed_by: the commit that mended it, where it is fixed.
        who: as git knows them.
        when: seconds since the epoch.
    """

    finding: Finding
    decision: Decision
    reason: str = ""
    fixed_by: str = ""
    who: str = ""
    when: float = 0.0

    def __post_init__(self) -> None:
        if self.decision is Decision.FALSE_ALARM and not self.reason.strip():
            raise ConfigError("A false alarm needs a reason.", 'Say why: --reason "the board was throttled"')
        if self.decision is Decision.FIXED and not self.fixed_by.strip():
            raise ConfigError("What is fixed was fixed by a commit.", "Name it: --by COMMIT")
        if max(map(len, (self.reason, self.fixed_by, self.who, self.finding.at, self.finding.benchmark))) > (
            _MOST_TEXT
        ):
            raise ConfigError(f"A text of a decision is longer than {_MOST_TEXT} characters.", "Shorten it.")


def read(folder: Path) -> tuple[dict[Finding, Note], list[tuple[str, str]]]:
    """Return the decision that holds for every finding, and the lines that cannot be read with reasons."""
    problems = []
    found: dict[Finding, Note] = {}
    for number, line in enumerate(_lines(folder), start=1):
        try:
            note = _decode(json.loads(line))
        except (*MALFORMED, ConfigError) as error:
            problems.append((f"{folder / NAME}:{number}", f"no decision: {error}"))
            continue
        before = found.get(note.finding)
        if before is None or before.when <= note.when:
            found[note.finding] = note
    return {finding: note for finding, note in found.items() if note.decision is not Decision.OPEN}, problems


def state_of(folder: Path) -> tuple[int, int, int] | None:
    """Name the present state of a folder's decisions: another one after each `record`; None without any."""
    try:
        stat = (folder / NAME).stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def record(folder: Path, notes: Iterable[Note]) -> None:
    """Add decisions; the file is written whole, lines that cannot be read stay as they are.

    Raises:
        HistoryError: there is no such results folder.
    """
    if not folder.is_dir():
        raise HistoryError(f"There is no results folder at {folder}.", "Give another one with --results.")
    path = folder / NAME
    with locked(path):
        lines = [*_lines(folder), *(_encode(note) for note in notes)]
        write_whole(path, "".join(f"{line}\n" for line in dict.fromkeys(lines)))
        _let_git_join(folder / ".gitattributes")


def _let_git_join(path: Path) -> None:
    text = path.read_text() if path.exists() else ""
    if _ATTRIBUTE not in text:
        write_whole(path, text + ("" if text.endswith("\n") or not text else "\n") + _ATTRIBUTE)


def _lines(folder: Path) -> list[str]:
    try:
        text = (folder / NAME).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n") if line.strip()]


def _encode(note: Note) -> str:
    row = asdict(note)
    return json.dumps({**row.pop("finding"), **row}, sort_keys=True)


def _decode(row: Any) -> Note:
    if not isinstance(row, Mapping):
        raise TypeError("not an object")
    finding = Finding(Kind(row["kind"]), str(row["at"]), str(row["benchmark"]))
    texts = {name: str(row.get(name, "")) for name in ("reason", "fixed_by", "who")}
    return Note(finding, Decision(row["decision"]), when=float(row["when"]), **texts)
