"""Where the files of an artifact lie on a board: under their own paths, in a folder named by content."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact


@dataclass(frozen=True)
class Placement:
    """Files of one artifact.

    Args:
        files: sha256 by absolute path here.
    """

    files: Mapping[Path, str]

    @cached_property
    def manifest(self) -> bytes:
        """A line `SHA256 PATH` for each file, the path without its first slash, and `.` at the end."""
        lines = sorted(f"{digest} {str(path).lstrip('/')}" for path, digest in self.files.items())
        return "".join(f"{line}\n" for line in (*lines, ".")).encode()

    @cached_property
    def name(self) -> str:
        """The same for the same files under the same paths, on every board."""
        return hashlib.sha256(self.manifest).hexdigest()

    def root(self, folder: str) -> str:
        """Return what stands before every path there.

        Args:
            folder: the board's absolute folder.
        """
        return f"{folder}/trees/{self.name}"

    def there(self, word: str, folder: str) -> str:
        """Return a word of a command or an environment with each of our paths as the board has it.

        A path counts where it begins the word or follows one of `=:,` and a space: `--preload=/a/b.so`,
        `/a/lib:/b/lib`. Folders that hold our files count too.
        """
        return self._paths.sub(lambda match: self.root(folder) + match[0], word)

    def names(self, file: Path, folder: str) -> list[str]:
        """Return what one of our files, all links followed, is called there."""
        return [self.there(str(path), folder) for path in self.files if path.resolve() == file]

    def here(self, text: bytes, folder: str) -> bytes:
        """Return what the board wrote with its paths as we have them."""
        return text.replace(self.root(folder).encode(), b"")

    def find(self, name: str) -> Path | None:
        """Return our file of a mapping's name: its path, or just its last part."""
        wanted = Path(name.removesuffix(" (deleted)"))
        return next((p for p in self.files if wanted in (p, Path(p.name))), None)

    @cached_property
    def _paths(self) -> re.Pattern[str]:
        known = {str(path) for path in self.files} | {str(path.parent) for path in self.files}
        longest_first = sorted(known - {"/"}, key=len, reverse=True)
        return re.compile(rf"(?:(?<=^)|(?<=[=:, ]))(?:{'|'.join(map(re.escape, longest_first))})(?=$|[:, /])")


def place(artifact: Artifact) -> Placement:
    """Return where the files of an artifact go; an executable that is not among them is.

    Raises:
        Unavailable: a file is gone, or its name cannot be told to the board.
    """
    paths = dict.fromkeys((*artifact.files, Path(artifact.command[0])))
    return Placement({_plain(path): _digest(path) for path in paths})


def _plain(path: Path) -> Path:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  what a link is called matters, not where it leads
    if "\n" in str(absolute) or "\0" in str(absolute):
        raise Unavailable(f"{str(absolute)!r} has a line end in its name", "Build in another folder.")
    return absolute


def _digest(path: Path) -> str:
    try:
        stat = path.stat()
        return _digest_of(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise Unavailable(
            f"cannot send {path}: {error.strerror}", "Build it again: the cache may have been emptied."
        ) from error


@lru_cache(maxsize=4096)
def _digest_of(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
