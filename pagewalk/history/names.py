"""What revisions are called: a file of a history, for asv's files know commits only."""

import json
from pathlib import Path
from typing import Any

from pagewalk.errors import HistoryError
from pagewalk.files import write_whole
from pagewalk.model import Revision

FILE = "revisions.jsonl"

Names = dict[str, dict[str, Any]]
"""By commit: the `name`, and the `date` in seconds since the epoch."""


def read(folder: Path) -> Names:
    """Return the names that a history knows.

    Raises:
        HistoryError: the file is damaged.
    """
    path = folder / FILE
    try:
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        return {str(r["commit"]): {"name": str(r["name"]), "date": int(r["date"])} for r in rows}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise HistoryError(
            f"{path} cannot be read: {error}",
            f"Restore it with `git checkout -- {path}`, or delete it: names come back with the next run.",
        ) from error


def keep(folder: Path, revision: Revision) -> None:
    """Write down what a revision is called; sorted by commit, so that git merges it.

    Raises:
        HistoryError: the file is damaged.
    """
    names = read(folder)
    entry = {"name": revision.name, "date": revision.date}
    if names.get(revision.commit) != entry:
        rows = {**names, revision.commit: entry}
        lines = [json.dumps({"commit": c, **rows[c]}, sort_keys=True) for c in sorted(rows)]
        write_whole(folder / FILE, "".join(f"{line}\n" for line in lines))
