"""Functions by where they lie in a file; in one that was stripped, what is near, and no false claim."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pagewalk.analysis.outcomes import ending
from pagewalk.model import Case, Crash, Outcome, Record
from runners.execution.capture import Capture
from runners.execution.crash_record import describe
from runners.execution.fault import Fault
from runners.execution.symbols import function_at, functions, nearest_export

pytestmark = pytest.mark.slow
SOURCE = """
__attribute__((noinline)) static int hidden(int *at) { return *at + 1; }
int exported(int *at) { return hidden(at) * 3; }
__attribute__((noinline)) static int last(int *at) { return *at * 7 + 2; }
int (*const keep)(int *) = last;
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with functions that it exports and functions that it does not."""
    if shutil.which("cc") is None or shutil.which("strip") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    folder = tmp_path_factory.mktemp("library")
    (folder / "library.c").write_text(SOURCE)
    options = ("-O1", "-fno-toplevel-reorder", "-shared", "-fPIC")
    subprocess.run(["cc", *options, "library.c", "-o", "library.so"], cwd=folder, check=True)
    return folder / "library.so"


@pytest.fixture(scope="module")
def stripped(library: Path) -> Path:
    """The same bytes of code without the names of what it does not export."""
    path = library.with_name("stripped.so")
    subprocess.run(["strip", "-o", path, library], check=True)
    return path


def test_a_whole_file_names_every_function_and_nothing_is_only_near(library: Path) -> None:
    for name, begin in functions(library).items():
        assert function_at(library, begin) == name
        assert not nearest_export(library, begin)


def test_in_a_stripped_file_an_exported_function_is_still_named(library: Path, stripped: Path) -> None:
    begin = functions(library)["exported"]
    assert function_at(stripped, begin + 1) == "exported"
    assert not nearest_export(stripped, begin + 1)


def test_a_function_without_a_name_is_near_the_export_before_it(library: Path, stripped: Path) -> None:
    known = functions(library)
    begin = known["last"]
    assert begin > known["exported"]
    assert not function_at(stripped, begin)
    distance = begin - known["exported"]
    assert nearest_export(stripped, begin) == f"near exported+{distance:#x}, exported symbol"


def test_what_lies_before_all_exports_or_outside_the_code_is_near_nothing(
    library: Path, stripped: Path
) -> None:
    assert not nearest_export(stripped, functions(library)["hidden"])
    assert not nearest_export(stripped, stripped.stat().st_size - 1)
    assert not nearest_export(stripped.with_name("absent"), 0)


def test_a_crash_in_such_a_library_says_near_and_never_in(library: Path, stripped: Path) -> None:
    fault = Fault(0x10, 0x401234, stripped.name, functions(library)["last"])
    capture = Capture()
    capture.close()
    crash = describe(Crash("SIGSEGV", fault_address=0x10), capture, fault, lambda _: stripped)
    (frame,) = crash.frames
    assert frame.startswith("near exported+0x")
    told = ending(Record(Case("a"), {Outcome.CRASHED: 3}, {}, crash))
    assert told == f"3 of 3 crashed (SIGSEGV at 0x10 {frame})"
