"""All C workloads in one program: a whole suite is compiled in parallel, and linked once a target."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from driving_workloads import C_SOURCES, ENGINE

INCLUDES = tuple(argument for argument in ENGINE if argument.startswith("-I"))
CONTRACT = tuple(argument for argument in ENGINE if not argument.startswith("-I"))


def build_batch(
    folder: Path,
    compiler: Sequence[str | Path],
    programs: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> Path:
    """Build a program whose first argument is the name of the workload that it is to be.

    Args:
        folder: where it is built; made if need be.
        compiler: the command with its options, those of the linker too.

    Raises:
        subprocess.CalledProcessError: a workload does not compile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = [_renamed(folder, name) for name in programs]
    sources += [_dispatcher(folder, programs), *map(Path, CONTRACT)]
    environment = {**os.environ, **(environment or {})}

    def run(*arguments: str | Path) -> None:
        subprocess.run([*compiler, *arguments], env=environment, check=True)

    def compile_one(source: Path) -> Path:
        done = folder / f"{source.stem}.o"
        run("-c", *INCLUDES, "-o", done, source)
        return done

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compile_one, sources))
    batch = folder / "batch"
    run("-o", batch, *objects, "-lm")
    return batch


def _renamed(folder: Path, name: str) -> Path:
    source = folder / f"{name}.c"
    source.write_text(f'#define main main_{name}\n#include "{C_SOURCES[name]}"\n')
    return source


def _dispatcher(folder: Path, programs: Sequence[str]) -> Path:
    source = folder / "dispatcher.c"
    declared = "\n".join(f"int main_{name}(int, char **);" for name in programs)
    chosen = "\n".join(
        f'    if (!strcmp(argv[1], "{name}"))\n        return main_{name}(argc - 1, argv + 1);'
        for name in programs
    )
    source.write_text(
        f"#include <string.h>\n{declared}\nint main(int argc, char **argv)\n"
        f"{{\n    if (argc < 2)\n        return 64;\n{chosen}\n    return 64;\n}}\n"
    )
    return source
