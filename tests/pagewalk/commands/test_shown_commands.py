"""The commands that pages and `--help` show: their options are known, and their patterns find a case."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from pagewalk.cli import COMMANDS, pagewalk
from pagewalk.subjects import load_subject
from pagewalk.suite import discover

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "runners/memsim/README.md"]
PATTERNS = {"bisect": "benchmark", "flame": "bench", "profile": "bench", "timeline": "bench"}
"""The parameter that holds the pattern where it has to fit one case alone; elsewhere it is `patterns`."""

_SHOWN = re.compile(r"^\s*(?:\$ )?pagewalk ([a-z]+)\b(.*)$", re.MULTILINE)
_REMARK = re.compile(r"  |\s#|\s[|>…]")


@dataclass(frozen=True)
class Shown:
    """A command line, and where it is shown.

    Args:
        words: behind the command's name.
    """

    where: str
    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}: pagewalk {self.name} {shlex.join(self.words)}"

    def given(self) -> dict[str, Any]:
        """Return what is given for each parameter.

        Raises:
            click.UsageError: an option that there is not.
        """
        return _given(pagewalk, [self.name, *self.words])


def _given(command: click.Command, words: list[str]) -> dict[str, Any]:
    context = click.Context(command)
    found, rest, _ = command.make_parser(context).parse_args(words)
    if isinstance(command, click.Group) and rest:
        chosen = command.get_command(context, rest[0])
        assert chosen is not None, f"no command {rest[0]}"
        return {**found, **_given(chosen, rest[1:])}
    assert not rest, f"more than is taken: {rest}"
    return dict(found)


def shown() -> Iterator[Shown]:
    texts = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
    for name in COMMANDS:
        command = pagewalk.get_command(click.Context(pagewalk), name)
        texts[f"pagewalk {name} --help"] = str(command.help if command else "")
    for where, text in texts.items():
        for name, rest in _SHOWN.findall(text):
            if name in COMMANDS:
                yield Shown(where, name, tuple(shlex.split(_REMARK.split(rest)[0])))


EVERY = list(shown())


@cache
def cases(subject: str) -> tuple[str, ...]:
    # A subject that a reader has to make up has an allocator's cases
    known = subject if (ROOT / "subjects" / f"{subject}.toml").exists() else "malloc"
    return tuple(str(case.case) for case in discover(ROOT, load_subject(known, ROOT)))


def test_commands_are_shown_at_all() -> None:
    assert {one.name for one in EVERY} == set(COMMANDS)


@pytest.mark.parametrize("one", EVERY, ids=str)
def test_an_option_that_is_shown_is_there(one: Shown) -> None:
    one.given()


@pytest.mark.slow
def test_a_pattern_that_is_shown_fits_a_case_and_one_alone_where_it_has_to() -> None:
    wrong = {}
    for one in EVERY:
        given = one.given()
        asked = given.get(PATTERNS.get(one.name, "patterns"), [])
        for pattern in [asked] if isinstance(asked, str) else asked:
            found = [case for case in cases(given.get("subject_name", "go")) if re.search(pattern, case)]
            if not found or (len(found) > 1 and one.name in PATTERNS):
                wrong[str(one)] = found
    assert wrong == {}
