"""The initramfs writer: what it packs, another program unpacks."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.qemu_system.cpio import Member, file, folder, link, pack

HEADER = 110

names = st.text(st.characters(exclude_characters="\0/", codec="utf-8"), min_size=1, max_size=30)
members = st.builds(Member, path=names, mode=st.just(stat.S_IFREG | 0o755), content=st.binary(max_size=200))


def _unpacked(archive: bytes) -> list[Member]:
    """Read an archive as buffer-format.rst describes it."""
    found, place = list[Member](), 0
    while True:
        assert archive[place : place + 6] == b"070701"
        fields = [int(archive[place + 6 + 8 * n : place + 14 + 8 * n], 16) for n in range(13)]
        mode, size, name_size = fields[1], fields[6], fields[11]
        name = archive[place + HEADER : place + HEADER + name_size]
        begin = -(-(place + HEADER + name_size) // 4) * 4
        if name == b"TRAILER!!!\0":
            return found
        found.append(Member(name[:-1].decode(), mode, archive[begin : begin + size]))
        place = -(-(begin + size) // 4) * 4


@given(st.lists(members, max_size=5))
def test_what_is_packed_is_unpacked_as_it_was(packed: list[Member]) -> None:
    assert _unpacked(pack(packed)) == packed


def test_another_program_unpacks_files_folders_and_links(tmp_path: Path) -> None:
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("no second opinion on the format: apt-get install busybox")
    archive = pack((folder("a"), file("a/b", b"content"), link("a/c", "b")))
    subprocess.run(
        [busybox, "cpio", "-i", "-d"], input=archive, cwd=tmp_path, check=True, capture_output=True
    )
    assert (tmp_path / "a" / "b").read_bytes() == b"content"
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "a" / "c").readlink() == Path("b")
