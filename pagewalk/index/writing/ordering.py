"""The order of revisions: the repository's where there is one, that of dates where there is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from pagewalk.errors import PagewalkError
from pagewalk.forges import commit_pages_of
from pagewalk.git import git
from pagewalk.index.schema import revision
from pagewalk.index.texts import VALUE, clean

_HASH = re.compile(r"[0-9a-f]{40}")
Names = Mapping[str, tuple[str, int]]
"""Name and date by commit, of `revisions.jsonl`."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a repository knows of a commit; `rank` grows from parents to children."""

    rank: int
    date: int
    title: str


def order(connection: Connection, subject: int, names: Names, repository: Path | None) -> None:
    """Give a subject's revisions their positions, names, dates, titles and pages; write what changed."""
    rows = connection.execute(select(revision).where(revision.c.subject_id == subject)).mappings().all()
    commits = _commits(repository, [row["commit_hash"] for row in rows]) if repository else {}
    pages = commit_pages_of(repository) if repository and commits else ""
    fresh = [_described(dict(row), names, commits, pages) for row in rows]
    fresh.sort(key=_by_date(commits))
    before = {row["id"]: row for row in rows}
    columns = ("position", "name", "date", "title", "page")
    for position, entry in enumerate(fresh):
        entry["position"] = position
    changed = [
        {f"new_{column}": entry[column] for column in columns} | {"row": entry["id"]}
        for entry in fresh
        if any(entry[column] != before[entry["id"]][column] for column in columns)
    ]
    if changed:
        values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns}
        connection.execute(update(revision).where(revision.c.id == bindparam("row")).values(values), changed)


def _described(
    row: dict[str, Any], names: Names, commits: Mapping[str, Commit], pages: str
) -> dict[str, Any]:
    commit = row["commit_hash"]
    known = commits.get(commit)
    name, date = names.get(commit, (commit[:10], row["date"]))
    return row | {
        "name": name,
        "date": known.date if known else date,
        "title": known.title if known else "",
        # a commit plus a patch, as `v1+fix`, is ours alone
        "page": f"{pages}{commit}" if known and pages and "+" not in name else "",
    }


def _by_date(commits: Mapping[str, Commit]) -> Any:
    """Sort by date, but never a child before its parent, whatever the clocks of their authors said."""
    latest, risen = 0, {}
    for commit, known in sorted(commits.items(), key=lambda item: item[1].rank):
        latest = risen[commit] = max(latest, known.date)

    def key(row: Mapping[str, Any]) -> tuple[int, int, str, str]:
        commit = row["commit_hash"]
        known = commits.get(commit)
        return risen.get(commit, row["date"] or 0), known.rank if known else 0, row["name"], commit

    return key


def _commits(repository: Path, wanted: list[str]) -> dict[str, Commit]:
    hashes = {commit for commit in wanted if _HASH.fullmatch(commit)}
    if not hashes:
        return {}
    try:
        log = git(
            repository,
            "log",
            "--stdin",
            "--ignore-missing",
            "--date-order",
            "--reverse",
            "--format=%H%x00%ct%x00%s",
            stdin="\n".join(sorted(hashes)).encode(),
        )
    except PagewalkError:  # the repository of other commits, or none at all: dates still order
        return {}
    found = {}
    for rank, line in enumerate(log.splitlines()):
        commit, _, rest = line.partition("\0")
        if commit in hashes:
            date, _, title = rest.partition("\0")
            found[commit] = Commit(rank, int(date), clean(title, VALUE))
    return found
