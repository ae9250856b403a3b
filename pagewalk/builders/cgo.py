"""Go workloads with C in them: a compiler for their target, and the libc that they are executed with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pagewalk.builders.request import Request
from pagewalk.toolchains.sysroot import BASE_PACKAGES, BASE_SUITE, Sysroot, make_sysroot
from pagewalk.toolchains.zig import Compiler, c_compiler

_IMPORTS = re.compile(r'^(?:import )?\s*"(?:C|plugin)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cgo:
    """What turns Go with C in it into a program, and executes it."""

    compiler: Compiler
    sysroot: Sysroot

    @property
    def variables(self) -> Mapping[str, str]:
        """What `go build` needs to know of the compiler (`go help environment`)."""
        return {"CGO_ENABLED": "1", "CC": self.compiler.cc, **self.compiler.environment}

    @property
    def facts(self) -> Mapping[str, str]:
        return {"compiler": self.compiler.name, **self.sysroot.versions}


def cgo_of(request: Request) -> Cgo | None:
    """Return what a Go workload with C in it needs; None for one that is Go alone, and then static.

    Raises:
        ConfigError: the target's libc is not glibc.
        Unavailable: no compiler for the target, or its libc cannot be had.
    """
    if not imports_c(request.workload.folder / request.workload.program):
        return None
    sysroot = make_sysroot(BASE_SUITE, BASE_PACKAGES, request.target, request.progress)
    return Cgo(c_compiler(request.target), sysroot)


def imports_c(package: Path) -> bool:
    """Tell whether a Go package has C in it, or loads plugins, which the C library does."""
    return any(_IMPORTS.search(path.read_text(errors="replace")) for path in package.glob("*.go"))


def has_plugin(module: Path, program: str) -> bool:
    """Tell whether a program of a Go module loads a plugin: the package `<program>/plugin`."""
    return (module / program / "plugin").is_dir()


def key_of_c(cgo: Cgo | None) -> Mapping[str, object]:
    """Return what an artifact's key must hold of its C; nothing where there is none."""
    return (
        {"compiler": cgo.compiler.name, "lib": str(cgo.sysroot.lib), "versions": dict(cgo.sysroot.versions)}
        if cgo
        else {}
    )
