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


def expected_sum(operation: str, elements: int, loops: int) -> int:
    """Return what all loads add up to: the i-th key holds i + 1, and keys are gone through in turn."""
    if operation == "iterate":
        return loops * -(-LOOP // elements) * elements * (elements + 1) // 2
    if operation == "lookup-hit":
        return sum(i % elements + 1 for i in range(loops * LOOP))
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


@pytest.mark.parametrize("keys", ["int", "string"])
def test_an_element_weighs_its_key_and_value_and_less_than_four_times_that(go: Go, keys: str) -> None:
    own = {"int": 8, "string": 16}[keys] + 8
    said = run(go("gomap"), "--elements=100000", f"--keys={keys}", "--loops=1")
    assert own < said.facts()["heap_bytes_per_element"] < 4 * own


def test_a_map_too_small_to_weigh_has_no_weight(go: Go) -> None:
    assert "heap_bytes_per_element" not in run(go("gomap"), "--elements=64", "--loops=1").facts()


def test_the_number_of_processors_is_the_environments(go: Go) -> None:
    said = run(go("gomap"), "--loops=1", environment={"GOMAXPROCS": "1"})
    assert said.facts()["gomaxprocs"] == 1
    assert said.facts()["runtime"].startswith(f"go{GO_RELEASE}")
