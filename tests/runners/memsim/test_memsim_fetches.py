"""Fetches of instructions, which are modelled on request: closed forms, and what they leave alone."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from guests import FIXTURES, ZIG, Build, Counting, numbers, sources

from pagewalk.metrics import ITLB_MISSES
from pagewalk.model import Artifact, Job, Missing, Sample, Target
from runners.counters.events.choice import VARIABLE
from runners.counters.memsim import EMULATORS, Memsim
from runners.memsim.counts import FETCHES, read_counts
from runners.memsim.geometries import known_cores, load_geometry
from runners.qemu_user import QemuUser

ROUNDS = 1000
EVERYWHERE = [(name, core) for name in ZIG for core in ("", *known_cores(name))]
Chase = Callable[..., Mapping[str, int]]


@pytest.fixture
def chase(build: Build, tmp_path: Path) -> Chase:
    """Count a chase over so many pages of code, a function each."""

    def run(architecture: str, core: str, pages: int) -> Mapping[str, int]:
        emulator = shutil.which(EMULATORS[architecture])
        if emulator is None:
            pytest.skip(f"{EMULATORS[architecture]} is not installed: apt-get install qemu-user")
        program = str(build(architecture, FIXTURES / "memsim_code.c"))
        scratch = tmp_path / str(pages)
        scratch.mkdir()
        job = Job(Artifact((program,), Target(architecture, "musl")), (str(pages),), 1)
        session = Memsim(architecture, core, fetches=True).open(scratch, job)
        command = session.wrap([emulator, "-seed", "1", program, str(pages)])
        subprocess.run(["setarch", "-R", *command], check=True)
        return read_counts(scratch / "memsim.jsonl").regions[0]

    return run


@pytest.mark.slow
@pytest.mark.parametrize(("architecture", "core"), EVERYWHERE)
def test_a_chase_over_pages_of_code_misses_as_often_as_the_closed_form_says(
    chase: Chase, architecture: str, core: str
) -> None:
    """In turn, pages fall evenly on the sets: more than its ways and a set misses always, else never.

    Below, a way of each set is left to the caller, or some of a single set. The functions begin at a page's
    beginning, so that those of the L1I share as many sets as it has pages to a way.
    """
    geometry = load_geometry(architecture, core)
    ways = geometry.itlb.ways
    sets = geometry.itlb.size // ways
    fits, exceeds = (sets * (ways - 1), sets * (ways + 1)) if sets > 1 else (ways - 8, ways + 8)
    steps = ROUNDS * exceeds
    assert chase(architecture, core, fits)["itlb_misses"] <= 0.001 * ROUNDS * fits
    found = chase(architecture, core, exceeds)
    assert found["itlb_misses"] == pytest.approx(steps, rel=0.001)
    assert found["l1i_misses"] == pytest.approx(steps, rel=0.001)
    few = max(1, geometry.l1i.ways * max(1, geometry.l1i.size // geometry.l1i.ways // 4096) - 1)
    assert chase(architecture, core, few)["l1i_misses"] <= 0.001 * ROUNDS * few
    # the second levels hold all of it
    assert found["stlb_fetch_misses"] + found["l2_fetch_misses"] <= 0.001 * steps


@pytest.mark.slow
def test_fetches_change_no_count_of_the_first_levels_of_data(build: Build, counting: Counting) -> None:
    program = build("riscv64", *sources("churn"))
    without, having = (
        counting(Memsim("riscv64", fetches=fetches), "riscv64", program, "--loops=2")
        for fetches in (False, True)
    )
    assert ITLB_MISSES.name not in without
    untouched = ("instructions", "dtlb_misses", "l1d_misses")
    assert {name: numbers(having)[name] for name in untouched} == {
        name: numbers(without)[name] for name in untouched
    }
    second = having["l2_misses"]
    assert isinstance(second, Sample)
    assert second.provenance.source.endswith("shared with fetches")


@pytest.mark.slow
@pytest.mark.parametrize("event", FETCHES)
def test_a_profile_of_fetches_has_the_function_whose_page_is_missed(
    build: Build, tmp_path: Path, event: str
) -> None:
    runner = QemuUser(Target("riscv64", "musl"))
    if reason := runner.unavailable():
        pytest.skip(reason)
    artifact = Artifact((str(build("riscv64", FIXTURES / "memsim_code.c")),), runner.target)
    session = Memsim("riscv64").open(tmp_path, Job(artifact, ("144",), 1, record=event))
    emulator = shutil.which(EMULATORS["riscv64"]) or ""
    subprocess.run(["setarch", "-R", *session.wrap([emulator, *artifact.command, "144"])], check=True)
    (line,) = (
        line for line in session.folded("code").splitlines() if line.split(";")[-1].startswith("page_42 ")
    )
    assert int(line.split()[-1]) == pytest.approx(ROUNDS, rel=0.001)


def test_they_are_offered_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = QemuUser(Target("riscv64"))
    if reason := runner.unavailable():
        pytest.skip(reason)
    unasked = runner.availability()[ITLB_MISSES.name]
    assert isinstance(unasked, Missing)
    assert "PAGEWALK_METRICS=itlb_misses" in unasked.reason
    monkeypatch.setenv(VARIABLE, "itlb_misses")
    asked = QemuUser(Target("riscv64")).availability()[ITLB_MISSES.name]
    assert not isinstance(asked, Missing)
    assert "L1 iTLB 128/8" in asked.source
