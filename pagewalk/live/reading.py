"""The records in a folder: what runs now, and what lately ended."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pagewalk.files import MALFORMED, read_json
from pagewalk.live.record import Live, from_json

MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no record, and why."""

    path: Path
    reason: str


def live_in(folder: Path) -> tuple[list[Live], list[Unreadable]]:
    """Return the records in a folder, the newest first, and what cannot be read; nothing where none is."""
    found: list[Live] = []
    problems: list[Unreadable] = []
    for path in sorted(folder.glob("*.json")):
        try:
            stat = path.stat()
            found.append(_read(path, stat.st_mtime_ns, stat.st_size))
        except FileNotFoundError:
            continue  # gone since it was listed
        except (OSError, *MALFORMED) as error:
            problems.append(Unreadable(path, f"{type(error).__name__}: {error}"[:200]))
    return sorted(found, key=lambda live: -live.began), problems


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int, _size: int) -> Live:
    """Read a record once for as long as it is the same: pages ask every second."""
    return from_json(path.stem, read_json(path, MOST_BYTES))
