"""TOML files are read with suspicion."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.config import Table, read_toml
from pagewalk.errors import ConfigError

TEXT = """\
kind = "go"
# a comment with targts = [] in it
targets = ["x86_64"]

[[release]]
version = "1.24.3"

[[release]]
version = "1.25.5"
dat = 2025-12-02

[build]
command = "make"
"""


def table(tmp_path: Path, text: str = TEXT) -> Table:
    path = tmp_path / "subject.toml"
    path.write_text(text)
    return read_toml(path)


def test_an_unknown_key_is_refused_with_file_and_line_and_the_nearest_known_key(tmp_path: Path) -> None:
    second = table(tmp_path).tables("release")[1]
    with pytest.raises(ConfigError) as caught:
        second.allow("version", "date")
    assert caught.value.message == f"{tmp_path / 'subject.toml'}:10: unknown key 'dat' in [release]"
    assert caught.value.remedy == "Did you mean 'date'?"


def test_an_unknown_key_that_resembles_none_lists_all_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        table(tmp_path).table("build").allow("zzz", "qqq")
    assert caught.value.remedy == "Known here: qqq, zzz."
    assert ":13: " in caught.value.message


def test_a_missing_key_names_the_line_of_its_section(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r":5: 'date' is missing in \[release\]"):
        table(tmp_path).tables("release")[0].seconds("date")


def test_a_value_of_the_wrong_type_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r":1: kind = 'go' is not a list of strings"):
        table(tmp_path).texts("kind")


def test_a_value_that_does_not_match_its_pattern_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must match"):
        table(tmp_path).text("kind", pattern="[0-9]+")


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        table(tmp_path, 'a = "b"\nc = \n')


@pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5000], ids=["too deep", "too long"])
def test_a_value_that_is_too_much_for_python_is_refused_too(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="not TOML"):
        table(tmp_path, f"a = {value}\n")


def test_a_file_that_is_not_there_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        read_toml(tmp_path / "none.toml")


def test_a_date_without_a_time_is_midnight_utc(tmp_path: Path) -> None:
    assert table(tmp_path, "date = 1970-01-02").seconds("date") == 86400


@given(st.datetimes(timezones=st.just(None)).map(lambda moment: moment.replace(microsecond=0)))
def test_a_date_time_without_an_offset_is_utc(moment: object) -> None:
    text = str(moment).replace(" ", "T")
    values = {"date": __import__("datetime").datetime.fromisoformat(text)}
    there = Table(Path("x.toml"), f"date = {text}", values).seconds("date")
    values = {"date": __import__("datetime").datetime.fromisoformat(f"{text}+00:00")}
    assert there == Table(Path("x.toml"), f"date = {text}Z", values).seconds("date")
