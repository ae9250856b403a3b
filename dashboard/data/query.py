"""The query of an address as a value: names with their texts, all of them as hostile as any address."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

_MOST_FIELDS = 500
_MOST_TEXT = 4096


def fields_of(search: str) -> dict[str, list[str]]:
    """Return what an address asks, by name; nothing where it cannot be read."""
    try:
        return parse_qs(search.removeprefix("?"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class Query:
    """What a page is asked. Names that the page does not know are as if they were not there."""

    known: tuple[str, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def parse(cls, search: str | None, known: Iterable[str]) -> "Query":
        """Read the query of an address, in the order of `known`, so that one state has one spelling."""
        names, found = tuple(known), fields_of(search or "")
        kept = ((name, tuple(dict.fromkeys(v[:_MOST_TEXT] for v in found.get(name, ())))) for name in names)
        return cls(names, tuple((name, values) for name, values in kept if any(values)))

    def many(self, name: str) -> tuple[str, ...]:
        """Return every text of a name; none where it is not asked."""
        return dict(self.fields).get(name, ())

    def one(self, name: str) -> str:
        """Return the first text of a name; empty where it is not asked."""
        return next(iter(self.many(name)), "")

    def but(self, **values: str | Iterable[str]) -> "Query":
        """Return the query with other texts; an empty one removes its name."""
        texts = {name: (text,) if isinstance(text, str) else tuple(text) for name, text in values.items()}
        merged = {**dict(self.fields), **{name: tuple(filter(None, text)) for name, text in texts.items()}}
        return Query(self.known, tuple((name, merged[name]) for name in self.known if merged.get(name)))

    def write(self) -> str:
        """Return the query of an address, `?` included; empty where nothing is asked."""
        pairs = [(name, value) for name, values in self.fields for value in values]
        return f"?{urlencode(pairs)}" if pairs else ""
