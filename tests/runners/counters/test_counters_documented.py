"""docs/counters.md has what runners/events.toml has. To accept what that says now: PAGEWALK_GOLDEN=write."""

import os
from collections.abc import Iterator
from pathlib import Path

from pagewalk.metrics import METRICS
from runners.counters.events.table import Counted, Processor, known_events

PAGE = Path(__file__).parents[3] / "docs" / "counters.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->\n"
COLUMNS = (
    ("x86_64", "intel-haswell", "intel-skylake", "intel-golden-cove"),
    ("intel-crestmont", "intel-gracemont"),
    ("amd-zen1", "amd-zen2", "amd-zen3", "amd-zen4"),
    ("arm64", "arm-cortex-a72"),
    ("riscv64", "sifive-u74", "sifive-p550"),
    ("thead-c9xx", "spacemit-x60"),
)
SAME = {"intel-icelake": "intel-skylake", "arm-neoverse": "arm64"}
KERNELS = {"task_clock", "page_faults", "context_switches"}


def cell(counted: Counted | None) -> str:
    if counted is None:
        return "–"
    optional = (f"?{event.name}" for event in counted.more)
    return " + ".join(f"`{name}`" for name in (*(e.name for e in counted.events), *optional))


def table(processors: list[Processor]) -> Iterator[str]:
    yield "| | " + " | ".join(processor.title for processor in processors) + " |\n"
    yield "|---|" + "---|" * len(processors) + "\n"
    by_metric = [{c.metric: c for c in processor.counted} for processor in processors]
    for name, metric in METRICS.items():
        if name not in KERNELS and any(name in counted for counted in by_metric):
            cells = " | ".join(cell(counted.get(name)) for counted in by_metric)
            yield f"| {metric.title} | {cells} |\n"
    yield "\n"


def test_the_tables_are_those_of_the_events() -> None:
    known = known_events().processors
    tables = "".join(line for names in COLUMNS for line in table([known[name] for name in names]))
    before, _, rest = PAGE.read_text().partition(BEGIN)
    said, _, after = rest.partition(END)
    if os.environ.get("PAGEWALK_GOLDEN") == "write":
        PAGE.write_text(f"{before}{BEGIN}\n{tables}{END}{after}")
    else:
        assert said == f"\n{tables}"


def test_every_processor_has_a_column_or_the_one_of_another() -> None:
    known = known_events().processors
    columns = {name for names in COLUMNS for name in names}
    assert known.keys() == columns | SAME.keys() | {"any"}
    for name, other in SAME.items():
        assert known[name].counted == known[other].counted
