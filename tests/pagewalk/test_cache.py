import threading
from pathlib import Path

import pytest

from pagewalk.cache import cache_root, publish
from pagewalk.errors import ConfigError, Unavailable


def test_the_own_variable_wins_over_the_xdg_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", "/own")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_root() == Path("/own")


def test_empty_and_relative_variables_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/someone")
    assert cache_root() == Path("/home/someone/.cache/pagewalk")


def test_nothing_is_seen_before_the_block_ends(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "thing"
    with publish(folder) as temporary:
        (temporary / "file").write_text("whole")
        assert not folder.exists()
    assert (folder / "file").read_text() == "whole"
    assert [path.name for path in folder.parent.iterdir()] == ["thing"]


def test_a_block_that_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with publish(tmp_path / "thing") as temporary:
            (temporary / "file").write_text("half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    assert not list(tmp_path.iterdir())


def test_of_many_concurrent_publishers_one_wins_whole_and_none_fails(tmp_path: Path) -> None:
    folder = tmp_path / "thing"
    together = threading.Barrier(8)

    def work(number: int) -> None:
        with publish(folder) as temporary:
            for part in ("a", "b"):
                (temporary / part).write_text(str(number))
            together.wait(timeout=30)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (folder / "a").read_text() == (folder / "b").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


def test_a_cache_that_cannot_be_written_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable) as caught, publish(tmp_path / "file" / "thing"):
        pass
    assert str(tmp_path / "file") in caught.value.message
    assert "PAGEWALK_CACHE" in caught.value.remedy


@pytest.mark.parametrize("name", ["a b", "a:b", "a\tb"])
def test_a_folder_whose_path_divides_paths_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / name))
    with pytest.raises(ConfigError, match="a blank or a colon"):
        cache_root()
