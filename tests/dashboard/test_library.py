"""What lies in the folder is read once, and again when it changes."""

from pathlib import Path

import pytest
from opening import opened
from synthetic_results import BOARD, EMULATED, LAPTOP, RELEASES, build

from dashboard.data.address import View
from dashboard.data.library import Library
from dashboard.data.selection import find_revision, handle, select
from pagewalk.errors import HistoryError, PagewalkError, UnknownRevision
from pagewalk.model import Revision


def test_a_shelf_knows_revisions_machines_and_pairs(library: Library) -> None:
    shelf = library.shelves()["go"]
    assert {machine.name for machine in shelf.machines} == {LAPTOP, BOARD, EMULATED}
    assert [(p.base.name, p.head.name) for p in shelf.pairs] == [("go1.25.5", "go1.25.5+noswissmap")]
    assert dict(shelf.coverage)[shelf.revisions[0].commit] == {LAPTOP, BOARD, EMULATED}


def test_nothing_is_read_twice_until_a_file_changes(tmp_path: Path) -> None:
    root = build(tmp_path / "results")
    with opened(root, tmp_path / "index.sqlite") as (library, indexing):
        first = library.shelves()
        asked = ("malloc", RELEASES[0].commit, RELEASES[1].commit)
        compared = library.comparison(*asked)
        indexing.look(patience=20)
        assert library.shelves() is first
        assert library.comparison(*asked) is compared
        (root / "malloc" / LAPTOP / "0bad0bad-file.json").write_text("{")
        indexing.look(patience=20)
        again = library.shelves()
        assert again is not first
        assert [Path(path).name for path, _ in again["malloc"].problems] == ["0bad0bad-file.json"]
        assert library.comparison(*asked) is not compared


def test_one_unreadable_subject_hides_no_other(tmp_path: Path) -> None:
    root = build(tmp_path / "results")
    (root / "go" / "revisions.jsonl").write_text("no json\n")
    with opened(root, tmp_path / "index.sqlite") as (library, _):
        shelves = library.shelves()
        assert "revisions.jsonl" in shelves["go"].problems[0][0]
        assert shelves["malloc"].pairs


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "nowhere", tmp_path / "index.sqlite") as (library, _),
        pytest.raises(HistoryError, match="no results folder"),
    ):
        library.shelves()


def test_an_empty_folder_says_what_to_type(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    with (
        opened(tmp_path / "results", tmp_path / "index.sqlite") as (library, _),
        pytest.raises(PagewalkError) as caught,
    ):
        select(library, View())
    assert "pagewalk compare" in caught.value.remedy


def test_an_unknown_subject_names_those_there_are(library: Library) -> None:
    with pytest.raises(PagewalkError) as caught:
        select(library, View(subject="rust"))
    assert "go, malloc" in caught.value.remedy


@pytest.mark.parametrize("text", ["v2.1.4", "b" * 40, "b" * 7])
def test_a_revision_is_found_by_name_commit_and_its_beginning(library: Library, text: str) -> None:
    assert find_revision(library.shelves()["malloc"], text) == RELEASES[1]


def test_a_revision_nobody_knows_is_an_error_that_says_so(library: Library) -> None:
    with pytest.raises(UnknownRevision, match=r"No revision “v9” of malloc"):
        find_revision(library.shelves()["malloc"], "v9")


def test_revisions_that_share_a_name_go_by_their_commits() -> None:
    twins = [Revision("s", letter * 40, "nightly", 0) for letter in "ab"]
    assert handle(twins[0], twins) == "a" * 40
    assert handle(twins[0], twins[:1]) == "nightly"
