"""The plugin compiled on first use, and emulators that cannot load it."""

import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pagewalk.errors import BuildFailed, Unavailable
from runners.memsim.plugin import find_compiler, plugin
from runners.memsim.probe import is_static, plugin_option, refusal


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path / "cache"))


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compiler that leaves a note each time it compiles; returns the notes."""
    notes = tmp_path / "notes"
    command = script(
        tmp_path / "my-cc",
        f'[ "$1" = --version ] && {{ echo "mine 1"; exit; }}\n'
        f'echo "$@" >> {notes}\nwhile [ "$1" != -o ]; do shift; done\necho library > "$2"',
    )
    monkeypatch.setenv("CC", command)
    return notes


def test_it_is_compiled_once_and_then_taken_from_the_cache(compiler: Path, tmp_path: Path) -> None:
    first = plugin()
    assert first.read_text() == "library\n"
    assert first.is_relative_to(tmp_path / "cache")
    assert plugin() == first
    assert len(compiler.read_text().splitlines()) == 1


def test_of_many_first_users_at_once_each_gets_the_same_whole_file(compiler: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: plugin(), range(8)))
    assert len(set(found)) == 1
    assert [path.name for path in found[0].parent.parent.iterdir()] == [found[0].parent.name]


def test_another_compiler_is_another_plugin(
    compiler: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = plugin()
    monkeypatch.setenv("CC", str(shutil.copy(tmp_path / "my-cc", tmp_path / "your-cc")))
    assert plugin() != first


def test_a_compiler_that_fails_is_quoted_and_nothing_is_cached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", script(tmp_path / "bad-cc", "echo 'fatal error: no stdio.h' >&2; exit 1"))
    with pytest.raises(BuildFailed) as caught:
        plugin()
    assert "no stdio.h" in caught.value.message
    assert "Try by hand" in caught.value.remedy
    assert "no stdio.h" in caught.value.log
    assert not list((tmp_path / "cache" / "memsim").iterdir())


def test_a_compiler_that_is_named_but_not_there_is_not_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CC", "/nowhere/cc -m64")
    with pytest.raises(Unavailable, match="CC names '/nowhere/cc'"):
        find_compiler()


def test_without_a_compiler_of_the_system_the_one_in_the_zig_wheel_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ziglang", reason="no such wheel: pip install 'pagewalk[native]'")
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == sys.executable else None)
    assert find_compiler() == (sys.executable, "-m", "ziglang", "cc")


def test_commas_are_doubled_where_the_emulator_would_split() -> None:
    option = plugin_option(Path("/a,b/memsim.so"), "out=/c,d", "mode=icount")
    assert option == ("-plugin", "/a,,b/memsim.so,out=/c,,d,mode=icount")


def test_an_emulator_that_refuses_is_quoted(tmp_path: Path) -> None:
    emulator = script(tmp_path / "qemu-new", "echo 'API version 1 is not supported' >&2; exit 1")
    reason = refusal(emulator, tmp_path / "memsim.so")
    assert "API version 1 is not supported" in reason
    assert "apt-get install qemu-user" in reason


def test_a_static_emulator_is_told_from_its_file(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler: apt-get install gcc")
    source = tmp_path / "static.c"
    source.write_text("int main(void) { return 1; }\n")
    static = tmp_path / "qemu-static"
    subprocess.run([compiler, "-static", "-o", static, source], check=True)
    assert is_static(static)
    assert not is_static(Path(sys.executable).resolve())
    assert "linked statically" in refusal(str(static), tmp_path / "memsim.so")


@pytest.mark.parametrize(
    "content", [b"", b"#!/bin/sh\n", b"\x7fELF\x02\x01", b"\x7fELF\x02\x01" + b"\xff" * 58]
)
def test_a_file_that_is_no_emulator_is_not_called_static_without_reason(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert is_static(path) == (len(content) == 64)


@pytest.mark.slow
def test_the_real_plugin_compiles_and_the_real_emulator_loads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = shutil.which("qemu-riscv64")
    if emulator is None:
        pytest.skip("qemu-riscv64 is not installed: apt-get install qemu-user")
    monkeypatch.delenv("CC", raising=False)
    assert refusal(emulator, plugin()) == ""


@pytest.mark.slow
def test_the_zig_wheel_can_compile_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ziglang", reason="no such wheel: pip install 'pagewalk[native]'")
    emulator = shutil.which("qemu-riscv64")
    if emulator is None:
        pytest.skip("qemu-riscv64 is not installed: apt-get install qemu-user")
    monkeypatch.setenv("CC", f"{sys.executable} -m ziglang cc")
    assert refusal(emulator, plugin()) == ""
