"""Which revisions are compared without being asked for."""

from dashboard.data.pairs import Pair, find_pairs
from pagewalk.model import Revision

OLD, MIDDLE, NEW = (Revision("s", letter * 40, f"v{n}", n) for n, letter in enumerate("abc"))
VARIANT = Revision("s", "d" * 40, "v2+patch", 3)


def sat(began: float, *names: str, machine: str = "board") -> dict[str, dict[str, float]]:
    return {machine: dict.fromkeys(names, began)}


def names(pairs: list[Pair]) -> list[tuple[str, str]]:
    return [(pair.base.name, pair.head.name) for pair in pairs]


def test_the_latest_sitting_comes_first() -> None:
    sittings = {OLD.commit: sat(0, "1", "2"), MIDDLE.commit: sat(1, "1"), NEW.commit: sat(2, "2")}
    pairs = find_pairs([OLD, MIDDLE, NEW], sittings)
    assert names(pairs)[:2] == [("v0", "v2"), ("v0", "v1")]
    assert pairs[0].sitting == "2"


def test_what_a_sitting_began_with_is_its_base_whatever_the_dates() -> None:
    sittings = {NEW.commit: sat(8, "1"), VARIANT.commit: sat(7, "1")}
    assert names(find_pairs([NEW, VARIANT], sittings)) == [("v2+patch", "v2")]


def test_several_revisions_of_one_sitting_are_compared_each_with_the_one_before() -> None:
    sittings = {r.commit: sat(n, "1") for n, r in enumerate((OLD, NEW, VARIANT))}
    assert names(find_pairs([OLD, NEW, VARIANT], sittings)) == [("v2", "v2+patch"), ("v0", "v2")]


def test_results_of_plain_asv_are_compared_as_neighbours_the_newest_first() -> None:
    sittings = {r.commit: sat(0) for r in (OLD, MIDDLE, NEW)}
    pairs = find_pairs([OLD, MIDDLE, NEW], sittings)
    assert names(pairs) == [("v1", "v2"), ("v0", "v1")]
    assert {pair.sitting for pair in pairs} == {""}


def test_revisions_without_a_common_machine_are_no_pair() -> None:
    elsewhere = sat(0, machine="laptop")
    assert find_pairs([OLD, NEW], {OLD.commit: sat(0), NEW.commit: elsewhere}) == []


def test_a_pair_names_the_machines_that_sat_together() -> None:
    both = {"board": {"1": 0.0}, "laptop": {"1": 0.0}}
    (pair,) = find_pairs([OLD, NEW], {OLD.commit: both, NEW.commit: {"laptop": {"1": 1.0}}})
    assert pair.machines == ("laptop",)


def test_a_revision_without_results_takes_no_part() -> None:
    assert find_pairs([OLD, NEW], {OLD.commit: sat(0, "1")}) == []
