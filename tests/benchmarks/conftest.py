"""The workloads, built once a session: the C ones in no time, the Go ones slowly."""

import functools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from batch import CONTRACT, INCLUDES
from driving_workloads import (
    C_PROGRAMS,
    C_SOURCES,
    FIXTURES,
    GO_PROGRAMS,
    GO_RELEASE,
    MODULE,
    PURE_GO,
    compile_c,
)

from pagewalk.builders.native import C_FLAGS
from pagewalk.errors import Unavailable
from pagewalk.toolchains.go import fetch_goroot, go_environment

Native = Callable[..., Path]
# Or the compiler drops a pair of malloc and free that it sees through.
NO_BUILTINS = tuple(flag for flag in C_FLAGS if flag.startswith("-fno-builtin"))
SAMPLE = {path.parent: name for name, path in C_SOURCES.items()}.values()
"""One program a family: what is fast looks at these, all others are held to the same when there is time."""
EVERY_PROGRAM = [
    name if name in SAMPLE else pytest.param(name, marks=pytest.mark.slow)
    for name in (*C_PROGRAMS, *GO_PROGRAMS)
]
# What is the engine's own (options that all take, marks) is the same code in every program of a language.
ENGINES = ["churn", "false_sharing", pytest.param("gomap", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def native(tmp_path_factory: pytest.TempPathFactory) -> Native:
    """Build a C workload for this host, or one of the fixtures as a workload."""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    folder = tmp_path_factory.mktemp("native")

    def build(name: str, *options: str) -> Path:
        program = folder / "-".join((name, *options))
        source = C_SOURCES.get(name, FIXTURES / f"{name}.c")
        if not program.exists():
            compile_c(program, source, *INCLUDES, *engine(*options), options=(*NO_BUILTINS, *options))
        return program

    @functools.cache
    def engine(*options: str) -> list[Path]:
        """Compile once what takes longer than a workload and is the same for all."""
        return [
            compile_c(folder / "-".join((*options, f"{Path(source).stem}.o")), "-c", source, options=options)
            for source in CONTRACT
        ]

    return build


@pytest.fixture(scope="session")
def preload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that counts allocations, and on request lets only them take time."""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: apt-get install gcc")
    library = tmp_path_factory.mktemp("preload") / "count_malloc.so"
    return compile_c(library, FIXTURES / "count_malloc.c", options=("-shared", "-fPIC"))


@pytest.fixture(scope="session")
def go_build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Build all Go workloads with a release for an architecture, once a session; returns their folder.

    Those with C in them only for this host, which has a compiler.
    """
    folder = tmp_path_factory.mktemp("go")

    def build(release: str = GO_RELEASE, goarch: str = "") -> Path:
        if not goarch and shutil.which("gcc") is None:
            pytest.skip("no C compiler: apt-get install gcc")
        output = folder / f"{release}-{goarch or 'host'}"
        if not output.is_dir():
            try:
                goroot = fetch_goroot(release)
            except Unavailable as error:
                pytest.skip(f"no toolchain: {error}")
            names = {"GOARCH": goarch, "GOARM": "7"} if goarch else {"CGO_ENABLED": "1"}
            command = [goroot / "bin/go", "build"]
            environment = go_environment(goroot, names)
            output.mkdir()
            for arguments in (
                ["-o", f"{output}/", *(f"./{name}" for name in (PURE_GO if goarch else GO_PROGRAMS))],
                *(
                    []
                    if goarch
                    else [["-buildmode=plugin", "-o", output / "goplugin.so", "./goplugin/plugin"]]
                ),
            ):
                subprocess.run([*command, *arguments], cwd=MODULE, env=environment, check=True)
        return output

    return build


@pytest.fixture(scope="session")
def go(go_build: Callable[..., Path]) -> Callable[[str], Path]:
    """Return a Go workload for this host."""
    return lambda name: go_build() / name


def built(request: pytest.FixtureRequest) -> Path:
    """Return the program that a fixture's parameter names."""
    name = str(request.param)
    path: Path = request.getfixturevalue("native" if name in C_PROGRAMS else "go")(name)
    return path


@pytest.fixture(params=EVERY_PROGRAM)
def workload(request: pytest.FixtureRequest) -> Path:
    """Each workload in turn, C and Go."""
    return built(request)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Path:
    """A workload of each language, for what all of it have from one place."""
    return built(request)
