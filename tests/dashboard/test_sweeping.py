"""Python looks for circles among its values while nobody waits for an answer."""

import gc
import time
import weakref

import pytest
from flask import Flask

from dashboard.serving.sweeping import Sweeping


class Circle:
    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def looks() -> list[int]:
    """The generations that were looked through."""
    return []


def test_nobody_who_waits_is_kept_and_few_values_are_not_looked_through(looks: list[int]) -> None:
    new = [100_000]
    sweeping = Sweeping(looks.append, lambda: new[0])
    sweeping.asked(10.0)
    sweeping.go_on(10.9)
    assert not looks
    sweeping.go_on(11.1)
    assert looks == [0]
    new[0] = 100
    sweeping.go_on(20.0)
    assert looks == [0]


def test_older_values_are_looked_through_less_often_but_all_of_them_some_time(looks: list[int]) -> None:
    sweeping = Sweeping(looks.append, lambda: 100_000)
    for now in range(100):
        sweeping.go_on(10.0 + now)
    assert [looks.count(generation) for generation in (0, 1, 2)] == [90, 9, 1]


def test_what_made_room_is_freed_while_nobody_waits() -> None:
    freed: list[str] = []
    sweeping = Sweeping(young=lambda: 0, free=lambda: freed.append("all"))
    sweeping.asked(10.0)
    sweeping.go_on(10.9)
    assert not freed
    sweeping.go_on(11.1)
    assert freed == ["all"]


def test_a_circle_is_gone_a_moment_after_the_last_answer() -> None:
    server = Flask("quiet")
    sweeping = Sweeping(young=lambda: 100_000)
    sweeping.follow(server)
    gc.disable()
    try:
        circle = weakref.ref(Circle())
        assert server.test_client().get("/").status_code == 404
        assert circle() is not None
        deadline = time.monotonic() + 30
        while circle() is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert circle() is None
    finally:
        gc.enable()
        sweeping.stop()
