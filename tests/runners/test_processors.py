"""Which processors are used, and what is said of impossible ones."""

import os

import pytest

from pagewalk.errors import ConfigError
from runners import processors


@pytest.fixture(autouse=True)
def eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.delenv(processors.VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("text", "one", "many"),
    [("", {7}, set(range(8))), ("2", {2}, {2}), ("2-4", {4}, {2, 3, 4}), (" 1, 3-4 ", {4}, {1, 3, 4})],
)
def test_one_thread_gets_the_last_processor_and_threads_get_all(
    monkeypatch: pytest.MonkeyPatch, text: str, one: set[int], many: set[int]
) -> None:
    monkeypatch.setenv(processors.VARIABLE, text)
    assert processors.for_job(threads=False) == one
    assert processors.for_job(threads=True) == many


@pytest.mark.parametrize(
    ("text", "said"), [("8", "no processor 8"), ("a", "'a'"), ("3-1", "names no"), ("1,,2", "''")]
)
def test_what_makes_no_sense_is_refused_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setenv(processors.VARIABLE, text)
    with pytest.raises(ConfigError, match=said) as error:
        processors.allowed()
    assert error.value.remedy
