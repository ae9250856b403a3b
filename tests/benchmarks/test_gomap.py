"""gomap: what each operation did, computed another way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import GO_RELEASE, run

pytestmark = pytest.mark.slow
Go = Callable[[str], Path]
LOOP = 4096
OPERATIONS = ["assign-grow", "assign-hit", "lookup-hit", "lookup-miss", "delete-insert", "iterate"]
GROWING = ("assign-grow", "iterate")


def expected_sum(operation: str, elements: int, loops: int, start: int = 0) -> int:
    """Return what a goroutine's loads add up to: the i-th key holds i + 1, keys are gone through in turn."""
    if operation == "iterate":
        return loops * -(-LOOP // elements) * elements * (elements + 1) // 2
    if operation == "lookup-hit":
        return sum((start + i) % elements + 1 for i in range(loops * LOOP))
    return 0


@pytest.mark.parametrize("keys", ["int", "string"])
@pytest.mark.parametrize("elements", [1, 8, 64, 1000, 5000])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_map_holds_what_it_should_and_loads_add_up(
    go: Go, operation: str, elements: int, keys: str
) -> None:
    arguments = (f"--operation={operation}", f"--elements={elements}", f"--keys={keys}")
    said = run(go("gomap"), "--loops=3", *arguments)
    a_loop = -(-LOOP // elements) * elements if operation in GROWING else LOOP
    assert said.the("region")["operations"] == 3 * a_loop
    assert said.the("check") == {
        "elements": elements,
        "found": elements,
        "strangers": 0,
        "sum": expected_sum(operation, elements, 3),
    }


@pytest.mark.parametrize("keys", ["int", "string"])
@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "assign-grow"])
def test_nothing_but_growth_allocates(go: Go, operation: str, keys: str) -> None:
    def collections(loops: int) -> int:
        arguments = (f"--operation={operation}", f"--keys={keys}", f"--loops={loops}")
        said = run(go("gomap"), *arguments, environment={"GODEBUG": "gctrace=1"})
        return said.stderr.count("gc ")

    # Eight bytes an operation would be 30 MiB more, and the collector starts at 4.
    assert collections(1001) <= collections(1) + 1


def test_growth_allocates(go: Go) -> None:
    said = run(go("gomap"), "--operation=assign-grow", "--loops=1001", environment={"GODEBUG": "gctrace=1"})
    assert said.stderr.count("gc ") > 20


@pytest.mark.parametrize("kind", ["sync", "locked"])
@pytest.mark.parametrize(("goroutines", "elements"), [(1, 64), (2, 1000), (3, 4096)])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_goroutines_share_holds_what_it_should_and_each_of_them_loads_all_it_should(
    go: Go, operation: str, kind: str, goroutines: int, elements: int
) -> None:
    arguments = (f"--kind={kind}", f"--operation={operation}", f"--elements={elements}")
    said = run(go("gomap"), "--loops=3", f"--goroutines={goroutines}", *arguments)
    whole = -(-LOOP // elements) * elements
    a_loop = {"assign-grow": whole, "iterate": whole * goroutines}.get(operation, LOOP * goroutines)
    assert said.the("region")["operations"] == 3 * a_loop
    starts = [worker * elements // goroutines for worker in range(goroutines)]
    assert said.the("check") == {
        "elements": elements,
        "found": elements,
        "strangers": 0,
        "sum": sum(expected_sum(operation, elements, 3, start) for start in starts),
    }


def test_writers_without_a_lock_are_told_by_go_and_end_the_process_with_status_2(go: Go) -> None:
    line = ("--kind=racing", "--operation=assign-hit", "--processors=2", "--loops=1000")
    for _ in range(5):
        said = run(go("gomap"), *line)
        assert said.status == 2
        assert said.stderr.startswith("fatal error: concurrent map writes")
        assert not [entry for entry in said.lines if "region" in entry]


@pytest.mark.parametrize("line", [("--goroutines=1",), ("--operation=lookup-hit",), ("--operation=iterate",)])
def test_without_a_lock_one_writer_or_many_readers_do_no_harm(go: Go, line: tuple[str, ...]) -> None:
    said = run(go("gomap"), "--kind=racing", "--operation=assign-hit", "--loops=20", *line)
    assert said.status == 0, said.stderr
    assert said.the("check")["found"] == 4096


@pytest.mark.parametrize(("keys", "own"), [("int", 8), ("string", 16)])
def test_an_element_takes_its_key_and_value_and_less_than_four_times_that(
    go: Go, keys: str, own: int
) -> None:
    said = run(go("gomap"), "--elements=1000000", f"--keys={keys}", "--loops=1")
    memory = said.the("memory")
    assert memory["live_bytes"] == 1_000_000 * (own + 8)
    # The kernel counts resident pages by thread and adds them up now and then: some may be missing.
    assert memory["live_bytes"] - (1 << 20) < memory["resident_bytes"] < 4 * memory["live_bytes"]
    # What stays holds both lists of keys, the backing bytes of strings too, and no map.
    assert 2 * 1_000_000 * own < memory["settled_bytes"]


def test_a_map_too_small_to_weigh_has_no_weight(go: Go) -> None:
    assert set(run(go("gomap"), "--elements=64", "--loops=1").the("memory")) == {"settled_bytes"}


def test_huge_pages_are_taken_and_refused_as_asked(go: Go) -> None:
    def huge(word: str) -> int:
        said = run(go("gomap"), "--elements=500000", f"--pages={word}", "--loops=1")
        if said.status == 71:
            pytest.skip(said.stderr)
        return int(said.facts()["huge_bytes"])

    # Half a million keys of 8 bytes, as many absent ones, and a map of at least 16 bytes an element.
    assert huge("small") == 0
    assert huge("huge") > 500_000 * (8 + 8 + 16) * 0.8


def test_the_number_of_processors_is_the_environments_unless_it_is_asked_for(go: Go) -> None:
    said = run(go("gomap"), "--loops=1", environment={"GOMAXPROCS": "1"})
    assert said.facts()["gomaxprocs"] == 1
    asked = run(go("gomap"), "--loops=1", "--processors=2", environment={"GOMAXPROCS": "1"})
    assert asked.facts()["gomaxprocs"] == 2
    assert said.facts()["runtime"].startswith(f"go{GO_RELEASE}")
