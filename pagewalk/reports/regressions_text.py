"""The changes of a history in a terminal: the worst first, and what to type next."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from pagewalk.analysis.regressions.change import Change, Kind, Place, State
from pagewalk.analysis.regressions.series import LEAST
from pagewalk.analysis.regressions.told import Regressions
from pagewalk.analysis.rules import ENDING
from pagewalk.analysis.verdict import Verdict
from pagewalk.reports.next_command import bisect_command
from pagewalk.reports.terminal_tables import STYLES
from pagewalk.reports.wording import MARKS, count_of, printable
from pagewalk.units import change as change_text
from pagewalk.units import interval, limit_text, number, pair, title_of_metric, unit_of_metric

_UNDONE = {
    Kind.REGRESSED: "recovered since",
    Kind.IMPROVED: "lost since",
    Kind.BROKEN: "mended since",
    Kind.FIXED: "broken again since",
}

REASONS = 3
"""Reasons for values passed over that a terminal lists."""


def render(found: Regressions, *, most: int | None = None) -> RenderableType:
    """Return the changes, at most `most` of them, below one line that says how many there are."""
    parts: list[RenderableType] = [
        Text(headline(found), style="bold"),
        *(Text(line, style="dim") for line in _rule(found)),
    ]
    parts += [Text(line, style="yellow") for line in _unseen(found)]
    for change in found.changes[:most]:
        parts += ["", *_block(found, change)]
    if most is not None and len(found.changes) > most:
        parts += [
            "",
            Text(f"{len(found.changes) - most} more: --all, or narrow it with --bench.", style="dim"),
        ]
    return Group(*parts)


def headline(found: Regressions) -> str:
    """Return "2 regressed · 1 improved, of 40 series over 12 commits"."""
    counts = found.counts()
    told = " · ".join(f"{counts[kind]} {kind}" for kind in Kind if counts.get(kind))
    told = told or ("nothing changed" if found.short < found.series else "nothing can be told")
    series = "1 series" if found.series == 1 else f"{found.series:,} series"
    return f"{printable(found.subject)}: {told}, of {series} over {count_of(len(found.revisions), 'commit')}"


def _rule(found: Regressions) -> Iterator[str]:
    """Say what counts, in lines that a terminal of 80 columns holds."""
    limits = found.limits
    least = limit_text(limits.threshold)
    yield f"A change counts if it is larger than {least} and the series' own noise floor;"
    yield f"of exact counts, if it is larger than {limit_text(limits.exact_tolerance)}."
    yield f"At most {limit_text(limits.alpha)} of the series told here are expected to be wrong."


def _unseen(found: Regressions) -> Iterator[str]:
    """Say in how many series no change could show, and which values were passed over, and why."""
    if found.short:
        yield f"{found.short:,} of the series have fewer than {LEAST} values: too few for a change to show."
    worst = sorted(found.missing.items(), key=lambda reason: (-reason[1], reason[0]))
    for reason, values in worst[:REASONS]:
        yield f"{count_of(values, 'value')} passed over: {printable(reason)}."
    if len(worst) > REASONS:
        rest = sum(values for _, values in worst[REASONS:])
        others = count_of(len(worst) - REASONS, "other reason")
        yield f"{count_of(rest, 'value')} passed over for {others}: --format json."


def _block(found: Regressions, change: Change) -> Iterator[RenderableType]:
    verdict = Verdict(change.kind)
    what = "" if change.series.metric == ENDING else f" · {title_of_metric(change.series.metric)}"
    where = f"{change.series.case}{what} · {change.series.machine}"
    yield Text.assemble((f"{MARKS[verdict]} {size_text(change)}", STYLES[verdict]), "  ", printable(where))
    yield _indented(f"{place_text(found, change.place)}; {state_text(found, change)}")
    yield _indented(_evidence(found, change), style="dim")
    if found.can_be_narrowed(change):
        yield _indented(bisect_text(found, change), style="cyan")


def _indented(line: str, style: str = "") -> Text:
    # no padding: it would cut a command at the edge of the terminal that somebody wants to copy
    return Text(f"    {line}", style=style)


def size_text(change: Change) -> str:
    """Return "+5.1 % (+4.0 … +6.2 %)", or the kind and how executions end."""
    if change.size is None:
        return f"{change.kind} ({change.ending})"
    size = change.size
    known = interval(size.low, size.high)
    return f"{change_text(size.ratio)} ({known})"


def revision_name(found: Regressions, at: int) -> str:
    """Return a revision's name."""
    return printable(found.revisions[at].name)


def place_text(found: Regressions, place: Place) -> str:
    """Return "after v1 up to v3 (4 commits)"; "at v3" where there is only one commit it can be."""
    commits = found.commits.get(place)
    if commits == 1:
        return f"at {revision_name(found, place.at)}"
    told = "commits unknown" if commits is None else count_of(commits, "commit")
    return f"after {revision_name(found, place.after)}, up to {revision_name(found, place.at)} ({told})"


def state_text(found: Regressions, change: Change) -> str:
    """Return "standing", "recovered since (at v4)" or "came back (recovered at v4, back at v6)"."""
    if change.undone is None:
        return str(State.STANDING)
    undone = f"{_UNDONE[change.kind]} (at {revision_name(found, change.undone.at)})"
    if change.returned is None:
        return undone
    return f"{undone}, and came back (at {revision_name(found, change.returned.at)})"


def _evidence(found: Regressions, change: Change) -> str:
    parts = []
    if change.size is not None:
        unit = unit_of_metric(change.series.metric)
        parts.append(pair(change.size.before, change.size.after, unit))
    parts.append(f"q = {number(change.q, 2)}" if change.p > 0 else "certain: needs no test")
    others = found.others(change)
    if others:
        parts.append(f"{others} other series moved here too")
    return " · ".join(parts)


def bisect_text(found: Regressions, change: Change) -> str:
    """Return the command that narrows a change down to one commit."""
    good, bad = (found.revisions[at].commit[:12] for at in (change.place.after, change.place.at))
    return bisect_command(found.subject, good, bad, change.series)
