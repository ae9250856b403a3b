"""Files that are written whole or not at all, and read as what anybody may have written."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from pagewalk.abandoned import drop_abandoned, prefix_of

MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a value out of JSON of another shape raises."""


def write_whole(path: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Write `content` to a temporary sibling, sync it, and rename it to `path`.

    Whoever reads `path` sees the old content or the new, never half of one, whatever dies when. Siblings
    that others who died meanwhile left are removed.

    Args:
        durable: whether it must outlive a power cut; what is told twice a second need not wait for disks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    drop_abandoned(path.parent)
    data = content.encode() if isinstance(content, str) else content
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=prefix_of(path.name), suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_json(path: Path, most: int) -> Any:
    """Return what a JSON file of at most `most` bytes holds; of whatever shape, see `MALFORMED`.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger, or no JSON.
        RecursionError: it is nested without end.
    """
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most} bytes")
    return json.loads(content)
