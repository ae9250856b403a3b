"""What a board answers, taken whole or not at all. The form is that of program/1-answers.sh."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from runners.execution.capture import printable

_BEGIN = re.compile(rb"^pagewalk 1\n", re.MULTILINE)
_SECTION = re.compile(rb"([a-z][a-z0-9_.]{0,40}) (\d{1,9})\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, by the names of its sections."""

    sections: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """Return a section's text without white space around it; empty where there is none."""
        return self.sections.get(name, b"").decode("utf-8", "replace").strip()

    def words(self, name: str) -> str:
        """Return what a section says, in one line to be quoted."""
        lines = (printable(line).strip() for line in self.text(name).splitlines())
        return " ".join(filter(None, lines))[:300] or "nothing"

    def __contains__(self, name: str) -> bool:
        return name in self.sections


def read_answer(data: bytes) -> Answer | None:
    """Return an answer; None where its end is missing or it is none.

    What a login script printed before it is passed over.
    """
    begin = _BEGIN.search(data)
    if begin is None:
        return None
    place, sections = begin.end(), dict[str, bytes]()
    while match := _SECTION.match(data, place):
        end = match.end() + int(match[2])
        if data[end : end + 1] != b"\n":
            return None
        sections[match[1].decode()] = data[match.end() : end]
        place = end + 1
    return Answer(sections) if data[place:] == b"end\n" else None
