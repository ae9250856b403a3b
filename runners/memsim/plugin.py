"""The plugin compiled on first use, and cached by what it was made of."""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import BuildFailed, Unavailable

SOURCES = Path(__file__).parent
FLAGS = ("-shared", "-fPIC", "-O3", "-std=c11", "-D_GNU_SOURCE", "-fvisibility=hidden", "-pthread")

_REMEDY = "Install one: apt-get install gcc, or pip install 'pagewalk[native]'; or name one: export CC=…"
_TIMEOUT = 300.0


def plugin() -> Path:
    """Return the shared object that qemu loads, compiled now if it never was.

    Safe under concurrent first use: of two that compile at once, one result stays.

    Raises:
        Unavailable: there is no C compiler.
        BuildFailed: the compiler refuses; `log` holds its words.
    """
    compiler = find_compiler()
    folder = cache_root() / "memsim" / _fingerprint(compiler)
    library = folder / "memsim.so"
    if not library.exists():
        with publish(folder) as temporary:
            _compile(compiler, temporary / library.name)
    return library


def find_compiler() -> tuple[str, ...]:
    """Return the command of the C compiler: `$CC`, else cc, gcc, clang, else the one in the ziglang wheel.

    Raises:
        Unavailable: there is none.
    """
    for command in _candidates():
        if shutil.which(command[0]):
            return command
    raise Unavailable("no C compiler to build the emulator plugin with", _REMEDY)


def _candidates() -> Iterator[tuple[str, ...]]:
    if named := shlex.split(os.environ.get("CC", "")):
        yield tuple(named)
        raise Unavailable(f"CC names {named[0]!r}, which is not there", _REMEDY)
    yield from (("cc",), ("gcc",), ("clang",))
    if find_spec("ziglang"):
        yield (sys.executable, "-m", "ziglang", "cc")


def _fingerprint(compiler: Sequence[str]) -> str:
    digest = hashlib.sha256("\0".join((*compiler, _version(tuple(compiler)), *FLAGS)).encode())
    for path in sorted(SOURCES.glob("*.[ch]")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


@cache
def _version(compiler: tuple[str, ...]) -> str:
    return _run((*compiler, "--version")).stdout


def _compile(compiler: Sequence[str], library: Path) -> None:
    sources = sorted(str(path) for path in SOURCES.glob("*.c"))
    done = _run((*compiler, *FLAGS, "-o", str(library), *sources))
    if done.returncode or not library.exists():
        log = done.stdout + done.stderr
        lines = log.strip().splitlines() or [f"exit status {done.returncode}, and not a word"]
        raise BuildFailed(
            f"{shlex.join(compiler)} cannot build the emulator plugin: {lines[0]}",
            f"Try by hand: {shlex.join((*compiler, *FLAGS))} -o /tmp/memsim.so {SOURCES}/*.c",
            log,
        )


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_TIMEOUT,
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"cannot run {command[0]}: {error}", _REMEDY) from error


def _environment() -> Mapping[str, str]:
    # zig builds parts of a libc at first, and keeps them where it is told to
    return {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache_root() / "zig")}
