"""perf script's stacks become folded ones, whatever a symbol is called."""

from hypothesis import given
from hypothesis import strategies as st

from runners.counters.folded import fold, scaled

# Recorded from perf 6.1, names shortened.
SCRIPT = """\
wld\x20
\t            11d9 main+0x0
\t           2724a __libc_start_call_main

wld PERF_RECORD_LOST lost 283
wld\x20
\t            11d9 main+0x0
\t           2724a __libc_start_call_main

my prog\x20
\t             b26 [unknown]

"""


def test_stacks_are_folded_root_first_with_counts() -> None:
    assert fold(SCRIPT) == ("[lost] 283\nmy prog;[unknown] 1\nwld;__libc_start_call_main;main+0x0 2\n")


def test_a_sample_may_stand_for_many_occurrences_and_all_for_those_that_were_counted() -> None:
    text = "my prog          1 \n\t  1 f\n\nmy prog         97 \n\t  1 f\n\nmy prog          2 \n\t  2 g\n"
    weighted = fold(text, weighted=True)
    assert weighted == "my prog;f 98\nmy prog;g 2\n"
    assert scaled(f"[lost] 9\n{weighted}", 1000) == "my prog;f 980\nmy prog;g 20\n"
    assert scaled("", 5) == ""


def test_losses_that_are_reported_twice_are_counted_once() -> None:
    text = "w PERF_RECORD_LOST lost 3\nw PERF_RECORD_LOST lost 4\nw PERF_RECORD_LOST_SAMPLES lost 7\n"
    assert fold(text) == "[lost] 7\n"


def test_a_symbol_cannot_end_its_frame_or_reach_a_terminal() -> None:
    assert fold("w\n\t  1 a;b\x1b[2J c\n\n") == "w;a\\x3bb\\x1b[2J c 1\n"


@given(st.text(max_size=300))
def test_any_text_gives_well_formed_lines(text: str) -> None:
    for line in fold(text).splitlines():
        stack, _, count = line.rpartition(" ")
        assert stack
        assert int(count) > 0


def test_nothing_recorded_is_nothing() -> None:
    assert fold("") == ""
