"""Histograms of arguments from profiles."""

from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.profiles import Profile, arguments, parse_folded
from pagewalk.analysis.profiles.arguments import Bucket, value_frame

WORDS = st.integers(0, 2**64 - 1)


def test_buckets_are_powers_of_two_with_the_empty_ones_between() -> None:
    head = parse_folded("w;malloc;size=24 8230\nw;malloc;size=31 1\nw;malloc;size=200 4115\nw;malloc 9\n")
    (size,) = arguments(head)
    assert (size.name, size.base, size.head) == ("size", 0, 12346)
    assert size.buckets == (
        Bucket(16, 31, 0, 8231),
        Bucket(32, 63, 0, 0),
        Bucket(64, 127, 0, 0),
        Bucket(128, 255, 0, 4115),
    )


def test_two_sides_share_their_buckets_and_arguments_are_apart() -> None:
    base = parse_folded("w;calloc;count=0;size=8 2\n")
    head = parse_folded("w;calloc;count=1;size=8…15 3\n")
    count, size = arguments(head, base)
    assert count.buckets == (Bucket(0, 0, 2, 0), Bucket(1, 1, 0, 3))
    assert size.buckets == (Bucket(8, 15, 2, 3),)


def test_functions_with_an_equals_sign_are_no_values() -> None:
    assert arguments(parse_folded("main;operator=(int) 3\nx=1;main 2\n")) == ()


@given(st.dictionaries(WORDS, st.integers(1, 1000), min_size=1, max_size=30), st.booleans())
def test_every_call_is_in_the_one_bucket_that_holds_its_value(calls: dict[int, int], ranged: bool) -> None:
    counts: dict[tuple[str, ...], int] = {}
    for value, count in calls.items():
        stack = ("main", value_frame("n", value, ranged=ranged))
        counts[stack] = counts.get(stack, 0) + count
    (found,) = arguments(Profile(counts))
    assert found.head == sum(calls.values()) == sum(bucket.head for bucket in found.buckets)
    for bucket in found.buckets:
        assert bucket.head == sum(n for value, n in calls.items() if bucket.low <= value <= bucket.high)
