"""`revision.json`: what a commit of a generated repository says about how to fetch and build it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from pagewalk.errors import ConfigError

RECIPE_FILE = "revision.json"
PATCH_FOLDER = "patches"


@dataclass(frozen=True, slots=True)
class GoRecipe:
    """A Go release and the experiments (GOEXPERIMENT, comma-separated) that it is built with."""

    version: str
    experiment: str = ""


@dataclass(frozen=True, slots=True)
class MallocRecipe:
    """An allocator as packages of one Debian suite.

    Args:
        suite: `trixie`.
        packages: what to unpack; dependencies come along.
        library: soname of the allocator.
        environment: variables that switch the allocator's options.
    """

    suite: str
    packages: tuple[str, ...]
    library: str
    environment: Mapping[str, str] = field(default_factory=dict)


Recipe = GoRecipe | MallocRecipe


def render_recipe(recipe: Recipe) -> bytes:
    """Return the recipe as JSON, the same bytes on every machine."""
    kind = "go" if isinstance(recipe, GoRecipe) else "malloc"
    return (json.dumps({"kind": kind, **asdict(recipe)}, indent=2, sort_keys=True) + "\n").encode()


def parse_recipe(text: bytes, where: str) -> Recipe:
    """Read what `render_recipe` wrote.

    Raises:
        ConfigError: it is something else; says `where`.
    """
    try:
        values = json.loads(text)
        kind = values.pop("kind")
        if kind == "go":
            return GoRecipe(**_texts(values))
        if kind == "malloc":
            environment = _texts(values.pop("environment"))
            packages = tuple(str(package) for package in values.pop("packages"))
            return MallocRecipe(packages=packages, environment=environment, **_texts(values))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{RECIPE_FILE} {where}: {error!r}", "Name a commit that pagewalk made.") from error
    raise ConfigError(f"{RECIPE_FILE} {where}: unknown kind {kind!r}", "Name a commit that pagewalk made.")


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    if wrong := [name for name, value in values.items() if not isinstance(value, str)]:
        raise TypeError(f"{', '.join(wrong)}: not text")
    return {name: str(value) for name, value in values.items()}
