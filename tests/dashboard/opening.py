"""A folder of results, opened as the pages read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.data.catalogue import Catalogue
from dashboard.data.indexing import Indexing
from dashboard.data.library import Library
from pagewalk.index.database import open_index


@contextmanager
def opened(root: Path, index: Path) -> Iterator[tuple[Library, Indexing]]:
    """Open a folder of one's own; yields what reads it and what follows it."""
    following = Indexing(open_index(index, create=True), root)
    following.start(patience=20)
    try:
        yield Library(root, Catalogue(following)), following
    finally:
        following.stop()
        following.index.close()
