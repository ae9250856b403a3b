"""Output of any size and content stays within bounds and keeps what matters."""

from hypothesis import given
from hypothesis import strategies as st

from runners.execution.capture import HEAD_LIMIT, TAIL_LINES, Capture, printable


def captured(data: bytes, stream: str = "stderr", step: int = 7) -> Capture:
    capture = Capture()
    for start in range(0, len(data), step):
        capture.feed(stream, data[start : start + step])
    capture.close()
    return capture


@given(
    st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=20), max_size=300),
    st.integers(1, 50),
)
def test_the_tail_is_the_last_lines_however_the_bytes_arrive(lines: list[str], step: int) -> None:
    capture = captured("".join(f"{line}\n" for line in lines).encode(), step=step)
    assert capture.last_output == tuple(lines[-TAIL_LINES:])


@given(st.binary(max_size=3000))
def test_any_bytes_become_printable_lines(data: bytes) -> None:
    for line in captured(data).last_output:
        assert line == printable(line)
        assert "\x1b" not in line
        assert "\n" not in line


def test_a_reason_that_scrolled_away_is_kept_before_the_tail() -> None:
    reason = "fatal error: concurrent map writes"
    goroutines = "".join(f"goroutine {number} [running]:\n" for number in range(500))
    last = captured(f"{reason}\n{goroutines}".encode(), step=1000).last_output
    assert last[0] == reason
    assert len(last) == TAIL_LINES + 1
    assert last[-1] == "goroutine 499 [running]:"


def test_a_reason_that_is_still_in_the_tail_is_not_said_twice() -> None:
    assert captured(b"fatal error: x\n").last_output == ("fatal error: x",)


def test_stdout_beyond_the_limit_is_noticed_not_stored() -> None:
    capture = Capture()
    for _ in range(40):
        capture.feed("stdout", b"x" * (1 << 16))
    assert len(capture.stdout_head) == HEAD_LIMIT
    assert capture.overflow


def test_escape_sequences_cannot_reach_a_terminal() -> None:
    assert printable("\x1b[31mred\u202e") == "\\x1b[31mred\\x202e"
