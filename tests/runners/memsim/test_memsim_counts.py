"""Reading what the plugin left, and what somebody else may have left in its place."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.memsim.counts import Unreadable, read_counts

# Recorded from the plugin: the pointer chase over 80 pages on riscv64.
HEADER = (
    '{"memsim": 1, "target": "riscv64", "mode": "full", "threads": false, "max_vcpus": 4096, '
    '"l1d": {"sets": 64, "ways": 8}, "l2": {"sets": 2048, "ways": 16}, "dtlb": {"sets": 16, "ways": 4}, '
    '"stlb": {"sets": 128, "ways": 12}}'
)
REGION = (
    '{"region": 0, "vcpus": 1, "instructions": 197040, "loads": 65620, "stores": 0, "zeroed_blocks": 0, '
    '"dtlb_misses": 65621, "dtlb_store_misses": 0, "stlb_misses": 0, "stlb_store_misses": 0, '
    '"l1d_misses": 1, "l1d_store_misses": 0, "l2_misses": 1, "l2_store_misses": 0, "walk_loads": 0}'
)
END = '{"end": true, "regions": 1, "vcpus": 1}'


def write(folder: Path, *lines: str, last: str = "\n") -> Path:
    path = folder / "memsim.jsonl"
    path.write_text("\n".join(lines) + last)
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    counts = read_counts(write(tmp_path, HEADER, REGION, END))
    assert (counts.target, counts.full, counts.threads, counts.vcpus, counts.ended) == (
        "riscv64",
        True,
        False,
        1,
        True,
    )
    assert counts.regions[0]["dtlb_misses"] == 65621


def test_a_guest_that_died_keeps_the_regions_that_ended_before(tmp_path: Path) -> None:
    counts = read_counts(write(tmp_path, HEADER, REGION))
    assert list(counts.regions) == [0]
    assert not counts.ended


def test_only_a_last_line_that_says_so_makes_a_kill_the_guests_own(tmp_path: Path) -> None:
    kill = '{"kills_itself": true, "vcpus": 1}'
    assert read_counts(write(tmp_path, HEADER, REGION, kill)).killed_itself
    assert not read_counts(write(tmp_path, HEADER, kill, REGION)).killed_itself
    assert not read_counts(write(tmp_path, HEADER, kill[:-1], last="")).killed_itself


def test_a_program_that_was_executed_in_the_guests_place_is_known_unless_it_failed(tmp_path: Path) -> None:
    begun, failed = '{"replaced": true, "vcpus": 1}', '{"replaced": false, "vcpus": 1}'
    assert read_counts(write(tmp_path, HEADER, REGION, begun)).replaced
    assert not read_counts(write(tmp_path, HEADER, begun, failed, REGION, END)).replaced
    assert not read_counts(write(tmp_path, HEADER, REGION, END)).replaced


@pytest.mark.parametrize("cut", [1, 20, 100, len(REGION)])
def test_a_line_that_was_cut_off_was_never_written(tmp_path: Path, cut: int) -> None:
    counts = read_counts(write(tmp_path, HEADER, REGION[:cut], last=""))
    assert not counts.regions


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["garbage"], "line 1 .* is not JSON"),
        (["[]"], "line 1 .* is no object"),
        (["{}"], "no header"),
        ([HEADER.replace('"memsim": 1', '"memsim": 2')], "no header of version 1"),
        ([HEADER.replace('"riscv64"', "7")], "no target"),
        ([HEADER.replace("4096", '"many"')], "max_vcpus"),
        ([HEADER, REGION.replace("65621", "-1")], "dtlb_misses = -1 is no count"),
        ([HEADER, REGION.replace("65621", "true")], "dtlb_misses = True is no count"),
        ([HEADER, REGION.replace("65621", "1e9")], "is no count"),
        ([HEADER, REGION.replace("65621", "9" * 40)], "is no count"),
        ([HEADER, REGION.replace('"dtlb_misses"', '"dtlb"')], "lacks dtlb_misses"),
        ([HEADER, REGION, REGION], "line 3 .* second region 0"),
        ([HEADER, "[" * 100_000], "is not JSON"),
    ],
)
def test_what_the_plugin_never_writes_is_refused_in_words(tmp_path: Path, lines: list[str], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_counts(write(tmp_path, *lines))


def test_an_empty_file_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="empty"):
        read_counts(write(tmp_path, last=""))


def test_a_file_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="left no counts: No such file"):
        read_counts(tmp_path / "nothing")


def test_a_flood_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "flood"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(Unreadable, match="exceed"):
        read_counts(path)


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_raise_anything_but_a_reason(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, after_header: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk"
    path.write_bytes((HEADER.encode() + b"\n" if after_header else b"") + junk + b"\n")
    with suppress(Unreadable):
        counts = read_counts(path)
        assert all(value >= 0 for region in counts.regions.values() for value in region.values())


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_json_in_place_of_a_count_is_taken_for_one(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "json"
    region = {**json.loads(REGION), "stlb_misses": value}
    path.write_text(f"{HEADER}\n{json.dumps(region)}\n")
    if isinstance(value, int) and 0 <= value < 1 << 63:
        assert read_counts(path).regions[0]["stlb_misses"] == value
    else:
        with pytest.raises(Unreadable):
            read_counts(path)
