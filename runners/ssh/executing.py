"""One execution on a board: its job sent, its answer read as the run it was."""

from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Run
from runners.ssh.board import Board
from runners.ssh.counting import Counting
from runners.ssh.ending import read_run
from runners.ssh.job_file import Order, job_text
from runners.ssh.placement import Placement
from runners.ssh.recording import require_started, with_stacks


def execute_on(board: Board, order: Order, placement: Placement, counting: Counting, patience: float) -> Run:
    """Execute once, counting or recording as the order says.

    Args:
        counting: what reads the counts that perf left there.
        patience: seconds until the board is asked no more.

    Raises:
        Unavailable: the board cannot, or its answer says nothing about the workload.
    """
    answer = board.execute(placement, lambda ident: job_text(order, ident), patience)
    text = answer.sections.get("perf.csv", b"").decode("utf-8", "replace")

    def ours(path: str) -> Path | None:
        return placement.find(path.removeprefix(placement.root(board.folder)))

    try:
        if order.plan is not None:
            require_started(answer)
        run = read_run(
            answer,
            placement,
            board.folder,
            tells_signals=bool(board.facts.text("tells_signals")),
            perf=lambda regions: counting.parse(text, regions),
        )
        return run if order.plan is None else with_stacks(run, answer, order.plan, ours)
    except Unavailable as error:
        raise Unavailable(f"{board.name}: {error.message}", error.remedy) from error
