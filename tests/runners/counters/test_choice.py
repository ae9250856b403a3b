"""Fewer hardware counters at once, by the environment."""

import pytest

from pagewalk.errors import ConfigError
from runners.counters.events.choice import VARIABLE, chosen
from runners.counters.events.table import known_events

SKYLAKE = known_events().processors["intel-skylake"]


def test_only_the_chosen_hardware_metrics_take_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "dtlb_misses, stlb_misses")
    found = chosen(SKYLAKE)
    assert [c.metric for c in found.counted] == [
        "task_clock",
        "dtlb_misses",
        "stlb_misses",
        "page_faults",
        "context_switches",
    ]
    assert found.missing["cycles"] == f"left out by {VARIABLE}=dtlb_misses,stlb_misses"


def test_without_a_choice_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert chosen(SKYLAKE) is SKYLAKE


@pytest.mark.parametrize(
    ("text", "said"),
    [("dtlb_mises", "Did you mean 'dtlb_misses'?"), ("page_faults", "Choose from cycles,")],
)
def test_what_is_no_hardware_metric_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ConfigError) as error:
        chosen(SKYLAKE)
    assert said in error.value.remedy


def test_a_metric_that_this_processor_lacks_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "walk_cycles")
    with pytest.raises(ConfigError, match="AMD's cores have no event"):
        chosen(known_events().processors["amd-zen3"])
