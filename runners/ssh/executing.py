"""One execution on a board: its job sent, its answer read as the run it was."""

from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.model import Run
from runners.ssh.board import Board
from runners.ssh.counting import Counting
from runners.ssh.ending import read_run
from runners.ssh.job_file import Order, job_text
from runners.ssh.placement import Placement
from runners.ssh.recording import Recorded, require_started
from runners.ssh.recordings import Recording


def execute_on(  # noqa: PLR0913, PLR0917 - one parameter a party
    board: Board,
    order: Order,
    placement: Placement,
    counting: Counting,
    recording: Recording | None,
    patience: float,
) -> Run:
    """Execute once, counting or recording as the order says.

    Args:
        counting: what reads the counts that perf left there.
        recording: what reads the recording; None where nothing was recorded.
        patience: seconds until the board is asked no more.

    Raises:
        Unavailable: the board cannot, or its answer says nothing about the workload.
    """
    answer = board.execute(placement, order.ident, job_text(order), patience)
    text = answer.sections.get("perf.csv", b"").decode("utf-8", "replace")

    def ours(path: str) -> Path | None:
        return placement.find(path.removeprefix(placement.root(board.folder)))

    try:
        if recording is not None:
            require_started(answer)
        run = read_run(
            answer,
            placement,
            board.folder,
            tells_signals=bool(board.facts.text("tells_signals")),
            perf=lambda regions: counting.parse(text, regions),
        )
        return run if recording is None else recording.result(run, Recorded(answer, recording.plan, ours))
    except Unavailable as error:
        raise Unavailable(f"{board.name}: {error.message}", error.remedy) from error
