"""gate.toml is read with suspicion, and docs/ci.md shows one that is valid."""

import re
from datetime import date
from pathlib import Path

import pytest

from pagewalk.analysis.rules import Rules
from pagewalk.errors import ConfigError
from pagewalk.rules_file import read_rules

DOCUMENT = Path(__file__).parents[2] / "docs/ci.md"


def read(tmp_path: Path, text: str) -> Rules:
    path = tmp_path / "gate.toml"
    path.write_text(text)
    return read_rules(path, {"local": "laptop"})


def test_the_documented_file_says_what_the_document_says(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found
    rules = read(tmp_path, found[1])
    assert [rule.relative for rule in rules.thresholds] == [0.05]
    assert rules.thresholds[0].scope.machine == "laptop"
    assert [one.scope.metric for one in rules.exemptions] == ["peak_rss", "ending"]
    assert rules.exemptions[0].expires == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('\n[[exempt]]\nbench = "x"\nexpires = 2027-01-01\n', 2, "'reason' is missing"),
        ('[[exempt]]\nbench = "x"\nreason = " "\nexpires = 2027-01-01\n', 3, "reason is empty"),
        ('[[exempt]]\nbench = "x"\nreason = "y"\n', 1, "'expires' is missing"),
        ('[[exempt]]\nbench = "x"\nreason = "y"\nexpires = "soon"\n', 4, "is not a date"),
        ('[[exempt]]\nreason = "y"\nexpires = 2027-01-01\n', 1, "'bench' is missing"),
        ('[[threshold]]\nbench = "("\nrelative = 0.1\n', 2, "no regular expression"),
        ('[[threshold]]\nbench = "x"\nrelative = -0.1\n', 3, "below 0"),
        ('[[threshold]]\nbench = "x"\nrelative = nan\n', 3, "is not a number"),
        ('[[threshold]]\nbench = "x"\nrelative = true\n', 3, "is not a number"),
        ('[[threshold]]\nbench = "x"\nmetric = "tme"\nrelative = 0.1\n', 3, "unknown metric 'tme'"),
        ('[[threshold]]\nbench = "x"\nmetric = "ending"\nrelative = 0.1\n', 3, "has no threshold"),
        ('[[threshold]]\nbench = "x"\nrelativ = 0.1\n', 3, "unknown key 'relativ'"),
        ('[[treshold]]\nbench = "x"\n', 1, "unknown key 'treshold'"),
    ],
)
def test_every_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert f"gate.toml:{line}:" in error.value.message
    assert told in error.value.message
    assert error.value.remedy
