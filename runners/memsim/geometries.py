"""Sizes and associativities of the structures that the plugin models, from TOML files.

A geometry is the reference one of an architecture, or that of a real core, or a file of one's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pagewalk.config import Table, nearest, read_toml
from pagewalk.errors import ConfigError

FOLDER = Path(__file__).parent / "geometry"
REFERENCES = ("x86_64", "arm64", "riscv64", "armv7")
"""Architectures that have a reference geometry, in a file of the same name."""

LINE_BYTES = 64
"""The plugin's cache line: what every core that is listed has."""

DEFAULT_WALK_ENTRIES = 32

PAGE_TABLE_LEVELS = {"x86_64": 4, "arm64": 4, "riscv64": 3, "armv7": 3}
"""Of what Linux uses by default with pages of 4 KiB: 48 bits, Sv39, and LPAE."""

_MAX_WAYS = 4096
_MAX_SETS = 1 << 20


@dataclass(frozen=True, slots=True)
class Structure:
    """A set-associative structure with LRU replacement.

    Args:
        size: bytes of a cache, entries of a TLB.
        ways: per set; all of them where it is fully associative.
    """

    size: int
    ways: int


@dataclass(frozen=True, slots=True)
class Geometry:
    """What the plugin models.

    Args:
        name: how it is selected: `reference`, a core's name, or a file's.
        architectures: those it is meant for.
        shared_l2: whether the cores of a processor look up one L2 instead of one each.
        walk_entries: entries of upper page tables that a core keeps for its walks. Vendors seldom say how
            many; 32 serve a working set of 64 MiB at one load a walk.
    """

    name: str
    architectures: tuple[str, ...]
    l1d: Structure
    l2: Structure
    dtlb: Structure
    stlb: Structure
    l1i: Structure
    itlb: Structure
    shared_l2: bool = False
    walk_entries: int = DEFAULT_WALK_ENTRIES

    def arguments(self, architecture: str) -> tuple[str, ...]:
        """Return the plugin's arguments, as `l1d=32768:8`."""
        named = (("l1d", self.l1d), ("l2", self.l2), ("dtlb", self.dtlb), ("stlb", self.stlb))
        sizes = tuple(f"{name}={shape.size}:{shape.ways}" for name, shape in named)
        shared = ("shared=l2",) if self.shared_l2 else ()
        return (*sizes, *shared, f"walk={self.walk_entries}:{PAGE_TABLE_LEVELS[architecture]}")

    def fetch_arguments(self) -> tuple[str, ...]:
        """Return the plugin's further arguments that have it model fetches of instructions."""
        named = (("l1i", self.l1i), ("itlb", self.itlb))
        return tuple(f"{name}={shape.size}:{shape.ways}" for name, shape in named)

    def describe(self, *levels: str) -> str:
        """Return words for the named levels (fields of this class), as `L1D 32 KiB/8`."""
        return ", ".join(self._words(level) for level in levels)

    def __str__(self) -> str:
        return f"{self.name}: {self.describe('l1d', 'l2', 'dtlb', 'stlb')}"

    def _words(self, level: str) -> str:
        caches = {"l1d": ("L1D", self.l1d), "l1i": ("L1I", self.l1i), "l2": ("L2", self.l2)}
        tlbs = {"dtlb": ("L1 dTLB", self.dtlb), "itlb": ("L1 iTLB", self.itlb), "stlb": ("STLB", self.stlb)}
        if level in caches:
            name, shape = caches[level]
            shared = " shared" if level == "l2" and self.shared_l2 else ""
            return f"{name} {_binary(shape.size)}/{shape.ways}{shared}"
        if level in tlbs:
            name, shape = tlbs[level]
            return f"{name} {shape.size}/{shape.ways}"
        return f"walk cache {self.walk_entries}"


def known_cores(architecture: str) -> tuple[str, ...]:
    """Return the names of the real cores of an architecture that there is a geometry of."""
    files = sorted(path for path in FOLDER.glob("*.toml") if path.stem not in REFERENCES)
    return tuple(path.stem for path in files if architecture in read_geometry(path).architectures)


def load_geometry(architecture: str, core: str = "") -> Geometry:
    """Return the reference geometry of an architecture, or that of `core`: a name, or a path to a TOML file.

    Raises:
        ConfigError: an unknown architecture or core, a core of another architecture, or a
            file that describes no structure that can be built.
    """
    if architecture not in REFERENCES:
        raise ConfigError(
            f"memsim knows no architecture {architecture!r}", f"Known are {', '.join(REFERENCES)}."
        )
    geometry = read_geometry(_file_of(architecture, core))
    if architecture not in geometry.architectures:
        meant = ", ".join(geometry.architectures)
        raise ConfigError(
            f"core {core!r} is one of {meant}, not of {architecture}",
            f"Choose one of {_choices(architecture)}.",
        )
    return geometry


def read_geometry(path: Path) -> Geometry:
    """Read and validate one file.

    Raises:
        ConfigError: says which line is wrong and why.
    """
    top = read_toml(path)
    top.allow("title", "architectures", "l1d", "l2", "dtlb", "stlb", "l1i", "itlb", "walk_entries")
    top.text("title")
    name = "reference" if path.parent == FOLDER and path.stem in REFERENCES else path.stem
    return Geometry(
        name,
        top.texts("architectures", pattern="|".join(REFERENCES)),
        l1d=_structure(top.table("l1d"), "bytes", LINE_BYTES),
        l2=_structure(top.table("l2"), "bytes", LINE_BYTES, "shared"),
        dtlb=_structure(top.table("dtlb"), "entries", 1),
        stlb=_structure(top.table("stlb"), "entries", 1),
        l1i=_structure(top.table("l1i" if "l1i" in top.values else "l1d"), "bytes", LINE_BYTES),
        itlb=_structure(top.table("itlb" if "itlb" in top.values else "dtlb"), "entries", 1),
        shared_l2=_is_shared(top.table("l2")),
        walk_entries=_walk_entries(top),
    )


def _file_of(architecture: str, core: str) -> Path:
    if not core:
        return FOLDER / f"{architecture}.toml"
    if core.endswith(".toml"):
        return Path(core)
    cores = known_cores(architecture)
    everywhere = {name for known in REFERENCES for name in known_cores(known)}
    if core not in everywhere:
        close = nearest(core, cores, 1)
        did_you_mean = f"Did you mean {close[0]!r}? " if close else ""
        raise ConfigError(
            f"unknown core {core!r} for {architecture}",
            f"{did_you_mean}Choose one of {_choices(architecture)}.",
        )
    return FOLDER / f"{core}.toml"


def _choices(architecture: str) -> str:
    return ", ".join(
        (*known_cores(architecture), "none for the reference geometry", "a path to a .toml file")
    )


def _structure(table: Table, unit: str, way_holds: int, *more: str) -> Structure:
    table.allow(unit, "ways", *more)
    size, ways = _positive(table, unit), _positive(table, "ways")
    for problem in _problems(size, ways, way_holds):
        raise table.error(problem, "See runners/memsim/README.md on how to write a geometry.", unit)
    return Structure(size, ways)


def _problems(size: int, ways: int, way_holds: int) -> Iterator[str]:
    if ways > _MAX_WAYS:
        yield f"{ways} ways: the plugin takes {_MAX_WAYS} at most"
    sets, rest = divmod(size, ways * way_holds)
    if rest:
        yield f"{size} is no multiple of the {ways * way_holds} that one set holds"
    if sets > _MAX_SETS or sets & (sets - 1):
        yield f"{sets} sets: must be a power of two of at most 2^20"


def _is_shared(table: Table) -> bool:
    value = table.values.get("shared", False)
    if not isinstance(value, bool):
        raise table.error(f"shared = {value!r} is neither true nor false", "Write shared = true.", "shared")
    return value


def _walk_entries(top: Table) -> int:
    if "walk_entries" not in top.values:
        return DEFAULT_WALK_ENTRIES
    entries = _positive(top, "walk_entries")
    if entries > _MAX_WAYS:
        raise top.error(f"{entries} entries: the plugin takes {_MAX_WAYS} at most", "", "walk_entries")
    return entries


def _positive(table: Table, key: str) -> int:
    value = table.values.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 32:
        raise table.error(f"{key} = {value!r} is no positive integer", f"Write {key} = 64, say.", key)
    return value


def _binary(size: int) -> str:
    """Return bytes in the largest unit that divides them."""
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} B"
