"""Artifacts by content: the product and what is known of it, published together."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.locking import locked
from pagewalk.model import Artifact, Target

_FORMAT = 1
_METADATA = "artifact.json"


def key_of(parts: Mapping[str, object]) -> str:
    """Return the name of what is built from these parts; equal parts, equal names, on every machine."""
    text = json.dumps({"format": _FORMAT, **parts}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def digest_tree(folder: Path, patterns: tuple[str, ...]) -> str:
    """Return a digest of names and contents of all files below `folder` that match a pattern."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one artifact in the cache, whether it is filled or not."""

    folder: Path

    def cached(self) -> Artifact | None:
        """Return what is stored; None where there is nothing, or some of its files are gone."""
        try:
            values = json.loads((self.folder / _METADATA).read_text())
            artifact = Artifact(
                command=tuple(values["command"]),
                target=Target(*values["target"]),
                files=tuple(Path(file) for file in values["files"]),
                environment=values["environment"],
                facts=values["facts"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return artifact if all(file.exists() for file in artifact.files) else None

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """Yield the folder to build in; it becomes `self.folder` when the block ends well."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with publish(self.folder) as scratch:
            yield scratch

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time fill this slot; others find it filled."""
        with locked(self.folder):
            yield


def slot_for(parts: Mapping[str, object]) -> Slot:
    """Return the place for what is built from these parts."""
    return Slot(cache_root() / "artifacts" / key_of(parts))


def write_metadata(folder: Path, artifact: Artifact) -> None:
    """Store beside the product what is known of it; paths in it are those after publication."""
    values = {
        "command": artifact.command,
        "target": [artifact.target.architecture, artifact.target.libc],
        "files": [str(file) for file in artifact.files],
        "environment": dict(artifact.environment),
        "facts": dict(artifact.facts),
    }
    (folder / _METADATA).write_text(json.dumps(values, indent=2, sort_keys=True) + "\n")
