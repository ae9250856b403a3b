"""Where a forge shows a commit: the page of it that a browser opens."""

import re
from pathlib import Path

from pagewalk.git import GitFailed, git

_ADDRESS = re.compile(r"(?:https?://|ssh://git@|git@|git://)([\w.-]+)[:/]([\w./~+-]+?)(?:\.git)?/?")
_PATHS = {
    "github.com": "{path}/commit/",
    "codeberg.org": "{path}/commit/",
    "gitlab.com": "{path}/-/commit/",
    "bitbucket.org": "{path}/commits/",
    "git.sr.ht": "{path}/commit/",
    "go.googlesource.com": "{path}/+/",
    "chromium.googlesource.com": "{path}/+/",
}
"""By host: what stands before the hash. A host whose name begins with `gitlab.` is laid out as gitlab.com."""


def commit_pages(origin: str) -> str:
    """Return what the address of each commit's page begins with; empty where nobody knows.

    >>> commit_pages("git@github.com:microsoft/mimalloc.git")
    'https://github.com/microsoft/mimalloc/commit/'
    """
    found = _ADDRESS.fullmatch(origin)
    if found is None:
        return ""
    host, path = found[1].lower(), found[2].strip("/")
    laid_out = _PATHS.get("gitlab.com" if host.startswith("gitlab.") else host, "")
    return f"https://{host}/{laid_out.format(path=path)}" if laid_out and ".." not in path else ""


def commit_pages_of(repository: Path) -> str:
    """Return the same for a repository: of where pagewalk cloned it from, else of its `origin`."""
    for key in ("pagewalk.origin", "remote.origin.url"):
        try:
            return commit_pages(git(repository, "config", "--get", key).strip())
        except GitFailed:
            continue
    return ""
