"""C workloads, compiled for any target."""

import os
from pathlib import Path

from pagewalk.builders.workload import Workload
from pagewalk.toolchains.process import run_build
from pagewalk.toolchains.zig import Compiler

# The compiler may take malloc and free for what it knows them to be and drop a pair of them: the
# very thing that is measured.
C_FLAGS = (
    "-O2",
    "-g",
    "-std=gnu11",
    "-pthread",
    "-fno-omit-frame-pointer",
    "-fno-sanitize=undefined",
    *(f"-fno-builtin-{name}" for name in ("malloc", "calloc", "realloc", "free", "aligned_alloc")),
)
_LIBRARIES = ("-lm",)


def compile_c(workload: Workload, compiler: Compiler, output: Path, what: str) -> None:
    """Compile and link a workload into `output`.

    Raises:
        BuildFailed: it does not compile.
    """
    here = f"-ffile-prefix-map={workload.folder}=."
    command = [compiler.cc, *C_FLAGS, here, *workload.inputs, "-o", str(output), *_LIBRARIES]
    run_build(command, workload.folder, {**os.environ, **compiler.environment}, what)
