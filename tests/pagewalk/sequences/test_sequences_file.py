"""The project's file of sequences: read strictly, written whole, each sequence once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.errors import ConfigError
from pagewalk.sequences import Sequence, read_sequences, remember
from pagewalk.sequences.file import NAME
from pagewalk.sequences.sequence import ranges

ONE = Sequence("found-1", "alloc_sequence", (("sequence", "7"), ("keep", "3,17-19")), 'crashed "so"\nat v1')


def write(root: Path, text: str) -> None:
    (root / "benchmarks").mkdir(exist_ok=True)
    (root / NAME).write_text(text)


def test_a_sequence_that_is_remembered_is_read_again_and_remembered_once(tmp_path: Path) -> None:
    (tmp_path / "benchmarks").mkdir()
    assert read_sequences(tmp_path) == []
    assert remember(tmp_path, ONE)
    assert not remember(tmp_path, Sequence("other-name", ONE.program, ONE.options))
    assert read_sequences(tmp_path) == [ONE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[sequence", "Expected"),
        ("[other]\n", "nothing else"),
        ("sequence = 1\n", "nothing else"),
        ("[[sequence]]\nname = 'A b'\nprogram = 'p'\noptions = {}\n", "no name"),
        ("[[sequence]]\nname = 'a'\nprogram = '../p'\noptions = {}\n", "no program"),
        ("[[sequence]]\nname = 'a'\nprogram = 'p'\noptions = {keep = '; rm'}\n", "options must be"),
        ("[[sequence]]\nname = 'a'\nprogram = 'p'\noptions = {sequence = true}\n", "options must be"),
        ("[[sequence]]\nname = 'a'\nprogram = 'p'\noptions = {}\nmore = 1\n", "other keys"),
        (2 * "[[sequence]]\nname = 'a'\nprogram = 'p'\noptions = {}\n", "twice"),
    ],
)
def test_a_file_that_somebody_broke_is_refused_and_says_where(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError, match=said):
        read_sequences(tmp_path)
    with pytest.raises(ConfigError):
        remember(tmp_path, ONE)
    assert (tmp_path / NAME).read_text() == text


@given(st.sets(st.integers(0, 300)))
def test_ranges_name_every_step_and_no_other(steps: set[int]) -> None:
    named = set()
    for part in filter(None, ranges(sorted(steps)).split(",")):
        begin, _, end = part.partition("-")
        named |= set(range(int(begin), int(end or begin) + 1))
    assert named == steps


def test_the_sequences_of_this_project_can_be_read_some_for_malloc_and_some_for_maps() -> None:
    known = read_sequences(Path(__file__).parents[3])
    assert {one.program for one in known} == {"alloc_sequence", "gosequence"}
