"""Where a forge shows a commit."""

from pathlib import Path

import pytest

from pagewalk.forges import commit_pages, commit_pages_of
from pagewalk.git import git

GITHUB = "https://github.com/microsoft/mimalloc/commit/"


@pytest.mark.parametrize(
    ("origin", "pages"),
    [
        ("https://github.com/microsoft/mimalloc", GITHUB),
        ("https://github.com/microsoft/mimalloc.git/", GITHUB),
        ("git@github.com:microsoft/mimalloc.git", GITHUB),
        ("ssh://git@GitHub.com/microsoft/mimalloc", GITHUB),
        ("https://gitlab.gnome.org/GNOME/glib.git", "https://gitlab.gnome.org/GNOME/glib/-/commit/"),
        ("https://go.googlesource.com/go", "https://go.googlesource.com/go/+/"),
        ("https://example.org/some/thing.git", ""),
        ("/home/me/allocator", ""),
        ("file:///home/me/allocator", ""),
        ("javascript:alert(1)//github.com/a/b", ""),
        ("https://github.com/../../etc", ""),
        ('https://github.com/a"onclick="x/b', ""),
        ("https://me:secret@github.com/a/b", ""),
        ("", ""),
    ],
)
def test_an_address_that_git_clones_from_becomes_one_that_a_browser_opens(origin: str, pages: str) -> None:
    assert commit_pages(origin) == pages


def test_a_repository_is_shown_where_it_was_cloned_from(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert not commit_pages_of(tmp_path)
    git(tmp_path, "config", "remote.origin.url", "git@github.com:microsoft/mimalloc.git")
    assert commit_pages_of(tmp_path) == GITHUB
    git(tmp_path, "config", "pagewalk.origin", "https://github.com/jemalloc/jemalloc")
    assert commit_pages_of(tmp_path) == "https://github.com/jemalloc/jemalloc/commit/"
