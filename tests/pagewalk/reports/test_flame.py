"""Flame graphs as files: the page, folded stacks, speedscope."""

import json
import re
from collections.abc import Mapping

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagewalk.analysis.profiles import Profile, difference, grow
from pagewalk.reports.flame import FlameText, render_page, render_speedscope
from pagewalk.reports.flame.folded import render_difference

BASE = Profile({("main", "a"): 6, ("main", "b"): 4})
HEAD = Profile({("main", "a"): 5, ("main", "c", "d"): 15})
TEXT = FlameText("churn", ("cpu-clock on local.",), head="v2", base="v1")


def data_of(page: str) -> dict[str, object]:
    (found,) = re.findall(r'<script type="application/json" id="profile">(.*?)</script>', page, re.DOTALL)
    content: dict[str, object] = json.loads(found)
    return content


def test_the_page_holds_the_tree_with_both_counts() -> None:
    content = data_of(render_page(grow(HEAD, BASE), TEXT))
    assert content["names"] == ["all", "main", "a", "b", "c", "d"]
    below = [[2, 6, 5, []], [3, 4, 0, []], [4, 0, 15, [[5, 0, 15, []]]]]
    assert content["tree"] == [0, 10, 20, [[1, 10, 20, below]]]


@given(st.text(max_size=30))
def test_no_name_of_a_function_becomes_markup(name: str) -> None:
    hostile = f"</script><img src=x onerror=alert(1)><!--{name}"
    profile = Profile({(hostile,): 1})
    text = FlameText(hostile, (hostile,), head=hostile, base=hostile)
    page = render_page(grow(profile, profile), text, difference([profile], [profile]))
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>") == 2
    assert len(data_of(page)["names"]) == 2  # type: ignore[arg-type]


def test_the_page_asks_nothing_of_a_network_and_runs_its_own_script_only() -> None:
    page = render_page(grow(HEAD), FlameText("churn", (), head="v2"))
    assert re.search(r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]{44}'", page)
    assert not re.search(r"""(?:src|href)=|url\(|https?://""", page)


def test_the_table_of_functions_says_what_is_shown() -> None:
    page = render_page(grow(HEAD, BASE), TEXT, difference([BASE] * 8, [HEAD] * 8))
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page))
    assert re.findall("<td>(.*?)</td>", rows["c"]) == [
        "0.0 %", "75.0 %", "+75.0 (+75.0 … +75.0) pp", "0.00019", "yes",
    ]  # fmt: skip
    assert rows["main"].endswith("<td>no</td>")


def test_two_profiles_are_folded_as_difffolded_writes_them() -> None:
    assert render_difference(BASE, HEAD) == "main;a 6 5\nmain;b 4 0\nmain;c;d 0 15\n"


def test_speedscope_has_one_profile_a_side_over_shared_frames() -> None:
    content = json.loads(render_speedscope({"v1": BASE, "v2": HEAD}, "churn"))
    frames = [frame["name"] for frame in content["shared"]["frames"]]
    for side, profile in zip(content["profiles"], (BASE, HEAD), strict=True):
        stacks = [tuple(frames[index] for index in sample) for sample in side["samples"]]
        assert dict(zip(stacks, side["weights"], strict=True)) == profile.counts
        assert side["endValue"] == sum(side["weights"])
        assert side["type"] == "sampled"


def test_speedscope_accepts_what_is_written() -> None:
    """The part of its schema that is about sampled profiles, and no key that it does not know."""
    number = {"type": "number"}
    side = {
        "type": {"const": "sampled"},
        "name": {"type": "string"},
        "unit": {"enum": ["none", "bytes", "nanoseconds", "microseconds", "milliseconds", "seconds"]},
        "startValue": number,
        "endValue": number,
        "samples": {"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}},
        "weights": {"type": "array", "items": number},
    }
    frame = {"name": {"type": "string"}, "file": {"type": "string"}, "line": number, "col": number}
    whole = {
        "$schema": {"const": "https://www.speedscope.app/file-format-schema.json"},
        "exporter": {"type": "string"},
        "name": {"type": "string"},
        "activeProfileIndex": number,
        "shared": _closed({"frames": {"type": "array", "items": _closed(frame, "name")}}, "frames"),
        "profiles": {"type": "array", "items": _closed(side, *side)},
    }
    schema = _closed(whole, "$schema", "shared", "profiles")
    content = json.loads(render_speedscope({"v1": BASE, "v2": HEAD}, "churn"))
    jsonschema.validate(content, schema)
    del content["profiles"][0]["unit"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def _closed(properties: Mapping[str, object], *required: str) -> dict[str, object]:
    """Return the schema of an object that has these and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
