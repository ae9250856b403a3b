"""`subjects/<name>.toml` → Subject."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from string import Formatter

from pagewalk.config import Table, nearest, read_toml
from pagewalk.errors import ConfigError
from pagewalk.model import Target
from pagewalk.subjects.recipe import GoRecipe, MallocRecipe, Recipe
from pagewalk.subjects.subject import PLACEHOLDERS, Clone, Release, ReleaseLine, Subject
from pagewalk.toolchains.platforms import parse_target

_COMMON = ("kind", "description", "targets", "suites")
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_PACKAGE = r"[a-z0-9][a-z0-9.+-]+"
_VERSION = r"[0-9]+(\.[0-9]+)*((rc|beta)[0-9]+)?"
_USES = {"preload": "c", "program": "c", "goroot": "go"}


def subject_names(root: Path) -> list[str]:
    """Return the subjects that the project at `root` declares, sorted."""
    return sorted(path.stem for path in (root / "subjects").glob("*.toml"))


def load_subject(name_or_path: str, root: Path) -> Subject:
    """Read a subject by its name, or by the path of its TOML file.

    Raises:
        ConfigError: no such subject, a mistake in its file, which names the line, or a file elsewhere that
            is called as one of the project's subjects.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml":
        _require_own_name(path, root)
    else:
        path = _declared(name_or_path, root)
    table = read_toml(path)
    kind = table.text("kind")
    if kind not in _LOADERS:
        close = nearest(kind, _LOADERS, 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"Write one of: {', '.join(_LOADERS)}."
        raise table.error(f"unknown kind {kind!r}", hint, "kind")
    source, language = _LOADERS[kind](table)
    return Subject(
        name=path.stem,
        kind=kind,
        language=language,
        targets=_targets(table),
        repository=root.absolute() / ".pagewalk" / "subjects" / _folder_of(path, root),
        suites=table.texts("suites", pattern=_NAME),
        description=table.text("description"),
        source=source,
    )


def _folder_of(path: Path, root: Path) -> str:
    """Return the name of the subject's repository: files elsewhere may be called alike."""
    if _is_declared(path, root):
        return path.stem
    return f"{path.stem}-{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]}"


def _is_declared(path: Path, root: Path) -> bool:
    return path.resolve().parent == (root / "subjects").resolve()


def _require_own_name(path: Path, root: Path) -> None:
    # Results are filed by the subject's name
    if path.stem in subject_names(root) and not _is_declared(path, root):
        raise ConfigError(
            f"{path} is called as a subject of this project, {root / 'subjects' / path.name}: what was "
            "measured of one would be filed under the other",
            f"Give the file another name than {path.name}.",
        )


def _declared(name: str, root: Path) -> Path:
    names = subject_names(root)
    if name not in names:
        close = nearest(name, names, 1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise ConfigError(
            f"no subject {name!r} in {root / 'subjects'}",
            f"{hint}There are: {', '.join(names) or 'none'}. Or name a file: ./{name}.toml",
        )
    return root / "subjects" / f"{name}.toml"


def _targets(table: Table) -> tuple[Target, ...]:
    try:
        return tuple(parse_target(text) for text in table.texts("targets"))
    except ConfigError as error:
        raise table.error(error.message, error.remedy, "targets") from error


def _load_go(table: Table) -> tuple[ReleaseLine, str]:
    table.allow(*_COMMON, "release", "variant")
    releases = []
    for entry in table.tables("release"):
        entry.allow("version", "date")
        version = entry.text("version", pattern=_VERSION)
        releases.append(
            Release(f"go{version}", entry.seconds("date"), GoRecipe(version), note=f"Go {version}")
        )
    return _line(table, releases, ("experiment",)), "go"


def _load_malloc(table: Table) -> tuple[ReleaseLine, str]:
    table.allow(*_COMMON, "suite", "base", "release", "variant")
    suite, base = table.text("suite", pattern=_NAME), table.texts("base", pattern=_PACKAGE)
    releases = []
    for entry in table.tables("release"):
        entry.allow("name", "date", "packages", "library", "note")
        packages = entry.texts("packages", (), pattern=_PACKAGE)
        library = entry.text("library", pattern=r"[\w.+-]+")
        recipe = MallocRecipe(suite, tuple(dict.fromkeys((*base, *packages))), library)
        name = entry.text("name", pattern=_NAME)
        releases.append(Release(name, entry.seconds("date"), recipe, note=entry.text("note", name)))
    return _line(table, releases, ("environment",)), "c"


def _load_git(table: Table) -> tuple[Clone, str]:
    table.allow(*_COMMON, "repository", "build")
    build = table.table("build")
    build.allow("command", "product", "use", "bootstrap")
    use = build.text("use")
    if use not in _USES:
        raise build.error(f"unknown use {use!r}", f"Write one of: {', '.join(_USES)}.", "use")
    origin = table.text("repository")
    if origin.startswith("-"):
        raise table.error(f"repository {origin!r} is no path and no address", "Write ./-name.", "repository")
    local = (table.path.parent / Path(origin).expanduser()).resolve()
    clone = Clone(
        origin=str(local) if local.exists() else origin,
        command=_template(build, "command", PLACEHOLDERS[use]),
        product=_template(build, "product", ("program",) if use == "program" else ()),
        use=use,
        bootstrap=build.text("bootstrap", "", pattern=_VERSION),
    )
    if Path(clone.product).is_absolute() or ".." in Path(clone.product).parts:
        raise build.error(
            f"product {clone.product!r} is outside the source tree", "Write it relative.", "product"
        )
    return clone, _USES[use]


def _template(table: Table, key: str, allowed: tuple[str, ...]) -> str:
    """Return a text whose placeholders are all known."""
    text = table.text(key)
    try:
        fields = {name for _text, name, _form, _conversion in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise table.error(
            f"{key}: {error}", "Write a brace that is meant as one twice: {{ }}.", key
        ) from error
    for name in sorted(fields - set(allowed)):
        close = nearest(name, allowed, 1)
        hint = f"Did you mean {{{close[0]}}}? " if close else ""
        known = ", ".join(f"{{{one}}}" for one in allowed) or "none"
        raise table.error(f"{key}: unknown placeholder {{{name}}}", f"{hint}Known: {known}.", key)
    return text


_LOADERS: dict[str, Callable[[Table], tuple[ReleaseLine | Clone, str]]] = {
    "go": _load_go,
    "malloc": _load_malloc,
    "git": _load_git,
}


def _line(table: Table, releases: list[Release], options: tuple[str, ...]) -> ReleaseLine:
    """Order the releases by date and put their variants behind them."""
    # Releases of one day keep the order of the file, a second apart: asv orders commits by date.
    ordered: list[Release] = []
    for release in sorted(releases, key=lambda release: release.date):
        earliest = ordered[-1].date + 1 if ordered else release.date
        ordered.append(replace(release, date=max(release.date, earliest)))
    known = {release.name: release for release in ordered}
    if len(known) < len(ordered):
        twice = [release.name for release in ordered if known[release.name] is not release]
        raise table.error(f"release {twice[0]!r} is there twice", "Take one out.", "release")
    for entry in table.tables("variant"):
        entry.allow("name", "of", "patch", "note", *options)
        for base in entry.texts("of"):
            variant = _variant(entry, base, known)
            if variant.name in known:
                raise entry.error(f"variant {variant.name!r} is there twice", "Take one out.", "name")
            known[variant.name] = variant
    return ReleaseLine(tuple(known.values()))


def _variant(entry: Table, base_name: str, known: dict[str, Release]) -> Release:
    if base_name not in known:
        close = nearest(base_name, known, 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."
        raise entry.error(f"no release {base_name!r}", hint, "of")
    base = known[base_name]
    name = entry.text("name", pattern=_NAME)
    patch_name = entry.text("patch", "", pattern=_NAME)
    return Release(
        name=f"{base.name}+{name}",
        date=base.date + 1,
        recipe=_changed_recipe(entry, base.recipe),
        base=base.name,
        note=entry.text("note", name),
        patch_name=patch_name,
        patch=_patch(entry, patch_name) if patch_name else b"",
    )


def _changed_recipe(entry: Table, recipe: Recipe) -> Recipe:
    if isinstance(recipe, GoRecipe):
        return replace(recipe, experiment=entry.text("experiment", recipe.experiment, pattern=r"[a-z0-9,]+"))
    return replace(recipe, environment={**recipe.environment, **entry.mapping("environment")})


def _patch(entry: Table, name: str) -> bytes:
    path = entry.path.parent / "patches" / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise entry.error(f"{path}: {error.strerror}", "Put the patch there.", "patch") from error
