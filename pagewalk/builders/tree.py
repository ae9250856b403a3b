"""Git subjects: a commit checked out in a scratch folder and built by the subject's own command."""

import os
import shlex
import shutil
from pathlib import Path

from pagewalk.builders.cgo import linkage_of
from pagewalk.builders.go import GO_FLAGS, GoToolchain, compile_go
from pagewalk.builders.malloc import link_workload
from pagewalk.builders.request import Request
from pagewalk.builders.store import key_of, slot_for
from pagewalk.cache import cache_root, publish
from pagewalk.errors import BuildFailed
from pagewalk.git import git
from pagewalk.locking import locked
from pagewalk.model import Artifact
from pagewalk.subjects.subject import Clone
from pagewalk.toolchains.go import fetch_goroot
from pagewalk.toolchains.platforms import zig_triple
from pagewalk.toolchains.process import run_build
from pagewalk.toolchains.sysroot import BASE_PACKAGES, BASE_SUITE, make_sysroot
from pagewalk.toolchains.zig import Compiler, c_compiler


def build_tree(request: Request, clone: Clone) -> Artifact:
    """Build the commit, then what its `use` asks for: an allocator, the workload itself, or a Go tree.

    Raises:
        BuildFailed: the command fails, or leaves no product.
        Unavailable: no compiler, or packages that cannot be had.
    """
    if clone.use == "goroot":
        return _go_workload(request, clone)
    product = _product(request, clone)
    if clone.use == "program":
        return _program(request, product)
    sysroot = make_sysroot(BASE_SUITE, BASE_PACKAGES, request.target, request.progress)
    return link_workload(request, sysroot, product, {})


def _program(request: Request, product: Path) -> Artifact:
    compiler = c_compiler(request.target).name
    return Artifact((str(product),), request.target, (product,), facts={"compiler": compiler})


def _go_workload(request: Request, clone: Clone) -> Artifact:
    goroot, linkage = _product(request, clone), linkage_of(request)
    slot = slot_for(
        {
            "kind": "goroot",
            "goroot": goroot.parent.name,
            "program": request.workload.program,
            "workload": request.workload.digest,
            "target": str(request.target),
            "flags": GO_FLAGS,
            **linkage.key,
        }
    )
    with slot.alone():
        if artifact := slot.cached():
            return artifact
        facts = {"go": f"{request.subject.name} {request.revision.commit[:10]}"}
        return compile_go(slot, request, GoToolchain(goroot, GO_FLAGS, {}, facts), linkage)


def _product(request: Request, clone: Clone) -> Path:
    """Return what the command leaves of this commit, built when it is first asked for."""
    compiler = None if clone.use == "goroot" else c_compiler(request.target)
    folder = cache_root() / "products" / _key(request, clone, compiler)
    name = Path(clone.product.format_map({"program": request.workload.program})).name or "tree"
    with locked(folder):
        if not folder.is_dir():
            request.progress(f"building {request.subject.name} {request.revision.name} for {request.target}")
            with publish(folder) as scratch:
                tree = scratch / ".tree"
                _check_out(request, tree)
                product = _run(request, clone, compiler, tree)
                product.rename(scratch / name)
                shutil.rmtree(tree, ignore_errors=True)
    return folder / name


_SCRATCH = 2
"""Counts how folders to build in were named: what is built tells its own, and equal bytes tell it alike."""


def _key(request: Request, clone: Clone, compiler: Compiler | None) -> str:
    # A Go tree builds for every target; a program contains the workload, other products do not.
    return key_of(
        {
            "scratch": _SCRATCH,
            "tree": git(request.subject.repository, "rev-parse", f"{request.revision.commit}^{{tree}}"),
            "command": clone.command,
            "product": clone.product,
            "bootstrap": clone.bootstrap,
            "compiler": compiler.name if compiler else "",
            "workload": (request.workload.program, request.workload.digest) if clone.use == "program" else "",
        }
    )


def _check_out(request: Request, tree: Path) -> None:
    repository = request.subject.repository
    git(repository, "clone", "--quiet", "--shared", "--no-checkout", "--", str(repository), str(tree))
    git(tree, "checkout", "--quiet", "--detach", request.revision.commit)
    if (tree / ".gitmodules").is_file():
        git(tree, "submodule", "--quiet", "update", "--init", "--recursive", "--depth=1", deaf=False)


def _run(request: Request, clone: Clone, compiler: Compiler | None, tree: Path) -> Path:
    words = _words(request, clone, compiler)
    product = tree / clone.product.format_map(words)
    words["out"] = shlex.quote(str(product))
    environment = {**os.environ, "LC_ALL": "C", "SOURCE_DATE_EPOCH": str(request.revision.date)}
    if compiler:
        environment |= {"CC": compiler.cc, "CXX": compiler.cxx, "AR": compiler.ar, **compiler.environment}
    what = f"{request.subject.name} {request.revision.name} for {request.target}"
    output = run_build(["sh", "-ec", clone.command.format_map(words)], tree, environment, what)
    if not product.exists() or not product.resolve().is_relative_to(tree.resolve()):
        raise BuildFailed(
            f"{what}: the build left no {product.relative_to(tree)}",
            f"Set product in the subject's [build] to what this leaves: {clone.command}",
            log=output,
        )
    # A library is often a chain of links; what counts is the file at its end.
    return product.resolve()


def _words(request: Request, clone: Clone, compiler: Compiler | None) -> dict[str, str]:
    """Return what the placeholders of `Clone` stand for, quoted for the shell."""
    words = {
        "target": str(request.target),
        "triple": zig_triple(request.target),
        "jobs": str(os.cpu_count() or 1),
        "program": request.workload.program,
        "bootstrap": shlex.quote(str(fetch_goroot(clone.bootstrap, request.progress)))
        if clone.bootstrap
        else "",
    }
    if compiler:
        tools = {"cc": compiler.cc, "cxx": compiler.cxx, "ar": compiler.ar}
        words |= {name: shlex.quote(path) for name, path in tools.items()}
        words["sources"] = shlex.join(request.workload.inputs)
    return words
