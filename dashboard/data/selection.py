"""What an address asks for, found in the library, or said plainly why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.data.address import View
from dashboard.data.library import Library, Shelf
from dashboard.data.rows import Row
from pagewalk.analysis.comparison import Comparison
from pagewalk.errors import PagewalkError, UnknownRevision
from pagewalk.model import Revision

_SHORTEST_COMMIT = 6


@dataclass(frozen=True, slots=True)
class Selection:
    """A subject and two of its revisions, compared.

    Args:
        rows: all of the comparison, the most urgent first.
    """

    shelf: Shelf
    comparison: Comparison
    rows: Sequence[Row]


def select(library: Library, view: View) -> Selection:
    """Find what `view` asks for; what it leaves open is the newest pair.

    Raises:
        PagewalkError: there is no such thing, or nothing at all.
    """
    shelf = find_shelf(library.shelves(), view.subject)
    base, head = find_pair(shelf, view)
    asked = (shelf.subject, base.commit, head.commit)
    return Selection(shelf, library.comparison(*asked), library.rows(*asked))


def find_shelf(shelves: dict[str, Shelf], subject: str) -> Shelf:
    """Return the subject of that name; the first one where no name is given."""
    if not shelves:
        raise PagewalkError("There are no results yet.", "Type `make demo`, or `pagewalk compare BASE HEAD`.")
    if subject and subject not in shelves:
        raise PagewalkError(
            f"There is no subject “{subject}”.", f"Subjects with results: {', '.join(shelves)}."
        )
    return shelves[subject] if subject else next(iter(shelves.values()))


def find_pair(shelf: Shelf, view: View) -> tuple[Revision, Revision]:
    """Return base and head; for those the view leaves open, of the newest pair there is."""
    if not shelf.revisions:
        raise PagewalkError(
            f"Nothing of {shelf.subject} can be read.", "The overview lists the files and reasons."
        )
    newest = shelf.pairs[0] if shelf.pairs else None
    base = find_revision(shelf, view.base) if view.base else newest.base if newest else shelf.revisions[0]
    head = find_revision(shelf, view.head) if view.head else newest.head if newest else shelf.revisions[-1]
    return base, head


def find_revision(shelf: Shelf, text: str) -> Revision:
    """Return the one revision that `text` names: a commit, a name, or the beginning of a commit.

    Raises:
        UnknownRevision: none, or several.
    """
    for matches in (
        [r for r in shelf.revisions if r.commit == text],
        [r for r in shelf.revisions if r.name == text],
        [r for r in shelf.revisions if len(text) >= _SHORTEST_COMMIT and r.commit.startswith(text)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UnknownRevision(
                f"“{text}” names {len(matches)} revisions of {shelf.subject}.",
                f"Say which commit: {', '.join(r.commit[:12] for r in matches)}.",
            )
    raise UnknownRevision(
        f"No revision “{text}” of {shelf.subject} has results.", "Choose one of the lists above."
    )


def handle(revision: Revision, revisions: Sequence[Revision]) -> str:
    """Return what names a revision in an address: its name, or its commit where names collide."""
    alike = sum(other.name == revision.name for other in revisions)
    return revision.name if alike == 1 and revision.name else revision.commit
