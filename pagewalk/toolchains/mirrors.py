"""Where this machine gets its Debian packages from: its own apt configuration, nothing written here."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ROLLING = ("oldstable", "stable", "testing", "unstable", "sid")
_ONE_LINE = re.compile(
    r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)$"
)


@dataclass(frozen=True, slots=True)
class Mirror:
    """An archive and the keyring that its releases are signed with; apt's own trusted keys where empty."""

    uri: str
    keyring: str = ""


def find_mirrors(suite: str, etc: Path = Path("/etc")) -> list[Mirror]:
    """Return the archives that may hold `suite`, the likeliest first, each once.

    `$PAGEWALK_DEBIAN_MIRROR` comes alone and first. Otherwise: every archive in
    `sources.list(5)`, one-line or deb822, that has the component `main` of this machine's own
    release or of a Debian one; a vendor's repository is neither.
    """
    if own := os.environ.get("PAGEWALK_DEBIAN_MIRROR"):
        return [Mirror(own, _debian_keyring(etc))]
    release = _codename(etc)
    found: dict[str, Mirror] = {}
    for uri, suites, keyring in _entries(etc / "apt"):
        if suite in suites or release in suites or set(suites) & set(_ROLLING):
            found.setdefault(uri.rstrip("/"), Mirror(uri, keyring or _debian_keyring(etc)))
    return list(found.values())


def _entries(apt: Path) -> Iterator[tuple[str, list[str], str]]:
    """Yield URI, suites and keyring of every entry with the component main."""
    parts = sorted((apt / "sources.list.d").glob("*"))
    for path in (apt / "sources.list", *parts):
        try:
            text = path.read_text(errors="replace")
        except OSError:
            continue
        if path.suffix == ".list":
            yield from _one_line(text)
        elif path.suffix == ".sources":
            yield from _deb822(text)


def _one_line(text: str) -> Iterator[tuple[str, list[str], str]]:
    for line in text.splitlines():
        entry = _ONE_LINE.match(line.split("#", 1)[0].strip())
        if entry and "main" in entry["components"].split():
            options = dict(
                option.split("=", 1) for option in (entry["options"] or "").split() if "=" in option
            )
            yield entry["uri"], [entry["suite"]], options.get("signed-by", "")


def _deb822(text: str) -> Iterator[tuple[str, list[str], str]]:
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        if "main" in fields.get("components", "").split():
            keyring = fields.get("signed-by", "")
            for uri in fields.get("uris", "").split():
                yield uri, fields.get("suites", "").split(), keyring if keyring.startswith("/") else ""


def _fields(stanza: str) -> dict[str, str]:
    lines = [line for line in stanza.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\n[ \t]+", " ", "\n".join(lines))
    pairs = (line.split(":", 1) for line in joined.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _codename(etc: Path) -> str:
    try:
        text = (etc / "os-release").read_text()
    except OSError:
        return ""
    found = re.search(r"^VERSION_CODENAME=\"?([\w-]+)", text, re.MULTILINE)
    return found[1] if found else ""


def _debian_keyring(etc: Path) -> str:
    keyring = etc.parent / "usr/share/keyrings/debian-archive-keyring.gpg"
    return str(keyring) if keyring.is_file() else ""
