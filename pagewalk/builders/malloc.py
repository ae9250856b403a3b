"""C workloads against an allocator that Debian packages, or that a git subject built."""

from pathlib import Path

from pagewalk.builders.native import C_FLAGS, compile_c
from pagewalk.builders.request import Request
from pagewalk.builders.store import slot_for, write_metadata
from pagewalk.errors import BuildFailed
from pagewalk.model import Artifact
from pagewalk.subjects.recipe import MallocRecipe
from pagewalk.toolchains.sysroot import Sysroot, make_sysroot
from pagewalk.toolchains.zig import c_compiler

_OWN = "libc.so.6"


def build_malloc(request: Request, recipe: MallocRecipe) -> Artifact:
    """Compile the workload and put the packaged allocator before libc's.

    Raises:
        BuildFailed: the workload does not compile, or the package lacks the library.
        Unavailable: no compiler, or the packages cannot be had.
    """
    sysroot = make_sysroot(recipe.suite, recipe.packages, request.target, request.progress)
    library = sysroot.lib / recipe.library
    if not library.is_file():
        raise BuildFailed(
            f"{request.what}: no {recipe.library} in {', '.join(recipe.packages)} of {recipe.suite}",
            f"See what there is: ls {sysroot.lib}",
        )
    preload = None if recipe.library == _OWN else library
    return link_workload(request, sysroot, preload, dict(recipe.environment))


def link_workload(
    request: Request, sysroot: Sysroot, preload: Path | None, environment: dict[str, str]
) -> Artifact:
    """Compile the workload and return how to execute it with the sysroot's libc and a preloaded allocator."""
    compiler = c_compiler(request.target)
    name = request.workload.program
    slot = slot_for(
        {
            "kind": "c",
            "program": name,
            "workload": request.workload.digest,
            "compiler": compiler.name,
            "flags": C_FLAGS,
            "lib": str(sysroot.lib),
            "versions": dict(sysroot.versions),
            "preload": str(preload),
            "environment": environment,
        }
    )
    with slot.alone():
        if artifact := slot.cached():
            return artifact
        request.progress(f"building {request.what}")
        program = slot.folder / name
        allocator = preload or sysroot.lib / _OWN
        with slot.filling() as scratch:
            compile_c(request.workload, compiler, scratch / name, request.what)
            artifact = Artifact(
                command=sysroot.command(program, preload),
                target=request.target,
                files=tuple(dict.fromkeys((program, allocator, *sysroot.files))),
                environment=environment,
                facts={
                    **sysroot.versions,
                    "allocator_expected": str(allocator),
                    "compiler": compiler.name,
                },
            )
            write_metadata(scratch, artifact)
    return artifact
