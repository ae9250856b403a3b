"""Answers that are kept: so many bytes of them, each worked out once, however many ask for it at once."""

import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from functools import cached_property
from itertools import chain, islice
from threading import Lock
from typing import Any, TypeVar

import numpy as np

Answer = TypeVar("Answer")

_MOST_LEAVING = 32 << 20
"""Bytes of answers that have made room and are not freed yet."""
_WEIGHED = 16
"""Entries of a long sequence that are weighed; the others are taken to be like them."""


class Many(tuple[Hashable, ...]):
    """Many words of a question, of which the hash is worked out once: of thousands it takes a moment."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()


class Leaving:
    """Answers that are kept no more, until there is time to free them: a comparison takes a while.

    Args:
        most: bytes of all that wait, about; beyond, the oldest are freed at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._waiting: deque[tuple[object, int]] = deque()
        self._lock = Lock()

    def add(self, answer: object, weight: int) -> None:
        """Let an answer of so many bytes wait."""
        self._free(self._most, (answer, weight))

    def empty(self) -> None:
        """Free all that wait."""
        self._free(0)

    def _free(self, most: int, *more: tuple[object, int]) -> None:
        freed = []
        with self._lock:
            self._waiting.extend(more)
            self._weight += sum(weight for _, weight in more)
            while self._waiting and self._weight > most:
                freed.append(self._waiting.popleft())
                self._weight -= freed[-1][1]
        # Nobody who lets another one wait stands by while these go
        freed.clear()


LEAVING = Leaving(_MOST_LEAVING)
"""What `Kept` keeps no more. `dashboard.serving.sweeping` empties it while nobody waits."""


class Kept:
    """Answers by question. Safe among threads: who asks what another is working out waits for it.

    Args:
        most: bytes of all that are kept, about; the newest one is kept whatever it weighs.
        leaving: takes what makes room.
    """

    def __init__(self, most: int, leaving: Leaving = LEAVING) -> None:
        self._most = most
        self._leaving = leaving
        self._weight = 0
        self._answers: OrderedDict[Hashable, tuple[Future[Any], int]] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, question: Hashable) -> bool:
        """Whether the answer is kept, or being worked out."""
        with self._lock:
            return question in self._answers

    def get(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; `make` it where it is not kept. What it raises is not kept."""
        future: Future[Answer] = Future()
        with self._lock:
            known = self._answers.get(question)
            if known is None:
                self._answers[question] = future, 0
            else:
                self._answers.move_to_end(question)
        if known is not None:
            found: Answer = known[0].result()
            return found
        try:
            answer = make()
        except BaseException as error:
            with self._lock:
                self._answers.pop(question, None)
            future.set_exception(error)
            raise
        future.set_result(answer)
        self._weigh(question, future, weigh(answer))
        return answer

    def _weigh(self, question: Hashable, future: Future[Any], weight: int) -> None:
        gone = []
        with self._lock:
            self._answers[question] = future, weight
            self._answers.move_to_end(question)
            self._weight += weight
            oldest = [one for one, (done, _) in self._answers.items() if done.done()][:-1]
            for one in oldest:
                if self._weight <= self._most:
                    break
                gone.append(self._answers.pop(one))
                self._weight -= gone[-1][1]
        while gone:
            self._leaving.add(*gone.pop(0))


def weigh(value: Any, seen: set[int] | None = None) -> int:
    """Return about how many bytes a value takes; what it holds twice counts once."""
    seen = set() if seen is None else seen
    if value is None or id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + sys.getsizeof(np.float64)
    return sys.getsizeof(value) + _parts(value, seen)


def _parts(value: Any, seen: set[int]) -> int:
    if isinstance(value, Mapping):
        return _many(chain.from_iterable(value.items()), 2 * len(value), seen)
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return _many(value, len(value), seen)
    if is_dataclass(value):
        return sum(weigh(getattr(value, field.name), seen) for field in fields(value))
    return 0


def _many(entries: Iterable[Any], count: int, seen: set[int]) -> int:
    weighed = [weigh(entry, seen) for entry in islice(entries, _WEIGHED)]
    return sum(weighed) * count // max(1, len(weighed))
