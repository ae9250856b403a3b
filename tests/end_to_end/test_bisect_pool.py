"""The defects planted in the pool subject, found by the real command on real runs."""

import json

import pytest

from tests.end_to_end.conftest import Command

pytestmark = pytest.mark.slow

CRASH = "1b7f7a66dfc8b1cbaffdaa72ce957df26abf90a0"
"""Its table of size classes lacks the last entry: 1009 to 1024 bytes get a block of 16."""
COUNTER = "eb4bac15110d7a4795cbc4558d4ede04c3a6688b"
"""It divides by a number that the compiler cannot know, twice an operation."""
GROWTH = ("31e2da0efd", "5b772b8239")
"""The first does not build; the second maps two mebibytes ahead. Either may have meant it."""


def search(call: Command, *words: str) -> dict[str, object]:
    asked = ("bisect", "--subject", "pool", "--bad", "v1.2", *words, "--format", "json")
    done = call("pagewalk", *asked, check=False)
    assert done.stdout, done.stderr
    content: dict[str, object] = json.loads(done.stdout)
    return content


@pytest.mark.parametrize("runner", ["local", "qemu-riscv64"])
def test_a_crash_is_found(call: Command, runner: str) -> None:
    found = search(call, "--good", "v1.0", "-r", runner, "--benchmark", "Churn.*size=1024")
    assert found["status"] == "found"
    assert found["first_bad"] == CRASH
    assert isinstance(found["posterior"], float)
    assert found["posterior"] >= 0.99


def test_an_exact_counter_that_grew_is_found_in_a_handful_of_builds(call: Command) -> None:
    asked = (
        "--good",
        "v1.1",
        "-r",
        "qemu-riscv64",
        "--benchmark",
        "Churn.*size=16",
        "--metric",
        "instructions",
    )
    found = search(call, *asked)
    assert (found["status"], found["first_bad"]) == ("found", COUNTER)
    assert int(str(found["measurements"])) <= 14


def test_memory_that_grew_next_to_a_commit_that_does_not_build_is_a_range(call: Command) -> None:
    asked = ("--good", "v1.1", "-r", "local", "--benchmark", "Churn.*size=16", "--metric", "peak_rss")
    found = search(call, *asked)
    assert found["status"] == "range"
    assert found["first_bad"] is None
    assert isinstance(found["range"], list)
    assert tuple(commit[:10] for commit in found["range"]) == GROWTH
