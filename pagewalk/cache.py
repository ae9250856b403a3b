"""Where things live that can be made again, and how they get there whole or not at all."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pagewalk.abandoned import drop_abandoned, prefix_of
from pagewalk.errors import ConfigError, Unavailable

# ld.so(8): the items of LD_PRELOAD are divided by spaces or colons, and cannot be quoted
_DIVIDES = re.compile(r"[\s:]")


def cache_root() -> Path:
    """Return the absolute cache folder; it may not exist yet.

    `$PAGEWALK_CACHE`, else `$XDG_CACHE_HOME/pagewalk`, else `~/.cache/pagewalk`. A relative
    `XDG_CACHE_HOME` is ignored, as the XDG base directory specification asks; an empty
    variable counts as unset.

    Raises:
        ConfigError: its path holds what divides paths in `LD_PRELOAD` and in makefiles.
    """
    root = _named_root()
    if _DIVIDES.search(str(root)):
        raise ConfigError(
            f"the cache folder {str(root)!r} holds a blank or a colon: LD_PRELOAD and makefiles would take "
            "it for two",
            "Name another one: export PAGEWALK_CACHE=/some/folder",
        )
    return root


def _named_root() -> Path:
    if own := os.environ.get("PAGEWALK_CACHE"):
        return Path(own).expanduser().absolute()
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(xdg) if xdg and Path(xdg).is_absolute() else Path.home() / ".cache"
    return base / "pagewalk"


@contextmanager
def publish(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `folder`; rename it to `folder` when the block ends well.

    Nobody ever sees half of it. Where somebody else published the same folder in the
    meantime, theirs stays and ours is dropped: whatever is cached is named by its content,
    so both are the same. Where the block raises, nothing is left behind.

    Raises:
        Unavailable: the cache folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        drop_abandoned(folder.parent)
        temporary = Path(tempfile.mkdtemp(prefix=prefix_of(folder.name), suffix=".tmp", dir=folder.parent))
    except OSError as error:
        raise Unavailable(
            f"cannot write to the cache folder {folder.parent}: {error.strerror}",
            "Make it writable, or name another one: export PAGEWALK_CACHE=/some/folder",
        ) from error
    try:
        temporary.chmod(0o755)
        yield temporary
        # One sync of all is cheaper than one fsync for each of the ten thousand files of a toolchain,
        # and without it a power cut after the rename leaves empty files under a final name.
        os.sync()
        _rename_unless_there(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _rename_unless_there(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
