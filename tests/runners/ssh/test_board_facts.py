"""What a board is, from what boards of other architectures really print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.inventories import Entry
from pagewalk.metrics import PAGE_FAULTS
from pagewalk.model import Missing, Provenance, Target
from runners.ssh.answer import Answer
from runners.ssh.counting import counting_of, events_of, processor_of
from runners.ssh.facts import allowed_cpus, is_32_bit_on_64, machine_facts, run_facts

VF2 = {
    "system": "Linux",
    "kernel": "6.6.20-starfive",
    "arch": "riscv64",
    "cpuinfo": "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n\n"
    "processor\t: 1\nhart\t\t: 2\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n",
    "meminfo": "MemTotal:        8019464 kB\nSwapTotal:             0 kB\n",
    "model": "StarFive VisionFive 2 v1.3B",
    "page_size": "4 kB",
    "huge_pages": "always [madvise] never",
    "governor": "schedutil\n",
    "aslr": "2",
    "caches": "1\n1\n2\n",
    "watchdog": "1",
}
ENTRY = Entry("vf2", Target("riscv64"), "ssh", "vf2")
CSV = "# started\n\n40.5,msec,task-clock,1000,100.00,,\n12,,page-faults,1000,100.00,,\n"


def _answer(**sections: str) -> Answer:
    return Answer({name: text.encode() for name, text in sections.items()})


def test_asvs_fields_are_those_of_the_board() -> None:
    facts = machine_facts(_answer(**VF2))
    assert facts["os"] == "Linux 6.6.20-starfive"
    assert facts["cpu"] == "sifive,u74-mc (StarFive VisionFive 2 v1.3B)"
    assert (facts["num_cpu"], facts["ram"], facts["swap"]) == ("2", str(8019464 * 1024), "0")
    assert (facts["page_size"], facts["transparent_hugepage.enabled"]) == ("4096", "madvise")
    assert facts["governor"] == "schedutil"
    assert facts["nmi_watchdog"] == "on"


def test_a_board_that_says_nothing_has_no_facts_that_it_did_not_tell() -> None:
    facts = machine_facts(Answer({}))
    assert facts["cpu"] == facts["num_cpu"] == "unknown"
    assert not facts.keys() & {"ram", "swap", "page_size", "aslr", "governor"}


@pytest.mark.parametrize(
    ("kernel", "architecture", "narrow"),
    [
        ("aarch64", "armv7", True),
        ("aarch64", "arm64", False),
        ("armv7l", "armv7", False),
        ("", "armv7", False),
    ],
)
def test_a_32_bit_program_is_told_from_one_on_a_kernel_of_its_own(
    kernel: str, architecture: str, narrow: bool
) -> None:
    assert is_32_bit_on_64(_answer(arch=kernel), Target(architecture)) == narrow


def test_what_may_be_switched_on_a_board_is_a_fact_of_each_run() -> None:
    more = {"no_turbo": "0", "boost": "", "smt": "1", "microcode": "0x1"}
    facts = run_facts(_answer(**VF2, **more))
    assert (facts["kernel"], facts["governor"]) == ("6.6.20-starfive", "schedutil")
    assert (facts["boost"], facts["smt"], facts["microcode"]) == ("on", "on", "0x1")
    assert not facts.keys() & {"os", "ram", "num_cpu"}


def test_a_run_on_a_board_that_says_nothing_keeps_nothing_apart() -> None:
    assert run_facts(Answer({})) == {}


def test_processors_are_those_that_the_kernel_lists() -> None:
    assert allowed_cpus(_answer(cpus="0-2,5")) == (0, 1, 2, 5)
    for text in ("", "x", "0-99999999999", "1;reboot"):
        assert allowed_cpus(_answer(cpus=text)) == ()


@given(text=st.text(), name=st.sampled_from([*VF2, "cpus", "pmu", "status", "csv", "control"]))
def test_no_text_of_a_board_raises_anything(text: str, name: str) -> None:
    facts = _answer(**{**VF2, name: text})
    assert machine_facts(facts)["os"]
    assert isinstance(allowed_cpus(facts), tuple)
    tried = _answer(**{"status": "0", "control": "0", "csv": CSV, name: text})
    assert counting_of(processor_of(ENTRY, facts), facts, tried).offers


def test_perf_counts_what_it_did_not_refuse_and_says_why_not() -> None:
    processor = processor_of(ENTRY, _answer(**VF2))
    assert "page-faults" in events_of(processor).split(",")
    counting = counting_of(processor, _answer(**VF2), _answer(status="0", control="0", csv=CSV))
    assert isinstance(counting.offers[PAGE_FAULTS.name], Provenance)
    assert set(counting.events) == {"task-clock", "page-faults"}


def test_where_perf_cannot_be_used_every_metric_says_why() -> None:
    processor = processor_of(ENTRY, _answer(**VF2))
    for tried, said in (
        (None, "perf is not installed on the board"),
        (_answer(status="129", said="Error: unknown option"), "ended with status 129: Error: unknown option"),
        (_answer(status="0", control="129", csv=CSV), "too old"),
    ):
        counting = counting_of(processor, _answer(**VF2), tried)
        assert counting.events == ()
        offer = counting.offers[PAGE_FAULTS.name]
        assert isinstance(offer, Missing)
        assert said in offer.reason


def test_preferred_counters_leave_the_other_hardware_events_out() -> None:
    entry = Entry("n1", Target("arm64"), "ssh", "n1", counters=("instructions",))
    facts = _answer(cpuinfo="CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", pmu="inst_retired l1d_tlb_refill")
    everything = {c.metric for c in processor_of(Entry("n1", Target("arm64"), "ssh", "n1"), facts).counted}
    few = processor_of(entry, facts)
    assert {c.metric for c in few.counted} < everything
    assert "instructions" in {c.metric for c in few.counted}
    assert "n1 prefers instructions" in few.missing["dtlb_misses"]
