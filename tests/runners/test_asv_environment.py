"""Which runner measures when asv itself is called."""

import pytest

from pagewalk.errors import PagewalkError
from runners.asv_environment import chosen_runner


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGEWALK_RUNNER", raising=False)


def test_without_a_word_it_is_the_machine_itself() -> None:
    assert chosen_runner(["asv", "run"]).name == "local"


@pytest.mark.parametrize("words", [["--machine", "qemu-arm64"], ["--machine=qemu-arm64"]])
def test_a_machine_that_is_a_runner_is_that_runner(words: list[str]) -> None:
    assert chosen_runner(["asv", "run", *words, "HEAD^!"]).name == "qemu-arm64"


def test_a_machine_of_the_users_own_naming_is_this_one() -> None:
    assert chosen_runner(["asv", "run", "--machine", "my-desk"]).name == "local"


def test_the_variable_names_a_runner_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_RUNNER", "qemu-riscv64")
    assert chosen_runner(["asv", "run", "--machine", "qemu-riscv64"]).name == "qemu-riscv64"


@pytest.mark.parametrize("words", [[], ["--machine", "my-desk"]])
def test_emulated_results_are_not_filed_under_another_name(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_RUNNER", "qemu-riscv64")
    with pytest.raises(PagewalkError) as raised:
        chosen_runner(["asv", "run", *words])
    assert "--machine qemu-riscv64" in raised.value.remedy


def test_an_unknown_runner_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_RUNNER", "qemu-sparc")
    with pytest.raises(PagewalkError) as raised:
        chosen_runner(["asv", "run"])
    assert "qemu-riscv64" in raised.value.remedy
