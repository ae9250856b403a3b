"""The gate on the pool subject: the same is not executed, worse is told apart from broken."""

import json

import pytest

from tests.end_to_end.conftest import Command

pytestmark = pytest.mark.slow

GUARDED = "cbb4c8c8fc74a83840965d3c25c4029c4e19d4e6"
README_CHANGED = "25c46a3797961263fb3d834794651d85f9c88457"
COUNTED = "eb4bac15110d7a4795cbc4558d4ede04c3a6688b"
CRASHES = "1b7f7a66dfc8b1cbaffdaa72ce957df26abf90a0"


@pytest.mark.parametrize(
    ("base", "head", "status"),
    [
        pytest.param(GUARDED, README_CHANGED, 0, id="the same bytes but for the folder they were built in"),
        pytest.param("v1.1", "v1.1", 0, id="the same commit"),
        pytest.param("v1.1", COUNTED, 1, id="more instructions"),
        pytest.param("v1.1", CRASHES, 3, id="more instructions and a crash"),
    ],
)
def test_the_exit_status_is_the_answer(call: Command, base: str, head: str, status: int) -> None:
    asked = ("-s", "pool", "--base", base, "--head", head, "-r", "qemu-riscv64", "-b", "Churn")
    done = call("pagewalk", "ci", *asked, "--report", "json:gate.json", check=False)
    assert done.returncode == status, done.stdout + done.stderr


def test_what_is_the_same_bytes_is_said_and_not_executed(call: Command) -> None:
    asked = (
        "-s",
        "pool",
        "--base",
        GUARDED,
        "--head",
        README_CHANGED,
        "-r",
        "qemu-riscv64",
        "-b",
        "Churn.*16",
    )
    content = json.loads(call("pagewalk", "ci", *asked, "--report", "json").stdout)
    assert content["metrics"] == []
    assert "same artifact" in call("pagewalk", "ci", *asked).stdout
