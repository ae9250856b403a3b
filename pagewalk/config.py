"""TOML files read with suspicion: every key is known, every value has its type, every mistake its line."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from pathlib import Path

from pagewalk.errors import ConfigError

_HEADER = re.compile(r"^\s*\[(?P<many>\[)?\s*(?P<name>[\w.\"'+-]+)\s*\]?\]")


def nearest(word: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """Return up to `count` candidates that look like `word`, the likeliest first."""
    return get_close_matches(word, list(candidates), n=count, cutoff=0.5)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file, which remembers where it stands so that an error can say so.

    Args:
        path: the file.
        source: its whole text.
        values: the table's own keys.
        section: its header, as `release`; empty for the top of the file.
        index: which of the tables under that header, from 0.
    """

    path: Path
    source: str
    values: Mapping[str, object]
    section: str = ""
    index: int = 0

    def allow(self, *keys: str) -> None:
        """Refuse every other key.

        Raises:
            ConfigError: an unknown key; names its line and the nearest known key.
        """
        for key in self.values:
            if key not in keys:
                close = nearest(key, keys, 1)
                remedy = f"Did you mean {close[0]!r}?" if close else f"Known here: {', '.join(sorted(keys))}."
                raise self.error(f"unknown key {key!r}", remedy, key)

    def error(self, message: str, remedy: str = "", key: str = "") -> ConfigError:
        """Return a ConfigError that names the file, the line and the section."""
        where = f" in [{self.section}]" if self.section else ""
        return ConfigError(f"{self.path}:{self._line(key)}: {message}{where}", remedy)

    def text(self, key: str, default: str | None = None, pattern: str = "", remedy: str = "") -> str:
        """Return a string that matches `pattern` in full; without a `default` it must be there.

        Args:
            remedy: what to write instead of what does not match.
        """
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._mistyped(key, 'a string, as "…"')
        if pattern and key in self.values and not re.fullmatch(pattern, value):
            instead = remedy or f"Write {key} differently."
            raise self.error(f"{key} = {value!r} must match {pattern}", instead, key)
        return value

    def texts(self, key: str, default: Iterable[str] | None = None, pattern: str = "") -> tuple[str, ...]:
        """Return a list of strings."""
        value = self._get(key, None if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._mistyped(key, 'a list of strings, as ["…", "…"]')
        for item in value:
            if pattern and not re.fullmatch(pattern, item):
                raise self.error(f"{key}: {item!r} must match {pattern}", f"Write {item!r} differently.", key)
        return tuple(value)

    def seconds(self, key: str) -> int:
        """Return a date or date-time as seconds since the epoch, UTC where no offset is given."""
        value = self._get(key, None)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if not isinstance(value, datetime):
            raise self._mistyped(key, "a date, as 2025-12-02")
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())

    def number(self, key: str, default: float | None = None, least: float = -math.inf) -> float:
        """Return a finite number of at least `least`; without a `default` it must be there."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._mistyped(key, "a number, as 0.05")
        if value < least:
            raise self.error(f"{key} = {value} is below {least:g}", f"Write at least {least:g}.", key)
        return float(value)

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table of strings; empty where there is none."""
        value = self._get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self._mistyped(key, 'a table of strings, as { NAME = "…" }')
        return dict(value)

    def table(self, key: str) -> "Table":
        """Return the table under `key`."""
        value = self._get(key, None)
        if not isinstance(value, dict):
            raise self._mistyped(key, f"a table, headed [{key}]")
        return Table(self.path, self.source, value, key)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the tables of an array, headed `[[key]]`; none where there is none."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._mistyped(key, f"an array of tables, each headed [[{key}]]")
        return tuple(Table(self.path, self.source, item, key, index) for index, item in enumerate(value))

    def _get(self, key: str, default: object) -> object:
        if key in self.values:
            return self.values[key]
        if default is None:
            raise self.error(f"{key!r} is missing", f"Add it: {key} = …")
        return default

    def _mistyped(self, key: str, wanted: str) -> ConfigError:
        return self.error(f"{key} = {self.values.get(key)!r} is not {wanted}", f"Write {wanted}.", key)

    def _line(self, key: str) -> int:
        """Find the line of `key`, or of the section: tomllib keeps no positions."""
        seen, section, header_line = -1, "", 1
        wanted = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*[=.]") if key else None
        for number, line in enumerate(self.source.splitlines(), start=1):
            if header := _HEADER.match(line):
                section = header["name"].strip("\"'")
                seen += section == self.section
                header_line = number if section == self.section and seen == self.index else header_line
                if key and not self.section and section == key:
                    return number
            elif wanted and section == self.section and seen in (self.index, -1) and wanted.match(line):
                return number
        return header_line


def read_toml(path: Path) -> Table:
    """Read a TOML file.

    Raises:
        ConfigError: there is none, or it is not TOML.
    """
    try:
        return parse_toml(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", "Name a file that can be read.") from error
    except UnicodeDecodeError as error:
        raise _no_toml(path, error) from error


def parse_toml(path: Path, source: str) -> Table:
    """Return what `source` says, which is or is to become the text of `path`.

    Raises:
        ConfigError: it is not TOML.
    """
    try:
        return Table(path, source, tomllib.loads(source))
    except (
        ValueError,
        RecursionError,
    ) as error:  # of its grammar; numbers too long, and tables too deep, for Python
        raise _no_toml(path, error) from error


def _no_toml(path: Path, error: Exception) -> ConfigError:
    return ConfigError(f"{path}: not TOML: {error}", "Mend that line; see https://toml.io.")
