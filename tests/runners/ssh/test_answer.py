"""An answer is whole, or it is none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from runners.ssh.answer import read_answer

sections = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_.]{0,10}", fullmatch=True), st.binary(max_size=40))


def _written(found: dict[str, bytes]) -> bytes:
    body = b"".join(b"%s %d\n%s\n" % (name.encode(), len(data), data) for name, data in found.items())
    return b"pagewalk 1\n" + body + b"end\n"


@settings(max_examples=40)
@given(found=sections, noise=st.sampled_from([b"", b"Welcome to the board!\n", b"\x1b[31mmotd\n\n"]))
def test_all_sections_come_back_whatever_a_login_script_printed(
    found: dict[str, bytes], noise: bytes
) -> None:
    answer = read_answer(noise + _written(found))
    assert answer is not None
    assert answer.sections == found


@settings(max_examples=40)
@given(found=sections, data=st.data())
def test_an_answer_that_was_cut_anywhere_is_none(found: dict[str, bytes], data: st.DataObject) -> None:
    whole = _written(found)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert read_answer(whole[:cut]) is None


@given(st.binary(max_size=200))
def test_nonsense_is_no_answer_and_raises_nothing(data: bytes) -> None:
    answer = read_answer(b"pagewalk 1\n" + data)
    assert answer is None or data.endswith(b"end\n")
