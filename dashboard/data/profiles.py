"""What the profile page shows: stacks of one case on one machine, of one commit or of two."""

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.data.benchmarks import split, workloads_of
from dashboard.data.catalogue import Catalogue
from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.data.trend import chosen
from pagewalk.analysis.profiles import Argument, Profile, SymbolChange, arguments, difference, pooled
from pagewalk.errors import PagewalkError
from pagewalk.history.profiles import Profiled, Profiles, case_slug, profiled
from pagewalk.index.answering.model import IndexedRevision
from pagewalk.model import Case
from pagewalk.reports.flame import FlameText

FIELDS = ("subject", "case", "machine", "event", "base", "head")
"""What an address of the page may ask: `case` by its name or slug, `base` and `head` by commits."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be looked at, narrowed from left to right by what is chosen already.

    Args:
        cases: names by slug.
        revisions: those with profiles of the case on the machine by the event, oldest first.
    """

    subject: str
    cases: dict[str, str]
    slug: str
    machines: tuple[str, ...]
    machine: str
    events: tuple[str, ...]
    event: str
    revisions: tuple[IndexedRevision, ...]
    base: IndexedRevision | None
    head: IndexedRevision


@dataclass(frozen=True, slots=True)
class Shown:
    """The profiles that an address names, one an execution.

    Args:
        base: empty where one commit is looked at alone.
    """

    choices: Choices
    base: tuple[Profile, ...]
    head: tuple[Profile, ...]

    def changes(self) -> list[SymbolChange]:
        """Return the functions; of a single commit they have not changed."""
        return difference(self.base or self.head, self.head)

    def arguments(self) -> tuple[Argument, ...]:
        """Return what arguments of a probed function were; none for other events."""
        return arguments(pooled(self.head), pooled(self.base) if self.base else None)

    def text(self) -> FlameText:
        """Return what stands around the graph."""
        one = self.choices
        base = one.base.name if one.base else ""
        names = f"{base} → {one.head.name}" if base else one.head.name
        counts = f"{len(self.base)} and {len(self.head)}" if base else str(len(self.head))
        total = sum(profile.total for profile in (*self.base, *self.head))
        about = f"{one.event} on {one.machine}: {counts} executions, {total} samples."
        return FlameText(f"{one.cases[one.slug]} at {names}", (about,), head=one.head.name, base=base)


def choices(catalogue: Catalogue, library: Library, query: Query) -> Choices:
    """Narrow down what an address asks.

    Raises:
        PagewalkError: there is no such thing, or nothing was profiled.
    """
    subject = chosen(query.one("subject"), catalogue.subjects(), "subject")
    history = library.history(subject)
    found = profiled(history.folder) if history else []
    if not found:
        raise PagewalkError(
            f"No profile of {subject} yet.",
            f"Type `pagewalk profile CASE -s {subject}`, or `pagewalk flame BASE HEAD -s {subject} -b CASE`.",
        )
    slug = _slug(subject, query, sorted({one.slug for one in found}))
    machines = _distinct(one.machine for one in found if one.slug == slug)
    machine = chosen(query.one("machine"), machines, "profile on machine")
    here = [one for one in found if (one.slug, one.machine) == (slug, machine)]
    events = _distinct(one.event for one in here)
    event = chosen(query.one("event"), events, "profile of event")
    revisions = _revisions(catalogue, subject, [one for one in here if one.event == event])
    head = _revision(revisions, query.one("head"), revisions[-1])
    base = _revision(revisions, query.one("base"), None) if query.one("base") else None
    cases = _names(catalogue, subject, {one.slug for one in found})
    return Choices(
        subject,
        cases,
        slug,
        tuple(machines),
        machine,
        tuple(events),
        event,
        revisions,
        base,
        head or revisions[-1],
    )


def shown(catalogue: Catalogue, library: Library, query: Query) -> Shown:
    """Read the profiles that an address names.

    Raises:
        PagewalkError: there is no such thing, or a file of it is no profile.
    """
    found = choices(catalogue, library, query)
    history = library.history(found.subject)
    assert history is not None, "choices found profiles in it"

    def read(revision: IndexedRevision | None) -> tuple[Profile, ...]:
        if revision is None:
            return ()
        profiles = Profiles(history.folder, found.machine, revision.commit)
        return tuple(profiles.read_slug(found.slug, found.event))

    base, head = read(found.base), read(found.head)
    if not any(p.total for p in head) or (found.base and not any(p.total for p in base)):
        raise PagewalkError("These profiles have no samples.", "Record more with `pagewalk profile`.")
    return Shown(found, base, head)


def _slug(subject: str, query: Query, known: Sequence[str]) -> str:
    asked = query.one("case")
    if asked and case_slug(asked) not in known:
        sides = " ".join(query.one(side)[:12] for side in ("base", "head") if query.one(side))
        pattern = shlex.quote(re.escape(asked))
        raise PagewalkError(
            f"No profile of {asked} yet.",
            f"Type `pagewalk flame {sides or 'BASE HEAD'} -s {subject} -b {pattern}`.",
        )
    return case_slug(asked) if asked else known[0]


def _distinct(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _revisions(catalogue: Catalogue, subject: str, found: Sequence[Profiled]) -> tuple[IndexedRevision, ...]:
    """Name the commits; one that has profiles but no results goes by its first digits."""
    known = {revision.commit[:8]: revision for revision in catalogue.revisions(subject)}
    unknown = [one.commit for one in found if one.commit not in known]
    bare = [IndexedRevision(commit, -1, commit, None) for commit in unknown]
    named = [known[one.commit] for one in found if one.commit in known]
    return tuple(sorted((*bare, *named), key=lambda revision: revision.position))


def _revision(
    revisions: Sequence[IndexedRevision], asked: str, default: IndexedRevision | None
) -> IndexedRevision | None:
    if not asked:
        return default
    for revision in revisions:
        if revision.commit[:8] == asked[:8]:
            return revision
    names = ", ".join(revision.name for revision in revisions)
    raise PagewalkError(f"No profile of this case at {asked[:12]}.", f"There are profiles at: {names}.")


def _names(catalogue: Catalogue, subject: str, slugs: set[str]) -> dict[str, str]:
    """Return cases by slug, in order; a case without results goes by its slug."""
    names = {slug: slug for slug in sorted(slugs)}
    benchmarks = catalogue.benchmarks(subject)
    for workload, metrics in workloads_of(benchmarks).items():
        if not any(slug.startswith(case_slug(Case(workload))) for slug in slugs):
            continue
        metric = metrics[0]
        name = next(b for b in benchmarks if split(b) == (workload, metric))
        for series in catalogue.series(subject, name):
            case = Case(workload, series.key.params)
            if case_slug(case) in names:
                names[case_slug(case)] = str(case)
    return names
