"""What a guest's numbers are worth: the emulator's own are facts, never samples."""

from pagewalk.model import Missing, Origin, Outcome, Precision, Provenance, Run, Sample
from runners.qemu_system.counting import judged, offer, user_only

PERF = Provenance(Origin.HARDWARE, Precision.SAMPLED, "perf stat x")
KERNEL = Provenance(Origin.KERNEL, Precision.SAMPLED, "perf stat page-faults")


def _run(*samples: Sample) -> Run:
    return Run(Outcome.OK, samples, (Missing("llc_misses", "left out"),), facts={"seed": "1"})


def test_misses_of_the_emulators_own_tlb_are_facts_and_no_samples() -> None:
    run = judged(_run(Sample("dtlb_misses", 3.25, PERF)), threads=False, told_apart=True)
    assert run.samples == ()
    reasons = {missing.metric: missing.reason for missing in run.missing}
    assert reasons["dtlb_misses"].startswith("QEMU's own TLB")
    assert run.facts == {"seed": "1", "qemu_dtlb_misses": "3.25"}


def test_times_are_neither() -> None:
    run = judged(
        _run(Sample("time", 1.0, KERNEL), Sample("cycles", 1.0, PERF)), threads=False, told_apart=True
    )
    assert run.samples == ()
    assert set(run.facts) == {"seed"}
    assert {missing.metric for missing in run.missing} == {"time", "cycles", "llc_misses"}


def test_instructions_and_page_faults_repeat_exactly_unless_threads_take_turns() -> None:
    run = _run(Sample("instructions", 8.0, PERF), Sample("page_faults", 1.0, KERNEL))
    for threads, precision in ((False, Precision.EXACT), (True, Precision.SAMPLED)):
        found = judged(run, threads=threads, told_apart=True).samples
        assert [sample.provenance.precision for sample in found] == [precision, precision]
        assert [sample.provenance.origin for sample in found] == [Origin.SIMULATED, Origin.KERNEL]


def test_instructions_that_contain_the_kernels_are_sampled_and_say_so() -> None:
    found = offer("instructions", PERF, told_apart=False)
    assert isinstance(found, Provenance)
    assert found.precision is Precision.SAMPLED
    assert "with the kernel's" in found.source
    faults = offer("page_faults", KERNEL, told_apart=False)
    assert isinstance(faults, Provenance)
    assert faults.precision is Precision.EXACT


def test_only_the_workloads_own_instructions_are_asked_for() -> None:
    assert user_only(("page-faults", "instructions")) == ("page-faults", "instructions:u")
    assert user_only(("r0008", "context-switches")) == ("r0008:u", "context-switches")


def test_instructions_are_told_to_as_many_digits_as_repeat() -> None:
    run = judged(_run(Sample("instructions", 282816.75, PERF)), threads=False, told_apart=True)
    assert [sample.value for sample in run.samples] == [282800.0]
    assert "4 digits" in run.samples[0].provenance.source
    run = judged(_run(Sample("instructions", 282816.75, PERF)), threads=True, told_apart=True)
    assert [sample.value for sample in run.samples] == [282816.75]
