"""Fifty people who click for a minute on the history of 6 million values: errors, waiting, and memory.

`python -m bench load`. Goals: no error, page data in 300 ms at the 95th percentile, memory flat. A click is
what the browser sends when somebody follows a link: the callback that answers with the whole page. The
benchmark whose history or curve is looked at is one of `--spread`; of the first look nothing is kept.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from bench.generate_history import Size
from bench.served import addresses, question, served

CLIENTS = 50
SECONDS = 60.0
THINKING = 2.0
"""Mean seconds between an answer and the next click; exponentially distributed."""
SPREAD = 20
_PATIENCE = 60.0

Places = Sequence[dict[str, str]]
"""Addresses by what a person calls the click, for each benchmark that people look at."""


@dataclass(slots=True)
class Seen:
    """What the clients saw, page by page; each client has its own, so that none waits for another."""

    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench load")
    parser.add_argument("--commits", type=int, default=Size().commits)
    parser.add_argument("--benchmarks", type=int, default=Size().benchmarks)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--spread", type=int, default=SPREAD, help="benchmarks that people look at")
    asked = parser.parse_args(sys.argv[1:])
    size = Size(asked.commits, asked.benchmarks)
    with served(size) as server:
        places = [addresses(size, chosen) for chosen in range(asked.spread)]
        for where in places[0].values():  # once each: what a server in use all day has long been asked
            _click(HTTPConnection(_host(server.address), timeout=_PATIENCE), where)
        resident, seen = [_resident(server.pid)], []
        for half in (asked.seconds / 2,) * 2:
            seen += _crowd(_host(server.address), places, asked.clients, half)
            resident.append(_resident(server.pid))
        _print(seen, resident)


def _crowd(host: str, places: Places, clients: int, seconds: float) -> list[Seen]:
    until = time.monotonic() + seconds
    seen = [Seen() for _ in range(clients)]
    people = [
        threading.Thread(target=_person, args=(host, places, until, random.Random(seed), mine))
        for seed, mine in enumerate(seen)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return seen


def _person(host: str, places: Places, until: float, chance: random.Random, seen: Seen) -> None:
    """Click on one page after the other over one connection, as a browser does, until the time is over."""
    connection = HTTPConnection(host, timeout=_PATIENCE)
    titles = list(places[0])
    while True:
        time.sleep(min(chance.expovariate(1 / THINKING), max(0.0, until - time.monotonic())))
        if time.monotonic() >= until:
            break
        title = chance.choice(titles)
        began = time.perf_counter()
        try:
            status = _click(connection, chance.choice(places)[title])
        except (OSError, HTTPException) as error:
            seen.errors[f"{title}: {type(error).__name__}"] += 1
            connection.close()
            continue
        if status == 200:
            seen.waited[title].append(time.perf_counter() - began)
        else:
            seen.errors[f"{title}: status {status}"] += 1
    connection.close()


def _click(connection: HTTPConnection, where: str) -> int:
    """Follow a link within the application; return the status once the whole answer is read."""
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/_dash-update-component", json.dumps(question(where)), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    told = next(line for line in lines if line.startswith("VmRSS:"))
    return int(told.split()[1]) / 1024


def _print(seen: list[Seen], resident: Sequence[float]) -> None:
    waited: dict[str, list[float]] = defaultdict(list)
    errors: Counter[str] = Counter()
    for one in seen:
        errors.update(one.errors)
        for title, taken in one.waited.items():
            waited[title] += taken
    for title, taken in waited.items():
        _line(title, taken)
    _line("any page", [value for taken in waited.values() for value in taken])
    print(f"{errors.total()} errors {dict(errors) or ''}   goal 0")
    first, half, last = (f"{size:.0f}" for size in resident)
    print(f"memory of the server {first} MiB at first, {half} at half time, {last} at last   goal flat")


def _line(title: str, taken: list[float]) -> None:
    if taken:
        middle, late = np.median(taken) * 1e3, np.percentile(taken, 95) * 1e3
        print(
            f"{title:12} {len(taken):5} clicks   median {middle:7.0f} ms   "
            f"95th percentile {late:7.0f} ms   goal 300 ms"
        )
