"""Where an index is where nobody says: in the cache, one a results folder."""

import hashlib
from pathlib import Path

from pagewalk.cache import cache_root


def default_index(results: Path) -> Path:
    """Return the file of the index over a results folder; it may not exist yet."""
    digest = hashlib.sha256(str(results.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return cache_root() / "index" / f"{digest}.sqlite"
