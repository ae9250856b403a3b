"""Someone else's counter plugs in without a fork, and a broken one costs nobody anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from pagewalk.model import Artifact, Job, Missing, Origin, Precision, Provenance, Run, Sample
from pagewalk.protocols import Region
from runners.counters import plugins
from runners.local import Local

RAW = Provenance(Origin.HARDWARE, Precision.SAMPLED, "raw r1234")


class Raw:
    """A source as another package may bring it: it knows this processor's event for page walks."""

    name = "raw"

    def availability(self) -> Mapping[str, Provenance | Missing]:
        return {"stlb_misses": RAW, "page_faults": RAW}

    def open(self, scratch: Path, job: Job) -> "Raw":  # noqa: ARG002  the protocol's
        (scratch / "its own").write_text("")
        return self

    def wrap(self, command: Sequence[str]) -> Sequence[str]:
        return command

    def attach(self, pid: int) -> None:
        self.pid = pid

    def enable(self) -> None: ...

    def disable(self) -> None: ...

    def parse(self, regions: Sequence[Region]) -> Iterable[Sample | Missing]:  # noqa: ARG002
        return [Sample("stlb_misses", 0.5, RAW), Sample("page_faults", 77.0, RAW)]


class Broken:
    """A source that cannot even be made."""

    def __init__(self) -> None:
        raise RuntimeError("no such board")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], None]:
    def installed(source: type) -> None:
        entry = EntryPoint(source.__name__, f"{__name__}:{source.__name__}", plugins.GROUP)
        monkeypatch.setattr(EntryPoint, "load", lambda _: source)
        monkeypatch.setattr(plugins, "entry_points", lambda **_: EntryPoints([entry]))

    return installed


def test_a_plugin_adds_what_the_built_in_sources_lack(
    install: Callable[[type], None], workload: Path
) -> None:
    install(Raw)
    runner = Local()
    assert runner.availability()["stlb_misses"] == RAW
    run: Run = runner.execute(Job(Artifact((str(workload),), runner.target), (), 1))
    values = {sample.metric: sample.value for sample in run.samples}
    assert values["stlb_misses"] == 0.5
    assert "stlb_misses" not in {missing.metric for missing in run.missing}
    if runner.availability()["page_faults"] != RAW:
        assert values["page_faults"] == 1.0  # the built-in source has it, and comes first


def test_a_broken_plugin_is_reported_by_name_and_left_out(install: Callable[[type], None]) -> None:
    install(Broken)
    with pytest.warns(RuntimeWarning, match="counter plugin Broken .*no such board"):
        assert list(plugins.native_plugins()) == []


def test_our_own_entries_are_not_taken_twice() -> None:
    assert [source.name for source in plugins.native_plugins()] == []
