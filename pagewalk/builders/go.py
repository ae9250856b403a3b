"""Go workloads against a Go release, its experiments and its patches."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pagewalk.builders.cgo import Linkage, has_plugin, linkage_of
from pagewalk.builders.request import Request
from pagewalk.builders.store import Slot, slot_for, write_metadata
from pagewalk.model import Artifact, Target
from pagewalk.subjects.recipe import GoRecipe
from pagewalk.subjects.revisions import patches_at
from pagewalk.toolchains.go import fetch_goroot, go_environment
from pagewalk.toolchains.overlay import Patches, check_patches, digest_of, overlay_file
from pagewalk.toolchains.platforms import platform_of
from pagewalk.toolchains.process import run_build
from pagewalk.toolchains.rebuilt import needs_rebuild, rebuilt_goroot

GO_FLAGS: tuple[str, ...] = ("-trimpath", "-buildvcs=false")


@dataclass(frozen=True, slots=True)
class GoToolchain:
    """A GOROOT, the flags of `go build`, the variables it runs with, and what to record of it."""

    goroot: Path
    flags: tuple[str, ...]
    variables: Mapping[str, str]
    facts: Mapping[str, str]


def build_go(request: Request, recipe: GoRecipe) -> Artifact:
    """Build a workload with a release, its experiments and its patches.

    Raises:
        BuildFailed: it does not compile, or the release does not know the experiment.
        Unavailable: the release cannot be fetched.
    """
    patches, linkage = patches_at(request.subject, request.revision.commit), linkage_of(request)
    slot = slot_for(
        {
            "kind": "go",
            "version": recipe.version,
            "experiment": recipe.experiment,
            "patches": digest_of(recipe.version, patches),
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
        return compile_go(slot, request, _toolchain(request, recipe, patches), linkage)


def compile_go(slot: Slot, request: Request, toolchain: GoToolchain, linkage: Linkage) -> Artifact:
    """Compile a workload, and its plugin where it has one, into the slot.

    Raises:
        BuildFailed: go said no.
    """
    request.progress(f"building {request.what}")
    name = request.workload.program
    with slot.filling() as scratch:
        _go_build(request, toolchain, linkage, f"./{name}", "-o", str(scratch / name))
        if has_plugin(request.workload.folder, name):
            plugin = ("-buildmode=plugin", "-o", str(scratch / f"{name}.so"))
            _go_build(request, toolchain, linkage, f"./{name}/plugin", *plugin)
        made = tuple(slot.folder / path.name for path in sorted(scratch.iterdir()))
        artifact = Artifact(
            command=linkage.command(slot.folder / name),
            target=request.target,
            files=(*made, *linkage.files),
            facts={**toolchain.facts, **linkage.facts},
        )
        write_metadata(scratch, artifact)
    return artifact


def _go_build(request: Request, toolchain: GoToolchain, linkage: Linkage, package: str, *flags: str) -> None:
    variables = {"GOOS": "linux", **_architecture(request.target), **toolchain.variables}
    environment = go_environment(toolchain.goroot, {**variables, **linkage.variables})
    go = str(toolchain.goroot / "bin" / "go")
    command = [go, "build", *toolchain.flags, *flags, package]
    run_build(command, request.workload.folder, environment, request.what, _remedy(variables))


def _toolchain(request: Request, recipe: GoRecipe, patches: Patches) -> GoToolchain:
    goroot, flags = fetch_goroot(recipe.version, request.progress), GO_FLAGS
    facts = {"go": f"go{recipe.version}"}
    if recipe.experiment:
        facts["goexperiment"] = recipe.experiment
    if patches:
        facts["patches"] = " ".join(name for name, _content in patches)
        if needs_rebuild(check_patches(goroot, recipe.version, patches)):
            goroot = rebuilt_goroot(goroot, recipe.version, patches, request.progress)
        else:
            flags += (f"-overlay={overlay_file(goroot, recipe.version, patches)}",)
    variables = {"GOEXPERIMENT": recipe.experiment} if recipe.experiment else {}
    return GoToolchain(goroot, flags, variables, facts)


def _architecture(target: Target) -> dict[str, str]:
    goarch = platform_of(target).goarch
    return {"GOARCH": goarch} | ({"GOARM": "7"} if goarch == "arm" else {})


def _remedy(variables: Mapping[str, str]) -> str:
    if experiment := variables.get("GOEXPERIMENT"):
        return f"Where this Go does not know GOEXPERIMENT={experiment}, take a release that does."
    return ""
