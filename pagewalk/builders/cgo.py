"""Go workloads with C in them: a compiler for their target, and the libc that they are executed with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pagewalk.builders.request import Request
from pagewalk.toolchains.sysroot import BASE_PACKAGES, BASE_SUITE, Sysroot, make_sysroot
from pagewalk.toolchains.zig import c_compiler

_IMPORTS = re.compile(r'^(?:import )?\s*"(?:C|plugin)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Linkage:
    """How a Go workload is linked and executed; all empty for one that is Go alone, and then static.

    Args:
        variables: what `go build` needs to know of the C compiler (`go help environment`).
        facts: the compiler, and the versions of the libraries.
        sysroot: the libc.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    sysroot: Sysroot | None = None

    @property
    def key(self) -> Mapping[str, object]:
        """What the key of an artifact must hold of it; nothing where there is no C."""
        return {"c": dict(self.facts), "lib": str(self.sysroot.lib)} if self.sysroot else {}

    @property
    def files(self) -> tuple[Path, ...]:
        """What the program needs beside itself at run time."""
        return self.sysroot.files if self.sysroot else ()

    def command(self, program: Path) -> tuple[str, ...]:
        """Return what executes a program that was linked so."""
        return self.sysroot.command(program) if self.sysroot else (str(program),)


def linkage_of(request: Request) -> Linkage:
    """Return what a Go workload needs of C.

    Raises:
        ConfigError: the target's libc is not glibc.
        Unavailable: no compiler for the target, or its libc cannot be had.
    """
    if not imports_c(request.workload.folder / request.workload.program):
        return Linkage()
    compiler = c_compiler(request.target)
    sysroot = make_sysroot(BASE_SUITE, BASE_PACKAGES, request.target, request.progress)
    return Linkage(
        variables={"CGO_ENABLED": "1", "CC": compiler.cc, **compiler.environment},
        facts={"compiler": compiler.name, **sysroot.versions},
        sysroot=sysroot,
    )


def imports_c(package: Path) -> bool:
    """Tell whether a Go package has C in it, or loads plugins, which the C library does."""
    return any(_IMPORTS.search(path.read_text(errors="replace")) for path in package.glob("*.go"))


def has_plugin(module: Path, program: str) -> bool:
    """Tell whether a program of a Go module loads a plugin: the package `<program>/plugin`."""
    return (module / program / "plugin").is_dir()
