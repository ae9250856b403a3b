"""The counter source around the plugin: what it offers, asks for and makes of what it finds."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from pagewalk.errors import ConfigError
from pagewalk.model import Artifact, Job, Missing, Precision, Provenance, Sample, Target
from pagewalk.protocols import CounterSource, Region
from runners.counters import memsim_session
from runners.counters.memsim import Memsim

METRICS = {"instructions", "dtlb_misses", "stlb_misses", "l1d_misses", "l2_misses", "walk_loads"}
LIBRARY = Path("/cache/memsim.so")


def job(architecture: str = "riscv64", *, threads: bool = False) -> Job:
    return Job(Artifact(("/program",), Target(architecture)), (), 1, threads=threads)


def line(index: int, vcpus: int = 1, **counts: int) -> Mapping[str, object]:
    zeros = dict.fromkeys(sorted(METRICS), 0)
    return {"region": index, "vcpus": vcpus, **zeros, **counts}


def header(**other: object) -> Mapping[str, object]:
    return {"memsim": 1, "target": "riscv64", "mode": "full", "threads": False, "max_vcpus": 4096, **other}


@pytest.fixture(autouse=True)
def _loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memsim_session, "plugin", lambda: LIBRARY)
    monkeypatch.setattr(memsim_session, "refusal", lambda *_: "")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{Path(name).name}")


def parse(
    folder: Path, lines: list[Mapping[str, object]], regions: list[Region], of: Job | None = None
) -> dict[str, Sample | Missing]:
    (folder / "memsim.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    session = Memsim("riscv64").open(folder, of or job())
    return {value.metric: value for value in session.parse(regions)}


def reasons(found: Mapping[str, Sample | Missing]) -> set[str]:
    assert set(found) == METRICS
    assert all(isinstance(value, Missing) for value in found.values())
    return {value.reason for value in found.values() if isinstance(value, Missing)}


def test_it_is_a_counter_source() -> None:
    source: CounterSource = Memsim()
    assert source.name == "memsim"


def test_every_metric_is_offered_as_simulated_and_exact_with_the_structures_it_depends_on() -> None:
    offered = Memsim("riscv64", "sifive-u74").availability()
    assert set(offered) == {*METRICS, "itlb_misses"}
    assert isinstance(offered["itlb_misses"], Missing)
    stlb = offered["stlb_misses"]
    assert isinstance(stlb, Provenance)
    assert (stlb.origin, stlb.precision) == ("simulated", "exact")
    assert stlb.source == "memsim sifive-u74: L1 dTLB 40/40, STLB 512/1"


def test_the_plugin_is_loaded_right_after_the_emulator(tmp_path: Path) -> None:
    session = Memsim("arm64").open(tmp_path, job("arm64"))
    command = list(session.wrap(["/usr/bin/qemu-aarch64", "-seed", "1", "/program", "--size=1"]))
    assert command[:2] == ["/usr/bin/qemu-aarch64", "-plugin"]
    assert command[2].split(",") == [
        str(LIBRARY),
        f"out={tmp_path}/memsim.jsonl",
        "mode=full",
        "threads=off",
        "l1d=32768:8",
        "l2=2097152:16",
        "dtlb=64:4",
        "stlb=1536:12",
        "walk=32:4",
    ]
    assert command[3:] == ["-seed", "1", "/program", "--size=1"]


def test_counting_instructions_only_asks_for_no_structures_and_offers_no_misses(tmp_path: Path) -> None:
    source = Memsim("arm64", instructions_only=True)
    command = source.open(tmp_path, job("arm64", threads=True)).wrap(["qemu-aarch64", "/program"])
    assert command[2].split(",")[2:] == ["mode=icount", "threads=on"]
    assert isinstance(source.availability()["instructions"], Provenance)
    assert isinstance(source.availability()["l1d_misses"], Missing)


def test_counts_are_per_operation_over_all_regions(tmp_path: Path) -> None:
    lines = [header(), line(1, dtlb_misses=30), line(0, dtlb_misses=10, instructions=200)]
    found = parse(tmp_path, lines, [Region("a", 15, 1.0), Region("b", 5, 1.0)])
    misses, instructions, l2 = (found[name] for name in ("dtlb_misses", "instructions", "l2_misses"))
    assert isinstance(misses, Sample)
    assert isinstance(instructions, Sample)
    assert isinstance(l2, Sample)
    assert (misses.value, instructions.value, l2.value) == (2.0, 10.0, 0.0)
    assert misses.provenance.precision is Precision.EXACT


def test_counts_of_threads_are_sampled(tmp_path: Path) -> None:
    lines = [header(threads=True), line(0, vcpus=9)]
    found = parse(tmp_path, lines, [Region("a", 1, 1.0)], job(threads=True))
    assert {value.provenance.precision for value in found.values() if isinstance(value, Sample)} == {
        Precision.SAMPLED
    }


def test_threads_that_nobody_declared_make_every_metric_missing(tmp_path: Path) -> None:
    (reason,) = reasons(parse(tmp_path, [header(), line(0, vcpus=2)], [Region("a", 1, 1.0)]))
    assert "threads = True" in reason


def test_more_threads_than_the_plugin_models_make_every_metric_missing(tmp_path: Path) -> None:
    lines = [header(threads=True, max_vcpus=8), line(0, vcpus=9)]
    (reason,) = reasons(parse(tmp_path, lines, [Region("a", 1, 1.0)], job(threads=True)))
    assert "more than 8 threads" in reason


@pytest.mark.parametrize(
    ("lines", "reported"),
    [
        ([header()], 1),
        ([header(), line(0)], 2),
        ([header(), line(0), line(1)], 1),
        ([header(), line(1)], 1),
        ([header(), line(0)], 0),
    ],
)
def test_regions_that_do_not_match_the_marks_make_every_metric_missing(
    tmp_path: Path, lines: list[Mapping[str, object]], reported: int
) -> None:
    (reason,) = reasons(parse(tmp_path, lines, [Region("a", 1, 1.0)] * reported))
    assert f"reported {reported} regions" in reason


def test_counts_of_another_guest_are_refused(tmp_path: Path) -> None:
    (reason,) = reasons(parse(tmp_path, [header(target="x86_64"), line(0)], [Region("a", 1, 1.0)]))
    assert "x86_64" in reason


def test_zeroed_blocks_that_the_emulator_hides_are_owned_up_to(tmp_path: Path) -> None:
    found = parse(tmp_path, [header(), line(0, zeroed_blocks=3)], [Region("a", 1, 1.0)])
    misses, instructions = found["l1d_misses"], found["instructions"]
    assert isinstance(misses, Sample)
    assert isinstance(instructions, Sample)
    assert misses.provenance.source.endswith("; DC ZVA not seen")
    assert "DC ZVA" not in instructions.provenance.source


def test_no_file_is_a_reason(tmp_path: Path) -> None:
    session = Memsim("riscv64").open(tmp_path, job())
    session.wrap(["qemu-riscv64", "/program"])
    (reason,) = reasons({value.metric: value for value in session.parse([Region("a", 1, 1.0)])})
    assert "left no counts" in reason


def test_an_emulator_that_cannot_load_it_executes_all_the_same_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memsim_session, "refusal", lambda emulator, _: f"{emulator} is linked statically")
    source = Memsim("riscv64")
    session = source.open(tmp_path, job())
    command = ["qemu-riscv64", "/program"]
    assert session.wrap(command) == command
    found = {value.metric: value for value in session.parse([Region("a", 1, 1.0)])}
    assert reasons(found) == {"/usr/bin/qemu-riscv64 is linked statically"}
    offered = source.availability()
    assert all(isinstance(value, Missing) and "statically" in value.reason for value in offered.values())


def test_an_unknown_core_is_refused_before_anything_is_executed() -> None:
    with pytest.raises(ConfigError):
        Memsim("arm64", "neoverse-x9")
