"""What stands in the way of probes on a board, by what its program says of it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Target
from runners.ssh.answer import Answer
from runners.ssh.board import Board
from runners.ssh.connection import PATIENCE
from runners.ssh.probing import require_probes_on

WRITABLE = {"uprobes": b"writable", "arch": b"aarch64"}
WORKS = {"status": b"0", "said": b""}


@dataclass(frozen=True)
class Told:
    """A way to a board that says what it was told to say."""

    facts: dict[str, bytes]
    tried: dict[str, bytes]

    def install(self) -> Answer:
        return Answer(self.facts)

    def ask(self, *words: str, data: bytes | Path = b"", patience: float = PATIENCE) -> Answer:  # noqa: ARG002
        return Answer(self.tried if words[0] == "try_probe" else {})

    def hang_up(self) -> None:
        pass


@pytest.mark.parametrize(
    ("facts", "tried", "architecture", "words"),
    [
        ({"uprobes": b"denied"}, WORKS, "arm64", "only root may place probes there"),
        ({"uprobes": b"unmounted"}, WORKS, "arm64", "its tracefs is not mounted"),
        ({"uprobes": b"absent"}, WORKS, "arm64", "its kernel has no uprobes"),
        ({}, WORKS, "armv7", "an arm64 kernel places no probes in 32-bit programs"),
        (
            {},
            {"unprobed": b"sh: write error\nBad\x1b probe"},
            "arm64",
            r"refuses probes: sh: write error Bad\\x1b",
        ),
        ({}, {"status": b"255", "said": b"No permission\n"}, "arm64", "cannot count a probe: No permission"),
    ],
)
def test_each_obstacle_is_named(
    facts: dict[str, bytes], tried: dict[str, bytes], architecture: str, words: str
) -> None:
    board = Board("vf2", Told({**WRITABLE, **facts}, tried))
    with pytest.raises(Unavailable, match=f"vf2: .*{words}") as error:
        require_probes_on(board, Target(architecture))
    assert error.value.remedy


def test_a_board_that_placed_and_counted_one_can_place_more() -> None:
    require_probes_on(Board("vf2", Told(WRITABLE, WORKS)), Target("arm64"))
