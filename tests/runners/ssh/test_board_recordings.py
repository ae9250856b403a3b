"""What boards bring home of a recording, however it arrives: packed, cut off, forged, or not at all."""

import gzip

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Crash, Outcome, Run
from runners.counters.perf.record_plan import RecordPlan
from runners.recording import FULL
from runners.ssh import recording
from runners.ssh.answer import Answer
from runners.ssh.job_file import MOST_RECORDED
from runners.ssh.recording import require_started, with_stacks

PLAN = RecordPlan("page-faults", (), "comm,ip,sym")
TEXT = b"w\n\t  1 f\n\nw\n\t  1 f\n\n"
FOLDED = "w;f 2\n"
OK = Run(Outcome.OK, facts={"seed": "1"})


def answer(**sections: bytes) -> Answer:
    found = {"perf.events": b"page-faults\ndummy:u\n", "perf.bytes": b"4000\n"}
    return Answer({**found, **{f"perf.{name}": data for name, data in sections.items()}})


def packed(text: bytes) -> Answer:
    return Answer({**answer().sections, "perf.script.gz": gzip.compress(text)})


def test_a_text_is_read_packed_or_as_it_is() -> None:
    for found in (answer(script=TEXT), packed(TEXT)):
        run = with_stacks(OK, found, PLAN)
        assert (run.outcome, run.folded, run.facts) == (Outcome.OK, FOLDED, {"seed": "1"})


def test_of_a_text_that_was_cut_off_whole_samples_are_kept_and_it_is_said() -> None:
    cut = gzip.compress(TEXT + b"".join(b"w\n\t  %x g%x\n\n" % (n, n) for n in range(5000)))[:-5000]
    for found in (answer(script=TEXT + b"w\n\t  1 g"), Answer({**answer().sections, "perf.script.gz": cut})):
        run = with_stacks(OK, found, PLAN)
        assert run.folded.startswith(FOLDED)
        assert "w;g 1" not in run.folded
        assert run.facts["recorded"] == FULL


def test_a_bomb_is_not_unpacked_further_than_anybody_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_TEXT", 10_000)
    run = with_stacks(OK, packed(TEXT * 100_000), PLAN)
    assert run.facts["recorded"] == FULL
    assert int(run.folded.rpartition(" ")[2]) <= 1000


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        (
            {"perf.said": b"no space left\x1b[2J"},
            r"recorded nothing that it can read; it said: no space left\\x1b",
        ),
        ({"perf.events": b"cpu-clock\n"}, "recorded cpu-clock instead of page-faults"),
        ({"perf.events": b"page-faults\n", "perf.script.gz": b"no gzip"}, "cannot be unpacked"),
    ],
)
def test_what_cannot_be_believed_is_an_error_with_perfs_words(sections: dict[str, bytes], words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        with_stacks(OK, Answer(sections), PLAN)


def test_a_crash_stays_one_and_a_full_recording_is_none_of_the_workloads() -> None:
    crashed = Run(Outcome.CRASHED, crash=Crash("SIGSEGV"))
    assert with_stacks(crashed, answer(script=TEXT), PLAN) is crashed
    ended = Run(Outcome.CRASHED, crash=Crash("SIGTERM"), facts={"failure": "x"})
    full = answer(script=TEXT, bytes=b"%d\n" % MOST_RECORDED)
    run = with_stacks(ended, full, PLAN)
    assert (run.outcome, run.crash, run.folded, run.facts) == (Outcome.OK, None, FOLDED, {"recorded": FULL})


def test_a_perf_that_refused_to_begin_is_quoted() -> None:
    ending = b"busy=\nunkept=\nstatus=\ntimed_out=\npid=\n"
    with pytest.raises(Unavailable, match="it said: sampling not supported"):
        require_started(Answer({"ending": ending, "perf.said": b"sampling not supported"}))
    require_started(Answer({"ending": ending.replace(b"status=", b"status=0")}))
