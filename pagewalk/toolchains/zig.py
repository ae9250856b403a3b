"""The C compiler for every target: `zig cc`, or the system's own for this machine where zig is absent."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import Unavailable
from pagewalk.model import Target
from pagewalk.toolchains.platforms import host_architecture, zig_triple


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler for one target.

    Args:
        cc, cxx, ar: commands without arguments of ours; each a single path.
        name: what to record, as `zig 0.17.0 aarch64-linux-gnu.2.36`; equal names compile alike.
        environment: variables it needs besides the inherited ones.
    """

    cc: str
    cxx: str
    ar: str
    name: str
    environment: Mapping[str, str] = field(default_factory=dict)


def c_compiler(target: Target) -> Compiler:
    """Return the C compiler for a target.

    Raises:
        Unavailable: there is no zig, and the target is not this machine.
    """
    if importlib.util.find_spec("ziglang"):
        return _zig(target)
    if target.architecture == host_architecture() and target.libc == "gnu" and (found := shutil.which("cc")):
        return Compiler(found, shutil.which("c++") or "c++", shutil.which("ar") or "ar", _version(found))
    raise Unavailable(f"no C compiler for {target}", "Install zig: pip install 'pagewalk[native]'")


def _zig(target: Target) -> Compiler:
    triple = zig_triple(target)
    name = f"zig {version('ziglang')} {triple}"
    tools = _wrappers(triple, name)
    caches = {
        "ZIG_GLOBAL_CACHE_DIR": str(cache_root() / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(cache_root() / "zig"),
    }
    return Compiler(str(tools / "cc"), str(tools / "c++"), str(tools / "ar"), name, caches)


def _wrappers(triple: str, name: str) -> Path:
    """Return a folder with `cc`, `c++` and `ar`: makefiles want one word for each."""
    python = shutil.which(sys.executable) or sys.executable
    interpreter = hashlib.sha256(python.encode()).hexdigest()[:8]
    folder = cache_root() / "tools" / f"{name.replace(' ', '-')}-{interpreter}"
    if not folder.is_dir():
        with publish(folder) as scratch:
            for tool, words in (
                ("cc", f"cc -target {triple}"),
                ("c++", f"c++ -target {triple}"),
                ("ar", "ar"),
            ):
                script = scratch / tool
                script.write_text(f'#!/bin/sh\nexec "{python}" -m ziglang {words} "$@"\n')
                script.chmod(0o755)
    return folder


@cache
def _version(compiler: str) -> str:
    done = subprocess.run(
        [compiler, "--version"], capture_output=True, text=True, check=False, env=os.environ
    )
    return (done.stdout.splitlines() or [compiler])[0]
