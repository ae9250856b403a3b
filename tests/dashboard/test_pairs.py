"""Which revisions are compared without being asked for."""

from dashboard.pairs import Pair, find_pairs
from pagewalk.model import Revision

OLD, MIDDLE, NEW = (Revision("s", letter * 40, f"v{n}", n) for n, letter in enumerate("abc"))
VARIANT = Revision("s", "d" * 40, "v2+patch", 0)


def sat(*names: str, machine: str = "board") -> dict[str, frozenset[str]]:
    return {machine: frozenset(names)}


def names(pairs: list[Pair]) -> list[tuple[str, str]]:
    return [(pair.base.name, pair.head.name) for pair in pairs]


def test_the_latest_sitting_comes_first() -> None:
    sittings = {OLD.commit: sat("1", "2"), MIDDLE.commit: sat("1"), NEW.commit: sat("2")}
    pairs = find_pairs([OLD, MIDDLE, NEW], sittings)
    assert names(pairs)[:2] == [("v0", "v2"), ("v0", "v1")]
    assert pairs[0].sitting == "2"


def test_a_variant_is_the_head_of_what_it_varies_even_if_it_is_older() -> None:
    sittings = {VARIANT.commit: sat("1"), NEW.commit: sat("1")}
    assert names(find_pairs([VARIANT, NEW], sittings))[0] == ("v2", "v2+patch")


def test_releases_of_one_sitting_are_compared_as_neighbours_and_variants_with_their_own() -> None:
    sittings = {r.commit: sat("1") for r in (OLD, NEW, VARIANT)}
    found = names(find_pairs([VARIANT, OLD, NEW], sittings))
    assert found[:2] == [("v2", "v2+patch"), ("v0", "v2")]


def test_results_of_plain_asv_are_compared_as_neighbours_the_newest_first() -> None:
    sittings = {r.commit: sat() for r in (OLD, MIDDLE, NEW)}
    pairs = find_pairs([OLD, MIDDLE, NEW], sittings)
    assert names(pairs) == [("v1", "v2"), ("v0", "v1")]
    assert {pair.sitting for pair in pairs} == {""}


def test_revisions_without_a_common_machine_are_no_pair() -> None:
    assert find_pairs([OLD, NEW], {OLD.commit: sat(), NEW.commit: sat(machine="laptop")}) == []


def test_a_pair_names_the_machines_that_sat_together() -> None:
    both = {"board": frozenset("1"), "laptop": frozenset("1")}
    (pair,) = find_pairs([OLD, NEW], {OLD.commit: both, NEW.commit: {"laptop": frozenset("1")}})
    assert pair.machines == ("laptop",)


def test_a_revision_without_results_takes_no_part() -> None:
    assert find_pairs([OLD, NEW], {OLD.commit: sat("1")}) == []
