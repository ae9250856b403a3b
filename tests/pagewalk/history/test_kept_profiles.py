"""Profiles in the history."""

from pathlib import Path

import pytest

from pagewalk.analysis.profiles import Profile
from pagewalk.errors import HistoryError
from pagewalk.history.profiles import Profiles
from pagewalk.model import Case

COMMIT = "a" * 40
CASE = Case("alloc.Churn", (("size", "16"),))


def test_profiles_come_back_in_the_order_they_were_taken(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, "vm", COMMIT)
    for number in (10, 9, 0):
        profiles.keep(CASE, "cpu-clock", number, f"main {number + 1}\n")
    read = profiles.read(CASE, "cpu-clock")
    assert read == [Profile({("main",): count}) for count in (1, 10, 11)]


def test_events_are_kept_apart_and_so_are_cases_that_begin_alike(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, "vm", COMMIT)
    profiles.keep(CASE, "page-faults", 0, "a 1\n")
    profiles.keep(CASE, "cycles:u", 0, "a 1\n")
    profiles.keep(Case("alloc"), "page-faults", 0, "b 1\n")
    assert profiles.events(CASE) == {"page-faults": 1, "cycles_u": 1}
    assert profiles.events(Case("alloc")) == {"page-faults": 1}
    assert profiles.read(Case("alloc"), "page-faults") == [Profile({("b",): 1})]


def test_a_case_with_a_hostile_name_stays_in_its_folder(tmp_path: Path) -> None:
    case = Case("../../../x", (("p", "'/../'"),))
    Profiles(tmp_path / "results", "vm", COMMIT).keep(case, "../e", 0, "a 1\n")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.parent == tmp_path / "results" / "vm" / "evidence" / COMMIT[:8]
    assert Profiles(tmp_path / "results", "vm", COMMIT).read(case, "../e")


def test_an_execution_without_samples_leaves_no_file(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, "vm", COMMIT)
    profiles.keep(CASE, "page-faults", 0, "a 1\n")
    profiles.keep(CASE, "page-faults", 0, "")
    assert profiles.events(CASE) == {}


def test_a_file_that_is_no_profile_is_said(tmp_path: Path) -> None:
    Profiles(tmp_path, "vm", COMMIT).keep(CASE, "page-faults", 0, "{}\n")
    with pytest.raises(HistoryError, match="no folded stack"):
        Profiles(tmp_path, "vm", COMMIT).read(CASE, "page-faults")
