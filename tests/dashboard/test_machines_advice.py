"""The page of machines says of their state what `pagewalk doctor` says."""

from collections.abc import Mapping

import pytest

from dashboard.data import doctor
from dashboard.pages import machines
from pagewalk.analysis.advice import advise
from pagewalk.model import Missing, Provenance, Target

FACTS = {"governor": "powersave", "swap": "4096"}


class Laptop:
    name = machine = "laptop"
    target = Target("x86_64")
    emulated = False

    def unavailable(self) -> str:
        return ""

    def facts(self) -> Mapping[str, str]:
        return FACTS

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {}


class Broken(Laptop):
    name = machine = "broken"

    def facts(self) -> Mapping[str, str]:
        raise OSError("gone")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> doctor.Answers:
    monkeypatch.setattr(doctor, "load_runners", lambda: ((Laptop(), Broken()), ()))
    monkeypatch.setattr(doctor, "_latest", [])
    return doctor.ask()


def test_the_advice_is_that_of_the_command_line(answers: doctor.Answers) -> None:
    assert answers.runners[0].advice == advise(FACTS)
    assert "swapoff -a" in str(machines._doctor(answers))


def test_a_machine_that_cannot_be_asked_costs_no_other_anything(answers: doctor.Answers) -> None:
    assert answers.runners[1].unavailable == "OSError: gone"
    assert answers.runners[1].advice == ()


def test_what_was_asked_lately_is_on_the_page_and_what_was_not_is_asked_from_there(
    answers: doctor.Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.ask() is answers
    there = str(machines._doctor_section(doctor.at_hand()))
    assert "swapoff -a" in there
    assert "machines-doctor" not in there
    later = answers.asked + 301
    monkeypatch.setattr(doctor, "monotonic", lambda: later)
    assert doctor.at_hand() is None
    assert "machines-doctor" in str(machines._doctor_section(doctor.at_hand()))
    assert doctor.ask() is not answers
