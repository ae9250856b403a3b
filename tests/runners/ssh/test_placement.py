"""Paths of an artifact as the board has them, and back."""

from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Target
from runners.ssh.placement import Placement, place

FILES = {
    Path("/c/sysroot/lib/ld-linux.so.1"): "a" * 64,
    Path("/c/sysroot/lib/libc.so.6"): "b" * 64,
    Path("/c/it's $HOME/churn"): "c" * 64,
}
PLACEMENT = Placement(FILES)
ROOT = PLACEMENT.root("/board")


@pytest.mark.parametrize(
    ("word", "there"),
    [
        ("/c/sysroot/lib/libc.so.6", f"{ROOT}/c/sysroot/lib/libc.so.6"),
        ("/c/sysroot/lib", f"{ROOT}/c/sysroot/lib"),
        ("/c/sysroot/lib:/c/sysroot/lib", f"{ROOT}/c/sysroot/lib:{ROOT}/c/sysroot/lib"),
        ("--preload=/c/it's $HOME/churn", f"--preload={ROOT}/c/it's $HOME/churn"),
        ("/c/sysroot/lib/locale", f"{ROOT}/c/sysroot/lib/locale"),
        ("/c/sysroot/library", "/c/sysroot/library"),
        ("/usr/bin/env", "/usr/bin/env"),
        ("x/c/sysroot/lib", "x/c/sysroot/lib"),
        ("--inhibit-cache", "--inhibit-cache"),
    ],
)
def test_our_paths_become_the_boards_and_no_others(word: str, there: str) -> None:
    assert PLACEMENT.there(word, "/board") == there
    assert PLACEMENT.here(there.encode(), "/board") == word.encode()


def test_the_same_files_have_the_same_place_in_any_order_and_others_another() -> None:
    assert Placement(dict(reversed(FILES.items()))).name == PLACEMENT.name
    assert Placement({**FILES, Path("/c/more"): "d" * 64}).name != PLACEMENT.name
    assert Placement(dict.fromkeys(FILES, "e" * 64)).name != PLACEMENT.name


def test_only_what_was_sent_is_looked_at_for_symbols() -> None:
    assert PLACEMENT.find("/c/sysroot/lib/libc.so.6") == Path("/c/sysroot/lib/libc.so.6")
    assert PLACEMENT.find("churn (deleted)") == Path("/c/it's $HOME/churn")
    assert PLACEMENT.find("/etc/shadow") is None


def test_what_cannot_be_sent_is_said_before_anything_is(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot send"):
        place(Artifact((str(tmp_path / "gone"),), Target("arm64")))
    broken = tmp_path / "a\nb"
    broken.write_text("")
    with pytest.raises(Unavailable, match="line end"):
        place(Artifact((str(broken),), Target("arm64")))
