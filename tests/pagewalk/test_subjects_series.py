"""A subject whose history is kept as patches."""

import subprocess
from pathlib import Path

import pytest

from pagewalk.errors import ConfigError
from pagewalk.subjects.series import address_of

PATCHES = Path(__file__).parents[2] / "subjects" / "pool"
NEWEST = "920b8f396418c73e9812afe6a402a7436dc8ecf9"


def git(repository: str, *arguments: str) -> str:
    command = ["git", "-C", repository, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_patches_become_one_commit_each_with_the_same_hashes_for_everybody(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_NAME", "somebody else")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    repository = address_of(str(PATCHES))
    assert git(repository, "rev-parse", "main").strip() == NEWEST
    assert len(git(repository, "rev-list", "main").split()) == len(list(PATCHES.glob("*.patch"))) == 30


def test_a_trailer_of_a_message_names_a_tag(cache: Path) -> None:
    repository = address_of(str(PATCHES))
    assert git(repository, "tag").split() == ["v1.0", "v1.1", "v1.2"]
    assert git(repository, "rev-parse", "v1.2").strip() == NEWEST


def test_anything_else_is_left_to_git(cache: Path) -> None:
    (cache / "plain").mkdir()
    assert address_of(str(cache / "plain")) == str(cache / "plain")
    assert address_of("https://example.org/x.git") == "https://example.org/x.git"


def test_a_series_with_a_gap_says_which_patch_does_not_apply(cache: Path) -> None:
    folder = cache / "series"
    folder.mkdir()
    for patch in sorted(PATCHES.glob("*.patch"))[1:3]:
        (folder / patch.name).write_bytes(patch.read_bytes())
    with pytest.raises(ConfigError, match="does not apply"):
        address_of(str(folder))
    assert not list((cache / "cache" / "series").glob("[0-9a-f]*[0-9a-f]")), "nothing half-made is kept"
