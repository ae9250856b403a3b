"""What can be measured, and what only where it is asked for."""

import json
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from pagewalk.commands import doctor
from pagewalk.model import Missing, Origin, Precision, Provenance, Target
from pagewalk.plugins import ON_REQUEST, RUNNERS


class Board:
    """A runner that counts page faults, or is out of order."""

    emulated = False
    target = Target("riscv64")

    def __init__(self, name: str, reason: str = "") -> None:
        self.name = self.machine = name
        self._reason = reason

    def unavailable(self) -> str:
        return self._reason

    def facts(self) -> Mapping[str, str]:
        return {"arch": "riscv64"}

    def availability(self) -> Mapping[str, Provenance | Missing]:
        faults = Provenance(Origin.KERNEL, Precision.SAMPLED, "perf stat page-faults")
        return {"page_faults": faults, "cycles": Missing("cycles", "no PMU")}


@pytest.fixture(autouse=True)
def runners(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {RUNNERS: (Board("here"),), ON_REQUEST: (Board("second"), Board("third", "not installed"))}
    monkeypatch.setattr(doctor, "load_runners", lambda group=RUNNERS: (found[group], ()))


def test_what_is_taken_on_request_is_named_apart_with_what_it_lacks() -> None:
    said = CliRunner().invoke(doctor.command).output
    usual, _, others = said.partition("What is measured only where it is asked for")
    assert "second" not in usual
    assert "-r second (riscv64-gnu): works here" in others
    assert "-r third (riscv64-gnu): not installed" in others


def test_programs_are_told_the_same() -> None:
    told = json.loads(CliRunner().invoke(doctor.command, ["--format", "json"]).output)
    assert [runner["name"] for runner in told["runners"]] == ["here"]
    assert [runner["name"] for runner in told["on_request"]] == ["second", "third"]
    assert told["runners"][0]["metrics"]["cycles"] == {"missing": "no PMU"}
