"""Whether two artifacts are the same bytes, wherever in the cache they lie."""

import hashlib
import json
import re
from pathlib import Path

from pagewalk.model import Artifact

# Compilers write the folder they worked in into debug information. Ours has a name drawn anew for each
# build (`pagewalk.abandoned.prefix_of`), always of one length: nothing else in the file depends on it.
_SCRATCH = re.compile(rb"/\.[0-9a-f]{32}\.[0-9a-f]{8}-\d{10}\.[a-z0-9_]{8}\.tmp/")


def fingerprint(artifact: Artifact) -> str:
    """Return a digest of the contents of all files, of the command and of the environment.

    The folders that hold the files are named after what they were built from, and so differ between
    revisions; they count for nothing, what lies in them does.

    Raises:
        OSError: a file of the artifact is gone.
    """
    text = json.dumps([artifact.command, dict(artifact.environment), str(artifact.target)], sort_keys=True)
    digests = {file: _digest(file) for file in artifact.files if file.is_file()}
    # The longest paths first: a file's own before that of a folder above it.
    for file in sorted(digests, key=lambda path: -len(str(path))):
        text = text.replace(str(file), f"{file.name} {digests[file]}")
    for folder in sorted({file.parent for file in digests}, key=lambda path: -len(str(path))):
        text = text.replace(str(folder), "folder")
    contents = sorted((file.name, digest) for file, digest in digests.items())
    return hashlib.sha256(json.dumps([text, contents]).encode()).hexdigest()[:32]


def _digest(file: Path) -> str:
    return hashlib.sha256(_SCRATCH.sub(b"/scratch/", file.read_bytes())).hexdigest()
