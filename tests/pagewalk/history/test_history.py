"""The history: what is written comes back, and asv reads the same."""

import gzip
import json
import time
from pathlib import Path

import pyperf
import pytest
from asv.results import Results

from pagewalk.errors import HistoryError
from pagewalk.history import History, open_histories
from pagewalk.history.codec import LoggedRun
from pagewalk.model import Case, Crash, Missing, Origin, Outcome, Precision, Provenance, Revision, Run, Sample

CLOCK = Provenance(Origin.CLOCK, Precision.SAMPLED, "CLOCK_MONOTONIC")
CASES = [Case("alloc.Churn", (("size", size),)) for size in ("16", "64")]
BENCHMARKS = [
    {
        "name": f"alloc.Churn.track_{metric}",
        "params": [["16", "64"]],
        "param_names": ["size"],
        "version": "1",
        "type": "track",
        "unit": "seconds",
        "timeout": 600.0,
    }
    for metric in ("time", "dtlb_misses")
]
FACTS = {"os": "Linux", "arch": "x86_64", "cpu": "c", "num_cpu": "2", "ram": "8"}
BASE = Revision("malloc", "a" * 40, "glibc", 1_700_000_000)
HEAD = Revision("malloc", "b" * 40, "mimalloc", 1_710_000_000)


def run_of(value: float) -> Run:
    missing = (Missing("dtlb_misses", "no PMU"),)
    return Run(Outcome.OK, (Sample("time", value, CLOCK),), missing, facts={"kernel": "6"})


CRASHED = Run(Outcome.CRASHED, crash=Crash("SIGSEGV", None, 16, ("bang",)))


@pytest.fixture
def history(tmp_path: Path) -> History:
    history = History(tmp_path / "malloc")
    for revision, factor in ((BASE, 1.0), (HEAD, 2.0)):
        for case in CASES:
            runs = [
                LoggedRun(case, "s1", time.time(), "1", run_of(factor * value)) for value in (1.0, 1.1, 1.2)
            ]
            history.log("box", revision.commit, runs)
        history.publish("box", FACTS, revision, BENCHMARKS, "s1")
    history.describe({str(b["name"]): b for b in BENCHMARKS})
    return history


def test_records_hold_samples_provenance_and_reasons(history: History) -> None:
    record = history.records(HEAD.commit, "box")[CASES[0]]
    assert record.values["time"].samples == (2.0, 2.2, 2.4)
    assert record.values["time"].provenance == CLOCK
    assert record.values["dtlb_misses"].samples == ()
    assert record.values["dtlb_misses"].missing == "no PMU"
    assert record.outcomes == {Outcome.OK: 3}


def test_asv_reads_the_same_samples_from_its_own_file(history: History) -> None:
    path = history.folder / "box" / f"{HEAD.commit[:8]}-pagewalk.json"
    stored = Results.load(str(path), machine_name="box")
    samples = stored.get_result_samples("alloc.Churn.track_time", [["16", "64"]])
    assert samples == [[2.0, 2.2, 2.4], [2.0, 2.2, 2.4]]
    assert stored.date == HEAD.date * 1000
    # What cannot be had is NaN to asv ("n/a"), never 0 and never a failure.
    value = stored.get_result_value("alloc.Churn.track_dtlb_misses", [["16", "64"]])
    assert all(entry is not None and entry != entry for entry in value)  # noqa: PLR0124 - NaN


def test_a_crash_is_a_failure_to_asv_and_a_result_here(history: History) -> None:
    history.log("box", HEAD.commit, [LoggedRun(CASES[0], "s2", time.time(), "1", CRASHED)])
    history.publish("box", FACTS, HEAD, BENCHMARKS, "s2")
    record = history.records(HEAD.commit, "box")[CASES[0]]
    assert record.outcome is Outcome.CRASHED
    assert record.crash == CRASHED.crash


def test_pyperf_opens_the_evidence(history: History) -> None:
    (path,) = (history.folder / "box" / "evidence" / HEAD.commit[:8]).glob("*.pyperf.json.gz")
    suite = pyperf.BenchmarkSuite.load(str(path))
    benchmark = suite.get_benchmark("alloc.Churn(size=16).time")
    assert benchmark.get_values() == (2.0, 2.2, 2.4)
    assert benchmark.get_metadata()["pagewalk_origin"] == "clock"
    assert gzip.decompress(path.read_bytes()).startswith(b"{")


def test_a_pair_is_taken_from_the_latest_sitting_both_were_part_of(history: History) -> None:
    later = [LoggedRun(CASES[0], "s2", time.time(), "1", run_of(9.0))]
    history.log("box", HEAD.commit, later)
    first, second = history.pair(BASE.commit, HEAD.commit, "box")
    assert first[CASES[0]].sitting == second[CASES[0]].sitting == "s1"
    assert history.records(HEAD.commit, "box")[CASES[0]].sitting == "s2"


def test_a_results_file_cut_in_half_is_listed_and_loses_nothing_else(history: History) -> None:
    path = history.folder / "box" / f"{HEAD.commit[:8]}-pagewalk.json"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert [where for where, _ in history.problems()] == [str(path)]
    assert history.records(HEAD.commit, "box")[CASES[0]].values["time"].samples == (2.0, 2.2, 2.4)
    assert {revision.name for revision in history.revisions()} == {"glibc", "mimalloc"}
    history.publish("box", FACTS, HEAD, BENCHMARKS, "s1")
    assert history.problems() == []


def test_what_asv_measured_later_stands_in_place_of_ours(history: History) -> None:
    path = history.folder / "box" / f"{HEAD.commit[:8]}-pagewalk.json"
    content = json.loads(path.read_text())
    column = content["result_columns"].index("started_at")
    for row in content["results"].values():
        row[column] = (time.time() + 3600) * 1000
    path.write_text(json.dumps(content))
    record = history.records(HEAD.commit, "box")[CASES[0]]
    provenance = record.values["time"].provenance
    assert provenance is not None
    assert provenance.origin is Origin.UNKNOWN


def test_revisions_are_in_order_of_dates_and_named(history: History) -> None:
    assert [revision.name for revision in history.revisions()] == ["glibc", "mimalloc"]


def test_a_folder_of_subjects_and_a_single_history_both_open(history: History) -> None:
    assert set(open_histories(history.folder.parent)) == {"malloc"}
    assert set(open_histories(history.folder)) == {"malloc"}


def test_a_missing_folder_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="pagewalk run"):
        open_histories(tmp_path / "nowhere")


def test_a_machine_that_is_described_keeps_its_description(history: History) -> None:
    history.publish("box", {**FACTS, "ram": "16"}, HEAD, BENCHMARKS, "s1")
    assert json.loads((history.folder / "box" / "machine.json").read_text())["ram"] == "8"


def test_a_sitting_of_hours_keeps_the_provenance_of_what_was_measured_first(tmp_path: Path) -> None:
    history = History(tmp_path / "malloc")
    history.describe({str(b["name"]): b for b in BENCHMARKS})
    for hours_ago, case in zip((3, 1), CASES, strict=True):
        taken = time.time() - 3600 * hours_ago
        history.log("box", BASE.commit, [LoggedRun(case, "s1", taken, "1", run_of(1.0))])
    history.publish("box", FACTS, BASE, BENCHMARKS, "s1")
    records = history.records(BASE.commit, "box")
    assert {records[case].values["time"].provenance for case in CASES} == {CLOCK}
