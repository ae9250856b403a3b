"""Questions to a guest, against one that is played by a thread: whole answers, or a clear end."""

import socket
import threading
from collections.abc import Callable

import pytest

from runners.qemu_system.line import Broken, Line

LIMIT = 1 << 20

Guest = Callable[[socket.socket], None]


def _line(guest: Guest) -> Line:
    ours, theirs = socket.socketpair()
    console, its_console = socket.socketpair()
    its_console.sendall(b"[    0.1] Kernel panic\n")
    its_console.close()

    def play() -> None:
        with theirs:
            guest(theirs)

    threading.Thread(target=play, daemon=True).start()
    return Line(ours, console)


def _serve(guest: socket.socket) -> None:
    """Do what init.sh does, with `rev` for a shell."""
    guest.sendall(b"ready\n")
    with guest.makefile("rb") as questions:
        while head := questions.readline():
            length, _, command = head.partition(b" ")
            answer = command.strip()[::-1] + questions.read(int(length))
            guest.sendall(b"%d\n" % len(answer) + answer)


def test_questions_are_answered_in_turn_however_long_they_are() -> None:
    line = _line(_serve)
    line.greeted(5)
    assert line.ask("abc", b"", 5, LIMIT) == b"cba"
    long = bytes(range(256)) * 3000
    assert line.ask("abc", long, 5, LIMIT) == b"cba" + long
    assert line.ask("", b"\n7\n", 5, LIMIT) == b"\n7\n"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "went away"),
        (b"12\nshort", "went away"),
        (b"9999999\n", "no length"),
        (b"-1\n", "no length"),
        (b"0x10\n", "no length"),
        (b"a flood without any end of a line", "no length"),
    ],
)
def test_what_is_no_whole_answer_breaks_the_line(answer: bytes, words: str) -> None:
    def guest(end: socket.socket) -> None:
        end.recv(100)
        end.sendall(answer)

    with pytest.raises(Broken, match=words):
        _line(guest).ask("x", b"", 5, LIMIT)


def test_a_guest_that_hangs_is_not_waited_for() -> None:
    silence = threading.Event()

    def guest(_end: socket.socket) -> None:
        silence.wait(30)

    line = _line(guest)
    with pytest.raises(Broken, match="in time"):
        line.ask("x", b"", 0.05, LIMIT)
    silence.set()


def test_the_last_words_of_the_console_are_kept() -> None:
    line = _line(_serve)
    line.greeted(5)
    line.ask("x", b"", 5, LIMIT)
    assert "Kernel panic" in line.said
