"""Folders of one execution, which vanish with it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pagewalk.errors import Unavailable


@contextmanager
def scratch_folders() -> Iterator[tuple[Path, Path]]:
    """Yield an empty folder for counters and one for the workload to stand in; both vanish.

    Raises:
        Unavailable: there is no room for them.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="pagewalk-", ignore_cleanup_errors=True)
    except OSError as error:
        raise Unavailable(
            f"no temporary folder: {error.strerror}", "Name one with room: export TMPDIR=/some/folder"
        ) from error
    with folder as name:
        scratch, work = Path(name) / "scratch", Path(name) / "work"
        scratch.mkdir()
        work.mkdir()
        yield scratch, work
