"""All pages, in the order of the navigation: to add one, add it here."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import Dash

from dashboard.data.catalogue import Catalogue
from dashboard.data.library import Library
from dashboard.data.searches import Searches
from dashboard.data.watched import NOTHING, Watched
from dashboard.pages import (
    attention,
    bisect,
    callbacks,
    compare_drawn,
    crashes,
    curve,
    history,
    live,
    machines,
    profile,
)
from dashboard.pages.compare import PATH, compare_page
from dashboard.pages.overview import overview


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the dashboard.

    Args:
        title: what the navigation calls it.
        layout: returns the page for the query of an address.
        register: connects its controls, once.
        kept: whether it follows from the index, its address, and what `beside` tells, so that it need be
            drawn only once.
        beside: names the present state of what else it follows from; asked at each click.
        stays: whether it stands by while somebody is elsewhere, since it takes long to draw; for pages that
            follow from nothing but the index and their address.
        foresee: works out what it takes long for, and keeps it: somebody is about to open it.
        text: whether most of it is text and quick to come by, so that a document can bring it along.
    """

    title: str
    path: str
    layout: Callable[[str], Any]
    register: Callable[[Dash], None] = lambda _app: None
    kept: bool = False
    beside: Callable[[], Hashable] = lambda: None
    stays: bool = False
    foresee: Callable[[str], object] = lambda _search: None
    text: bool = False


def places(
    library: Library, catalogue: Catalogue, watched: Watched = NOTHING, *, allow_triage: bool = False
) -> tuple[Place, ...]:
    """Return every page over the same results, and over what commands write of their work."""
    over_time = history.HistoryPage(catalogue)
    places_of_work = machines.MachinesPage(catalogue, library)
    endings = crashes.CrashesPage(catalogue, library)
    over_sizes = curve.CurvePage(catalogue)
    stacks = profile.ProfilePage(catalogue, library)
    searches = bisect.BisectPage(Searches(watched.searches))
    work = live.LivePage(watched.live)
    return (
        Place(
            "Overview",
            "/",
            lambda _search: overview(library, catalogue, allow_triage=allow_triage),
            lambda app: attention.register(app, library) if allow_triage else None,
            kept=True,
            beside=lambda: (catalogue.state.found, library.decisions()),
            text=True,
        ),
        Place(
            "Compare",
            PATH,
            lambda search: compare_page(library, search),
            lambda app: callbacks.register(app, library),
            kept=True,
            stays=True,
            foresee=lambda search: compare_drawn.foresee(library, search),
        ),
        _standing_by(history.TITLE, over_time),
        _standing_by(curve.TITLE, over_sizes),
        Place(profile.TITLE, profile.PATH, stacks.layout, stacks.register),
        Place(crashes.TITLE, crashes.PATH, endings.layout, endings.register, kept=True, text=True),
        Place(bisect.TITLE, bisect.PATH, searches.layout, searches.register),
        Place(machines.TITLE, machines.PATH, places_of_work.layout, places_of_work.register, text=True),
        Place(live.TITLE, live.PATH, work.layout, work.register),
    )


def _standing_by(title: str, over: history.HistoryPage | curve.CurvePage) -> Place:
    """Return a page that takes long to draw and follows from nothing but the index and its address."""
    page = over.page
    return Place(title, page.path, over.layout, over.register, kept=True, stays=True, foresee=page.foresee)


def find_place(found: Sequence[Place], pathname: str) -> Place | None:
    """Return the page at a path; None where there is none."""
    return next((place for place in found if place.path == pathname), None)
