"""The page of machines says of their state what `pagewalk doctor` says."""

from collections.abc import Iterator, Mapping

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
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[doctor.Answer, ...]]:
    monkeypatch.setattr(doctor, "load_runners", lambda: ((Laptop(), Broken()), ()))
    doctor._ask.cache_clear()
    yield doctor.ask()[0]
    doctor._ask.cache_clear()


def test_the_advice_is_that_of_the_command_line(answers: tuple[doctor.Answer, ...]) -> None:
    assert answers[0].advice == advise(FACTS)
    assert "swapoff -a" in str(machines._doctor(answers, ()))


def test_a_machine_that_cannot_be_asked_costs_no_other_anything(answers: tuple[doctor.Answer, ...]) -> None:
    assert answers[1].unavailable == "OSError: gone"
    assert answers[1].advice == ()
