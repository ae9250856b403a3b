"""Advice is given for what is found to harm, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.advice import STATE, advise

QUIET = {
    "governor": "performance",
    "boost": "off",
    "smt": "off",
    "swap": "0",
    "transparent_hugepage.enabled": "madvise",
    "aslr": "Full randomization",
    "perf_event_paranoid": "2",
    "load_avg_1min": "0.10",
    "num_cpu": "4",
    "nmi_watchdog": "off",
    "throttled_since_boot": "0",
    "held_down": "0",
}


def test_a_machine_made_for_measuring_is_left_alone() -> None:
    assert advise(QUIET) == ()
    assert advise({}) == ()


@pytest.mark.parametrize(
    ("fact", "value", "typed"),
    [
        ("governor", "powersave", "python -m pyperf system tune"),
        ("boost", "on", "no_turbo"),
        ("smt", "on", "smt/control"),
        ("swap", "1024", "swapoff -a"),
        ("transparent_hugepage.enabled", "always", "echo madvise"),
        ("aslr", "No randomization", "sysctl kernel.randomize_va_space=2"),
        ("perf_event_paranoid", "4", "sysctl kernel.perf_event_paranoid=1"),
        ("load_avg_1min", "3.5", "PAGEWALK_CPUS"),
        ("throttled_since_boot", "12", "cpupower frequency-set"),
        ("held_down", "2", "Cool it"),
        ("nmi_watchdog", "on", "sysctl kernel.nmi_watchdog=0"),
        ("virtual", "KVM", "pagewalk noise"),
    ],
)
def test_each_state_that_harms_is_named_with_what_to_type(fact: str, value: str, typed: str) -> None:
    (found,) = advise({**QUIET, fact: value})
    assert found.state
    assert found.why
    assert typed in found.remedy


def test_in_a_container_the_kernel_is_set_on_its_host() -> None:
    (found,) = advise({**QUIET, "swap": "1024", "container": "yes"})
    assert found.remedy == "On the host of this container: sudo swapoff -a"


@given(st.dictionaries(st.sampled_from([*STATE, "num_cpu", "virtual"]), st.text(max_size=20)))
def test_no_fact_that_a_machine_may_tell_breaks_the_advice(facts: dict[str, str]) -> None:
    assert all(found.state and found.why and found.remedy for found in advise(facts))
