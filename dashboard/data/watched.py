"""Where commands write what they are doing, for the pages that look on."""

from dataclasses import dataclass
from pathlib import Path

from pagewalk.bisecting.state import live_root, state_root
from pagewalk.live import FOLDER


@dataclass(frozen=True, slots=True)
class Watched:
    """Folders that pages look into; one that is not there is empty.

    Args:
        live: with records of what runs.
        searches: with states of bisections.
    """

    live: tuple[Path, ...] = ()
    searches: tuple[Path, ...] = ()


NOTHING = Watched()


def watched_at(project: Path | None, *, private: bool) -> Watched:
    """Return what is to be watched.

    Args:
        project: its root; None outside one.
        private: whether only this machine's user looks on. Bisections of other repositories belong to
            that user, not to the project: they are shown to nobody else.
    """
    live = (project / FOLDER,) if project else ()
    searches = (project / ".pagewalk" / "bisect",) if project else ()
    if private:
        return Watched((*live, live_root()), (*searches, state_root()))
    return Watched(live, searches)
