"""Every workload of benchmarks/, and how to execute one and read what it says."""

import json
import os
import resource
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pagewalk.builders.cgo import imports_c
from pagewalk.builders.workload import c_programs, find_workload

ROOT = Path(__file__).parents[2]
NATIVE = ROOT / "benchmarks/native"
MODULE = ROOT / "benchmarks/go"
FIXTURES = Path(__file__).parent / "fixtures"

C_SOURCES = {path.stem: path for path in c_programs(NATIVE)}
C_PROGRAMS = sorted(C_SOURCES)
GO_PROGRAMS = sorted(path.parent.name for path in MODULE.glob("*/main.go"))
PURE_GO = [name for name in GO_PROGRAMS if not imports_c(MODULE / name)]
GO_RELEASE = "1.25.5"
# What an option does not have it leaves out: C11 makes it 0 (6.7.9, 21).
WARNINGS = ("-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror")
ENGINE = tuple(
    argument
    for argument in find_workload(C_PROGRAMS[0], "c", ROOT).inputs
    if argument != str(C_SOURCES[C_PROGRAMS[0]])
)
"""What every C workload is compiled with beside its own file."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What one execution of a workload left.

    Args:
        status: exit status, or minus the signal.
        lines: the JSON objects of stdout.
    """

    status: int
    lines: tuple[Line, ...]
    stderr: str

    def the(self, kind: str) -> Any:
        """Return the value of the one line of a kind: `region`, `check`, `crash`."""
        (line,) = [line for line in self.lines if kind in line]
        return line if kind == "region" else line[kind]

    def facts(self) -> Line:
        """Return all facts together."""
        return {name: value for line in self.lines for name, value in line.get("facts", {}).items()}


def run(
    program: Path | tuple[str | Path, ...], *arguments: str, environment: Mapping[str, str] | None = None
) -> Said:
    """Execute a workload; each line that it printed must be a JSON object."""
    command = program if isinstance(program, tuple) else (program,)
    done = subprocess.run(
        [*command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **(environment or {})},
    )
    return Said(done.returncode, tuple(objects(done.stdout)), done.stderr)


def faults(program: Path, *arguments: str) -> int:
    """Return the minor faults of one execution and its children, as getrusage(2) counts them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    output(str(program), *arguments)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before


def output(*command: str) -> str:
    """Return what a command prints. It is spawned: a forked child begins with faults of its parent's."""
    reading, writing = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_CLOSE, reading)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    os.close(writing)
    with os.fdopen(reading) as stream:
        text = stream.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, command
    return text


def objects(stdout: str) -> list[Line]:
    """Read JSON lines; raises where one is no object."""
    lines = [json.loads(line) for line in stdout.splitlines()]
    assert all(isinstance(line, dict) for line in lines), stdout
    return lines


def compile_c(output: Path, *sources: str | Path, options: tuple[str, ...] = ()) -> Path:
    """Compile with the system's compiler, strictly."""
    command = ["cc", "-std=c11", "-O2", "-g", "-pthread", *WARNINGS, *options, "-o", output, *sources, "-lm"]
    subprocess.run(command, check=True)
    return output
