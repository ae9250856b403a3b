"""What perf said somewhere, or would have: fixtures/README.md has which is which."""

from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"

# recording, the processor it is of, and its architecture
CONSTRUCTED = (
    ("intel-icelake-6.1-multiplexed", "intel-icelake", "x86_64"),
    ("amd-zen3-5.10", "amd-zen3", "x86_64"),
    ("arm-neoverse-6.1", "arm-neoverse", "arm64"),
    ("arm-cortex-a72-5.4", "arm-cortex-a72", "arm64"),
    ("sifive-u74-6.6", "sifive-u74", "riscv64"),
    ("thead-c9xx-5.10", "thead-c9xx", "riscv64"),
    ("spacemit-x60-6.6", "spacemit-x60", "riscv64"),
    ("riscv64-sbi-6.1", "riscv64", "riscv64"),
)


def constructed(name: str) -> str:
    """Return text in perf's shape that no perf wrote."""
    return (FIXTURES / "constructed" / f"{name}.csv").read_text()


def recorded(name: str, form: str = "csv") -> str:
    """Return text that a real perf wrote, with `-x,` or, as `json`, with `-j`."""
    return (FIXTURES / "recorded" / f"{name}.{form}").read_text()


def cpuinfo(processor: str) -> str:
    return (FIXTURES / "cpuinfo" / f"{processor}.txt").read_text()
