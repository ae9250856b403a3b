"""Keeps the index up to date in the background: pages read what it has by now and never wait for the rest."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from dashboard.data.fingerprint import fingerprint
from dashboard.data.preparing import Preparing
from pagewalk.errors import PagewalkError
from pagewalk.index.changes.searching import searching
from pagewalk.index.database import Index
from pagewalk.index.writing.updating import Options, update

EMPTY: Mapping[str, Path] = MappingProxyType({})
_EVERY = 2.0
"""Seconds between two looks at the files: one `stat` each."""
_REST = 19
"""Times what a look took that follow without one."""
_OFTEN = 10.0
"""Seconds after which pages show what a search for changes has found by then."""
_CHEAP = 0.004
"""Seconds of a look that nobody feels, not even fifty people: nothing rests after those."""


@dataclass(frozen=True, slots=True)
class State:
    """How far the index is.

    Args:
        version: grows whenever the index has more than before; answers of one version are the same.
        share: of the bytes to be read, in [0, 1]; None where nothing is being read.
        trouble: why the index cannot be brought up to date; empty where it can.
        searched: share of the values in which lasting changes were looked for; None where none is looked for.
        found: grows whenever more of these changes are known; nothing else follows from them.
    """

    version: int = 0
    share: float | None = None
    trouble: str = ""
    searched: float | None = None
    found: int = 0


class Indexing:
    """One thread that follows a results folder.

    Args:
        repositories: by subject: they order its commits, know their first lines and the pages of them.
    """

    def __init__(self, index: Index, root: Path, repositories: Mapping[str, Path] = EMPTY) -> None:
        self.index = index
        self.root = root
        self.repositories = repositories
        self._state = State()
        self._seen = ""
        self._rested = 0.0
        self._looking = threading.Lock()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._idle = threading.Event()
        self._preparing = Preparing(lambda: None)
        self._thread = threading.Thread(target=self._follow, name="indexing", daemon=True)

    @property
    def state(self) -> State:
        return self._state

    def prepare(self, what: Callable[[], object]) -> None:
        """Have something worked out after updates, before anybody asks. To be called before `start`."""
        self._preparing = Preparing(what)

    def start(self, patience: float = 1.5) -> None:
        """Begin, and wait a moment: a small folder is indexed before the first page is asked for."""
        self._thread.start()
        self._idle.wait(patience)

    def stop(self) -> None:
        """End after the update that is under way, if any."""
        self._stopped.set()
        self._wake.set()
        self._thread.join(timeout=5)

    def look(self, patience: float = 0.3) -> State:
        """Look at the files now, since somebody asks; wait a moment where one has changed.

        A file more is indexed within the patience, so that who reloads sees it. More than that comes later.
        """
        if self._state.share is None and self._changed():
            self._idle.clear()
            self._wake.set()
            # a search goes on for up to some seconds before it makes way
            self._idle.wait(patience if self._state.searched is None else 0.0)
        return self._state

    def _changed(self) -> bool:
        """Return whether a file has; looks at many take a twentieth of the time at most, whoever asks."""
        if time.monotonic() < self._rested or not self._looking.acquire(blocking=False):
            return False
        try:
            began = time.thread_time()
            changed = fingerprint(self.root) != self._seen
            taken = time.thread_time() - began
            if taken > _CHEAP:
                self._rested = time.monotonic() + _REST * taken
            return changed
        finally:
            self._looking.release()

    def _follow(self) -> None:
        unsearched = True
        while not self._stopped.is_set():
            now = fingerprint(self.root)
            if now != self._seen:
                self._update()
                self._seen, unsearched = now, True
                self._preparing.changed(time.monotonic())
            self._preparing.go_on(time.monotonic())
            if unsearched:
                unsearched = not self._search()
            self._idle.set()
            if not unsearched:
                self._wake.wait(_EVERY)
            self._wake.clear()

    def _update(self) -> None:
        state = self._state
        self._state = replace(state, share=0.0, trouble="")
        trouble = ""
        try:
            if self.root.is_dir():
                update(self.index, self.root, Options(self.repositories, progress=self._progress))
        except PagewalkError as error:
            trouble = str(error)
        version = self._state.version + 1
        self._state = replace(state, version=version, share=None, trouble=trouble)

    def _progress(self, done: int, total: int) -> None:
        share = done / total if total else 1.0
        self._state = replace(self._state, version=self._state.version + 1, share=share)

    def _search(self) -> bool:
        """Look for lasting changes; return False where a file changed meanwhile, which comes first."""
        told = looked = time.monotonic()
        state = self._state
        try:
            for done, total in searching(self.index, self.root, workers=1):
                now = time.monotonic()
                new = done == total or now - told > _OFTEN
                told = now if new else told
                state = replace(state, found=state.found + new, searched=done / total if total else 1.0)
                self._state = state
                if self._stopped.is_set():
                    return True
                if done < total and now - looked > _EVERY:
                    self._idle.set()
                    looked = now
                    if fingerprint(self.root) != self._seen:
                        return False
        except PagewalkError as error:
            state = replace(state, trouble=str(error))
        finally:
            self._state = replace(state, searched=None)
        return True
