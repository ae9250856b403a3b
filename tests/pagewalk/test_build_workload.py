"""Workloads are found by name, and a change of their sources is noticed."""

from pathlib import Path

import pytest

from pagewalk.builders.workload import find_workload
from pagewalk.errors import ConfigError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A Go module of one program and one library, and C sources with a shared part."""
    native, module = tmp_path / "benchmarks/native", tmp_path / "benchmarks/go"
    for name in ("alloc/churn.c", "tlb/chase.c", "tlb/tlb.h", "contract/workload.c", "contract/workload.h"):
        (native / name).parent.mkdir(parents=True, exist_ok=True)
        (native / name).write_text(f"/* {name} */\n")
    for name, package in (("gomap", "main"), ("contract", "contract")):
        (module / name).mkdir(parents=True)
        (module / name / "x.go").write_text(f"// {name}\n\npackage {package}\n")
    return tmp_path


def test_a_library_of_the_go_module_is_no_workload(root: Path) -> None:
    assert find_workload("gomap", "go", root).folder == root / "benchmarks/go"
    with pytest.raises(ConfigError, match="There are: gomap"):
        find_workload("contract", "go", root)


def test_the_shared_part_of_the_c_workloads_is_compiled_in_and_is_none_itself(root: Path) -> None:
    assert [path.name for path in find_workload("churn", "c", root).sources] == ["churn.c", "workload.c"]
    with pytest.raises(ConfigError, match="There are: chase, churn"):
        find_workload("workload", "c", root)


@pytest.mark.parametrize("program", ["../native/churn", "/etc/passwd", "", "churn.c", "-o"])
def test_what_is_no_name_is_no_workload(root: Path, program: str) -> None:
    for language in ("c", "go"):
        with pytest.raises(ConfigError, match="no workload"):
            find_workload(program, language, root)


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [("alloc/churn.c", True), ("contract/workload.h", True), ("tlb/chase.c", False), ("tlb/tlb.h", False)],
)
def test_only_a_change_of_its_own_sources_changes_a_c_workload(
    root: Path, changed: str, noticed: bool
) -> None:
    before = find_workload("churn", "c", root).digest
    (root / "benchmarks/native" / changed).write_text("changed\n")
    assert (find_workload("churn", "c", root).digest != before) == noticed


def test_a_change_anywhere_in_the_go_module_changes_every_go_workload(root: Path) -> None:
    before = find_workload("gomap", "go", root).digest
    (root / "benchmarks/go/contract/x.go").write_text("package contract // changed\n")
    assert find_workload("gomap", "go", root).digest != before
