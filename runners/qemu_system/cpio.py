"""An initramfs: files packed the way the kernel unpacks them.

Source: Documentation/driver-api/early-userspace/buffer-format.rst ("newc"), and cpio(5).
"""

import stat
from collections.abc import Iterable
from dataclasses import dataclass

_TRAILER = "TRAILER!!!"
_ALIGNMENT = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One file, folder or link of an archive.

    Args:
        path: relative, as `bin/sh`.
        mode: type and permissions as in stat(2); see `folder`, `file` and `link`.
        content: of a file; of a link what it points to.
    """

    path: str
    mode: int
    content: bytes = b""


def folder(path: str) -> Member:
    return Member(path, stat.S_IFDIR | 0o755)


def file(path: str, content: bytes) -> Member:
    """Return an executable file; in a guest of our own everything may be executed."""
    return Member(path, stat.S_IFREG | 0o755, content)


def link(path: str, target: str) -> Member:
    return Member(path, stat.S_IFLNK | 0o777, target.encode())


def pack(members: Iterable[Member]) -> bytes:
    """Return the archive; the same members give the same bytes.

    Args:
        members: folders before what is in them, since the kernel makes none by itself.
    """
    entries = [_entry(number, member) for number, member in enumerate(members, start=1)]
    return b"".join((*entries, _entry(0, Member(_TRAILER, 0))))


def _entry(inode: int, member: Member) -> bytes:
    name = member.path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(member.mode) else 1
    # magic; then inode, mode, uid, gid, links, mtime, size, four of device numbers, name's size, checksum
    fields = (inode, member.mode, 0, 0, links, 0, len(member.content), 0, 0, 0, 0, len(name), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(header + name) + _padded(member.content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
