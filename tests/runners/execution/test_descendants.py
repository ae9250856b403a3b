"""Whatever a workload starts dies with it, however fast it hides."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pagewalk.last_will import MARK
from runners.execution import descendants
from runners.execution.descendants import kill_marked

# Each generation leaves its session, starts the next one and dies at once; the last one stays.
FLEEING = """
import os, sys, time
for generation in range(int(sys.argv[1])):
    if os.fork():
        os._exit(0)
    os.setsid()
time.sleep(600)
"""


def carriers(token: str) -> list[int]:
    entry = f"{MARK}={token}".encode()
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [pid for pid in pids if descendants._carries(pid, entry)]


def flee(generations: int, token: str) -> int:
    """Start a process whose descendants flee, wait for its end, and return its number."""
    process = subprocess.Popen(
        ["/usr/bin/env", "python3", "-c", FLEEING, str(generations)], env={**os.environ, MARK: token}
    )
    process.wait()
    return process.pid


def gone(token: str) -> bool:
    deadline = time.monotonic() + 5
    while carriers(token) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not carriers(token)


@pytest.mark.parametrize("generations", [1, 2, 40])
def test_a_chain_of_daemons_is_chased_to_its_end(generations: int) -> None:
    token = f"chain-{os.getpid()}-{generations}"
    leader = flee(generations, token)
    kill_marked(token, leader)
    assert gone(token)


def test_a_neighbours_processes_are_left_alone() -> None:
    tokens = f"left-{os.getpid()}", f"right-{os.getpid()}"
    leaders = [flee(1, token) for token in tokens]
    kill_marked(tokens[0], leaders[0])
    assert gone(tokens[0])
    assert carriers(tokens[1])
    kill_marked(tokens[1], leaders[1])
    assert gone(tokens[1])


def test_numbers_that_began_anew_are_found_all_the_same() -> None:
    """After /proc/sys/kernel/pid_max has been reached, later processes have lower numbers."""
    token = f"wrapped-{os.getpid()}"
    flee(1, token)
    kill_marked(token, leader=2**22)
    assert gone(token)


@pytest.mark.slow
def test_many_at_once_leave_nothing_behind() -> None:
    """Threads take turns, so that a long while passes between listing processes and looking at them."""

    def chase(number: int) -> str:
        token = f"many-{os.getpid()}-{number}"
        kill_marked(token, flee(3, token))
        return token

    with ThreadPoolExecutor(8) as threads:
        tokens = list(threads.map(chase, range(40)))
    assert all(gone(token) for token in tokens)
