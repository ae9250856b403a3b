"""What boards bring home of a recording, however it arrives: packed, cut off, forged, or not at all."""

import gzip

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Crash, Outcome, Run
from runners.counters.perf.record_plan import RecordPlan
from runners.counters.perf.timeline import timeline_plan
from runners.counters.probes.arguments import Asked
from runners.counters.probes.placing import Probes
from runners.recording import FULL
from runners.ssh import recording
from runners.ssh.answer import Answer
from runners.ssh.job_file import MOST_RECORDED
from runners.ssh.probing import BoardProbes
from runners.ssh.recording import Recorded, require_started
from runners.ssh.recordings import CallRecording, StackRecording, TimelineRecording

PLAN = RecordPlan("page-faults", (), "comm,ip,sym")
TEXT = b"w\n\t  1 f\n\nw\n\t  1 f\n\n"
FOLDED = "w;f 2\n"
OK = Run(Outcome.OK, facts={"seed": "1"})


def answer(**sections: bytes) -> Answer:
    found = {"perf.events": b"page-faults\ndummy:u\n", "perf.bytes": b"4000\n"}
    return Answer({**found, **{f"perf.{name}": data for name, data in sections.items()}})


def with_stacks(run: Run, found: Answer) -> Run:
    return StackRecording(PLAN).result(run, Recorded(found, PLAN))


def packed(text: bytes) -> Answer:
    return Answer({**answer().sections, "perf.script.gz": gzip.compress(text)})


def test_a_text_is_read_packed_or_as_it_is() -> None:
    for found in (answer(script=TEXT), packed(TEXT)):
        run = with_stacks(OK, found)
        assert (run.outcome, run.folded, run.facts) == (Outcome.OK, FOLDED, {"seed": "1"})


def test_of_a_text_that_was_cut_off_whole_samples_are_kept_and_it_is_said() -> None:
    cut = gzip.compress(TEXT + b"".join(b"w\n\t  %x g%x\n\n" % (n, n) for n in range(5000)))[:-5000]
    for found in (answer(script=TEXT + b"w\n\t  1 g"), Answer({**answer().sections, "perf.script.gz": cut})):
        run = with_stacks(OK, found)
        assert run.folded.startswith(FOLDED)
        assert "w;g 1" not in run.folded
        assert run.facts["recorded"] == FULL


def test_a_bomb_is_not_unpacked_further_than_anybody_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_TEXT", 10_000)
    run = with_stacks(OK, packed(TEXT * 100_000))
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
        with_stacks(OK, Answer(sections))


def test_a_crash_stays_one_and_a_full_recording_is_none_of_the_workloads() -> None:
    crashed = Run(Outcome.CRASHED, crash=Crash("SIGSEGV"))
    assert with_stacks(crashed, answer(script=TEXT)) is crashed
    ended = Run(Outcome.CRASHED, crash=Crash("SIGTERM"), facts={"failure": "x"})
    full = answer(script=TEXT, bytes=b"%d\n" % MOST_RECORDED)
    run = with_stacks(ended, full)
    assert (run.outcome, run.crash, run.folded, run.facts) == (Outcome.OK, None, FOLDED, {"recorded": FULL})


def test_a_perf_that_refused_to_begin_is_quoted() -> None:
    ending = b"busy=\nunkept=\nstatus=\ntimed_out=\npid=\n"
    with pytest.raises(Unavailable, match="it said: sampling not supported"):
        require_started(Answer({"ending": ending, "perf.said": b"sampling not supported"}))
    require_started(Answer({"ending": ending.replace(b"status=", b"status=0")}))


CALLED = Probes("pagewalk_job_0_0", (), Asked("malloc", ("size",)))
CALLS = CallRecording(RecordPlan(CALLED.events, (), "comm,trace"), BoardProbes(CALLED, ()))


def called(counts: bytes) -> Recorded:
    sections = {"perf.csv": counts, "perf.events": b"pagewalk_job_0_0:p0\n"}
    script = b"w (1003c40) a1=24\nw (1003c40) a1=24\n"
    return Recorded(Answer({**sections, "perf.bytes": b"4000", "perf.script": script}), CALLS.plan)


def test_calls_are_those_that_perf_counted_in_every_file_and_what_was_not_recorded_is_lost() -> None:
    run = CALLS.result(
        OK, called(b"2,,pagewalk_job_0_0:p0,99,100.00,,\n1,,pagewalk_job_0_0:p1,99,100.00,,\n")
    )
    assert run.facts["calls"] == "3"
    assert run.folded == "[lost] 1\nw;malloc;size=24 2\n"


@pytest.mark.parametrize(
    "counts", [b"", b"<not counted>,,pagewalk_job_0_0:p0,0,0.00,,\n", b"7,,page-faults,9,100.00,,\n"]
)
def test_calls_that_nobody_counted_are_an_error_and_not_none(counts: bytes) -> None:
    with pytest.raises(Unavailable, match="did not count the calls"):
        CALLS.result(OK, called(counts))


def test_a_probe_that_the_kernel_refused_is_quoted_in_its_words() -> None:
    with pytest.raises(Unavailable, match=r"refuses a probe: Failed to find the given file \\x1b\[2J"):
        require_started(Answer({"unprobed": b"Failed to find\n the given file \x1b[2J"}))


def test_of_a_time_line_that_was_cut_off_whole_lines_are_kept_and_a_crash_stays_one() -> None:
    line = b"  7 1.00000000%d: page-faults:  10 [unknown] (//anon)  20 f (/w)\n"
    cut = b"".join(line % number for number in range(1, 4))[:-10]
    found = Recorded(answer(script=cut), timeline_plan(None, ()))
    run = TimelineRecording(found.plan).result(Run(Outcome.CRASHED, crash=Crash("SIGSEGV")), found)
    assert (run.outcome, run.facts["events"], run.facts["recorded"]) == (Outcome.CRASHED, "2", FULL)
    assert {event.function for event in run.events} == {"f"}
