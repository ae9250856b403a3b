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


def test_runners_that_lack_the_same_for_one_reason_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    there = (Board("here"), Board("there"), Board("nowhere", "not installed: apt-get install it"))
    monkeypatch.setattr(doctor, "load_runners", lambda group=RUNNERS: (there if group == RUNNERS else (), ()))
    said = CliRunner().invoke(doctor.command).output
    assert "\n  here, there: cycles\n    no PMU\n" in said
    assert "\n  nowhere\n    not installed: apt-get install it\n" in said


def test_programs_are_told_the_same() -> None:
    told = json.loads(CliRunner().invoke(doctor.command, ["--format", "json"]).output)
    assert [runner["name"] for runner in told["runners"]] == ["here"]
    assert [runner["name"] for runner in told["on_request"]] == ["second", "third"]
    assert told["runners"][0]["metrics"]["cycles"] == {"missing": "no PMU"}


class Laptop(Board):
    """A real machine that tells its state and what it is doing just now."""

    def facts(self) -> Mapping[str, str]:
        return {"governor": "powersave", "kernel": "6.12", "num_cpu": "2"}

    def moment(self) -> Mapping[str, str]:
        return {"load_avg_1min": "4.00"}


class Emulator(Laptop):
    emulated = True


@pytest.fixture
def a_laptop_and_an_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {RUNNERS: (Laptop("laptop"), Emulator("qemu-riscv64")), ON_REQUEST: ()}
    monkeypatch.setattr(doctor, "load_runners", lambda group=RUNNERS: (found[group], ()))


@pytest.mark.usefixtures("a_laptop_and_an_emulator")
def test_the_state_of_a_real_machine_is_told_with_what_harms_and_what_is_silent() -> None:
    said = CliRunner().invoke(doctor.command).output.partition("The state of")[2]
    assert said.startswith(" laptop, before measuring")
    assert "kernel 6.12; governor powersave; load 4.00" in said
    assert "It does not tell: processor, microcode, libc, MHz, turbo" in said
    assert "! governor is powersave" in said
    assert "system tune" in said
    assert "! load is 4 on 2 processors" in said
    assert "qemu-riscv64" not in said


@pytest.mark.usefixtures("a_laptop_and_an_emulator")
def test_what_is_told_is_as_wide_as_the_terminal_but_for_what_is_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Board, "availability", lambda _: {"cycles": Missing("cycles", "no PMU " * 30)})
    said = CliRunner(env={"COLUMNS": "60"}).invoke(doctor.command).output
    told = [
        line for line in said.splitlines() if "pyperf system tune" not in line and "PAGEWALK_CPUS" not in line
    ]
    assert max(map(len, told)) <= 60
    assert "\n    no PMU no PMU" in said
    assert "\n        no PMU no PMU" in said
    assert "or: sudo cpupower frequency-set -g performance\n" in said


@pytest.mark.usefixtures("a_laptop_and_an_emulator")
def test_programs_are_told_the_state_and_the_advice() -> None:
    laptop, emulator = json.loads(CliRunner().invoke(doctor.command, ["--format", "json"]).output)["runners"]
    assert laptop["facts"]["load_avg_1min"] == "4.00"
    assert [set(advice) for advice in laptop["advice"]] == [{"state", "why", "remedy"}] * 2
    assert emulator["advice"] == []


def test_a_machine_in_a_good_state_is_told_so() -> None:
    assert "Nothing in it harms measurement." in CliRunner().invoke(doctor.command).output
