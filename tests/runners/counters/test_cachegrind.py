"""Cachegrind as a counter source: what it is asked for, and what its totals say of a region."""

from pathlib import Path

import pytest

from pagewalk.errors import Unavailable
from pagewalk.model import Artifact, Job, Missing, Origin, Precision, Sample, Target
from pagewalk.protocols import Region
from runners.counters import cachegrind
from runners.counters.cachegrind import Cachegrind, CachegrindSession, caches, read_counts

JOB = Job(Artifact(("/bin/true",), Target("x86_64")), (), 1)
# As valgrind 3.19 ends its file.
TOTALS = "events: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw \nfn=(1) main\nsummary: {}\n"


def left(folder: Path, *counts: int) -> Path:
    folder.mkdir()
    (folder / "cachegrind.out").write_text(TOTALS.format(" ".join(map(str, counts))))
    return folder


def parsed(session: CachegrindSession, operations: int) -> dict[str, Sample | Missing]:
    return {value.metric: value for value in session.parse([Region("churn", operations, 1.0)])}


def test_the_caches_are_those_of_the_geometry_and_not_the_hosts(tmp_path: Path) -> None:
    assert caches(Cachegrind("x86_64").geometry) == (
        "--I1=32768,8,64",
        "--D1=32768,8,64",
        "--LL=2097152,16,64",
    )
    command = Cachegrind("riscv64", "sifive-u74").open(tmp_path, JOB).wrap(["/bin/true", "--loops=1"])
    assert command[-2:] == ("/bin/true", "--loops=1")
    assert {"--tool=cachegrind", "--cache-sim=yes"} <= set(command)


def test_a_file_name_with_a_percent_sign_is_taken_as_it_is(tmp_path: Path) -> None:
    command = Cachegrind().open(tmp_path / "50%p", JOB).wrap(["/bin/true"])
    assert f"--cachegrind-out-file={tmp_path}/50%%p/cachegrind.out" in command


def test_the_counts_are_those_of_the_second_half_of_twice_the_loops(tmp_path: Path) -> None:
    source = Cachegrind()
    short = source.since(None, left(tmp_path / "short", 1000, 1, 1, 400, 30, 5, 200, 10, 5))
    parsed(short, 10)
    long = source.since(short, left(tmp_path / "long", 1800, 1, 1, 700, 55, 8, 350, 15, 7))
    values = parsed(long, 20)
    numbers = {name: value.value for name, value in values.items() if isinstance(value, Sample)}
    assert numbers == {"instructions": 80.0, "l1d_misses": 3.0, "l2_misses": 0.5}
    sample = values["l1d_misses"]
    assert isinstance(sample, Sample)
    assert (sample.provenance.origin, sample.provenance.precision) == (Origin.SIMULATED, Precision.SAMPLED)
    assert sample.provenance.source == "cachegrind reference: L1D 32 KiB/8; difference of two lengths"


def test_one_execution_alone_says_that_it_is_of_the_whole_process(tmp_path: Path) -> None:
    session = Cachegrind().open(left(tmp_path / "one", 1000, 1, 1, 400, 30, 5, 200, 10, 5), JOB)
    value = parsed(session, 10)["instructions"]
    assert isinstance(value, Sample)
    assert value.value == 100.0
    assert value.provenance.source.endswith("whole process")


def test_what_start_up_varies_by_is_no_negative_count(tmp_path: Path) -> None:
    source = Cachegrind()
    short = source.since(None, left(tmp_path / "short", 9000, 1, 1, 400, 3000, 5, 200, 10, 5))
    parsed(short, 10)
    long = source.since(short, left(tmp_path / "long", 9900, 1, 1, 700, 2997, 5, 350, 10, 5))
    values = parsed(long, 20)
    misses = values["l1d_misses"]
    assert isinstance(misses, Sample)
    assert misses.value == 0.0


def test_loops_that_are_not_alike_have_no_count(tmp_path: Path) -> None:
    source = Cachegrind()
    short = source.since(None, left(tmp_path / "short", 9000, 1, 1, 400, 3000, 5, 200, 10, 5))
    parsed(short, 10)
    fewer = parsed(source.since(short, left(tmp_path / "fewer", 9900, 1, 1, 7, 300, 5, 350, 10, 5)), 20)
    assert isinstance(fewer["l1d_misses"], Missing)
    same = parsed(source.since(short, left(tmp_path / "same", 9900, 1, 1, 7, 300, 5, 350, 10, 5)), 10)
    assert all(isinstance(value, Missing) and "ignores --loops" in value.reason for value in same.values())


@pytest.mark.parametrize(
    "text", ["", "events: Ir\nsummary: 5\n", TOTALS.format("1 2"), TOTALS.format("a b c d e f g h i")]
)
def test_a_file_that_is_not_cachegrinds_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "out").write_text(text)
    with pytest.raises(Unavailable, match="not what cachegrind writes"):
        read_counts(tmp_path / "out")
    with pytest.raises(Unavailable, match=r"left no .*\n.*another program in its place"):
        read_counts(tmp_path / "none")


def test_without_valgrind_every_metric_is_missing_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cachegrind.shutil, "which", lambda _: None)
    for value in Cachegrind().availability().values():
        assert isinstance(value, Missing)
        assert "apt-get install valgrind" in value.reason
