"""Time lines that were kept, for pages and as CSV."""

from dataclasses import dataclass

from flask import Flask, Response, request

from dashboard.data.library import Library
from dashboard.data.query import Query
from dashboard.data.spreadsheet import Cell, spreadsheet
from pagewalk.analysis.timeline import Entry, Timeline, timeline
from pagewalk.errors import PagewalkError
from pagewalk.history.profiles import case_slug
from pagewalk.history.timelines import KeptTimeline, Timelines

PATH = "/timeline"
FIELDS = ("subject", "case", "machine", "commit")
COLUMNS = ("seconds", "kind", "thread", "address", "function", "detail", "lasted")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose time line it is.

    Args:
        case: its name or slug.
    """

    subject: str
    case: str
    machine: str
    commit: str

    @property
    def csv(self) -> str:
        """The address of it as CSV."""
        query = Query(FIELDS).but(
            subject=self.subject, case=case_slug(self.case), machine=self.machine, commit=self.commit[:8]
        )
        return f"{PATH}/csv{query.write()}"


def kept_at(library: Library, place: Place) -> KeptTimeline | None:
    """Return the time line that is kept there; None where none is.

    Raises:
        HistoryError: a file of that name is no time line.
    """
    history = library.history(place.subject)
    known = history is not None and place.machine in {machine.name for machine in history.machines()}
    if history is None or not known or not place.commit.isalnum():
        return None
    return Timelines(history.folder, place.machine, place.commit).read(place.case)


def timeline_csv(found: Timeline) -> str:
    """Return one line an event, after a line of headings; times in seconds since the region began."""
    return spreadsheet(COLUMNS, map(_line, found.entries))


def _line(entry: Entry) -> tuple[Cell, ...]:
    event = entry.event
    address = "" if event.address is None else f"{event.address:#x}"
    names = (event.kind.value, event.thread, address, event.function, event.detail)
    return (entry.seconds, *names, entry.lasted)


def register(server: Flask, library: Library) -> None:
    """Serve each time line as CSV."""

    @server.get(f"{PATH}/csv")
    def timeline_file() -> Response:
        query = Query.parse(request.query_string.decode("utf-8", "replace"), FIELDS)
        place = Place(*(query.one(name) for name in FIELDS))
        try:
            kept = kept_at(library, place)
        except PagewalkError as error:
            return Response(str(error), 404, mimetype="text/plain")
        if kept is None:
            return Response("There is no such time line.", 404, mimetype="text/plain")
        response = Response(timeline_csv(timeline(kept.events)), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="pagewalk-timeline.csv"'
        return response
