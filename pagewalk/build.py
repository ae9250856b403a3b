"""Source tree × target → artifact, cached by content. Nothing that was built is executed here."""

from pathlib import Path

from pagewalk.builders.go import build_go
from pagewalk.builders.malloc import build_malloc
from pagewalk.builders.request import Request
from pagewalk.builders.tree import build_tree
from pagewalk.builders.workload import find_workload
from pagewalk.errors import ConfigError
from pagewalk.model import Artifact, Revision, Target
from pagewalk.subjects.recipe import GoRecipe
from pagewalk.subjects.revisions import recipe_at
from pagewalk.subjects.subject import Clone, Subject
from pagewalk.toolchains.process import Progress, silent


def build(  # noqa: PLR0913, PLR0917 - the one door to all of it; every argument is of another kind
    subject: Subject,
    revision: Revision,
    program: str,
    target: Target,
    root: Path,
    on_progress: Progress | None = None,
) -> Artifact:
    """Build a workload of `root/benchmarks` against a revision for a target.

    Args:
        program: the workload's name, as `gomap`.
        on_progress: called with one line whenever something slow begins.

    Raises:
        BuildFailed: it does not build; `log` is the whole output.
        ConfigError: the subject is not for this target, or there is no such workload.
        PatchFailed: a patch that the revision carries does not apply.
        Unavailable: a toolchain or a package cannot be had here.
    """
    if target not in subject.targets:
        known = ", ".join(str(one) for one in subject.targets)
        raise ConfigError(f"{subject.name} is not for {target}", f"It is for: {known}.")
    workload = find_workload(program, subject.language, root)
    request = Request(subject, revision, workload, target, on_progress or silent)
    if isinstance(subject.source, Clone):
        return build_tree(request, subject.source)
    recipe = recipe_at(subject, revision.commit)
    return build_go(request, recipe) if isinstance(recipe, GoRecipe) else build_malloc(request, recipe)
