"""The profile page and its files, without a browser."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import synthetic_commits
from flask.testing import FlaskClient
from synthetic_timelines import EVENTS, keep_timeline

from dashboard.app import create_app
from dashboard.data.indexing import Indexing
from pagewalk.history.profiles import Profiles
from pagewalk.index.database import open_index

HOT = synthetic_commits.CHURN[0]
BEFORE, AFTER = synthetic_commits.revision(1), synthetic_commits.revision(2)


def with_profiles(root: Path) -> Path:
    """Add profiles of two commits: `grow` loses what `look` gains."""
    for at, grown in ((BEFORE, 70), (AFTER, 20)):
        for number in range(8):
            text = f"main;grow {grown + number}\nmain;look {100 - grown}\nmain;=1+1 1\n"
            profiles = Profiles(root / "slab", "laptop", at.commit)
            profiles.keep(HOT, "cpu-clock", number, text)
            values = f"main;malloc;size=24 {grown + number}\nmain;malloc;size=100 {100 - grown}\n"
            profiles.keep(HOT, "probe:malloc(size)", number, values)
    keep_timeline(root, AFTER, str(HOT))
    return root


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = with_profiles(synthetic_commits.build(tmp_path_factory.mktemp("profiles")))
    index = open_index(tmp_path_factory.mktemp("index") / "index.sqlite", create=True)
    indexing = Indexing(index, root)
    app = create_app(root, indexing)
    indexing.start(patience=20)
    yield app.server.test_client()
    indexing.stop()
    index.close()


def asked(**more: str) -> dict[str, str]:
    sides = {"base": BEFORE.commit, "head": AFTER.commit}
    return {"subject": "slab", "case": str(HOT), "event": "cpu-clock", **sides, **more}


def test_the_csv_names_every_function_with_both_shares_and_is_safe_in_a_spreadsheet(
    client: FlaskClient,
) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/flame/csv", query_string=asked()).text)))
    by_name = {row["function"]: row for row in rows}
    assert by_name["grow"]["shown"] == "True"
    assert float(by_name["grow"]["change"]) == pytest.approx(-0.5, abs=0.05)
    assert "'=1+1" in by_name


def test_folded_and_speedscope_hold_all_executions_of_both_sides(client: FlaskClient) -> None:
    folded = client.get("/flame/folded", query_string=asked()).text
    assert f"main;grow {8 * 70 + 28} {8 * 20 + 28}" in folded
    content = json.loads(client.get("/flame/speedscope.json", query_string=asked()).text)
    assert [profile["name"] for profile in content["profiles"]] == [BEFORE.name, AFTER.name]


def test_a_single_commit_has_a_graph_of_its_own(client: FlaskClient) -> None:
    one = {"subject": "slab", "case": str(HOT), "head": AFTER.commit}
    assert client.get("/flame/folded", query_string=one).text.startswith("main;=1+1 8\n")


def test_the_framed_graph_runs_its_own_script_only_and_in_our_own_frame_only(client: FlaskClient) -> None:
    policy = client.get("/flame/graph", query_string=asked()).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'sha256-" in policy
    assert policy.endswith("frame-ancestors 'self'")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            {"case": "alloc.Churn(size=64)"},
            r"pagewalk flame 000000020000 000000030000 -s slab -b 'alloc\.Churn",
        ),
        ({"case": "../../etc/passwd"}, "No profile of"),
        ({"machine": "nowhere"}, "There is: laptop"),
        ({"event": "cycles"}, "There is: cpu-clock, probe_malloc_size_"),
        ({"head": "ffff"}, f"There are profiles at: {BEFORE.name}, {AFTER.name}"),
        ({"subject": "none"}, "There is no subject"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(
    client: FlaskClient, query: dict[str, str], words: str
) -> None:
    answer = client.get("/flame/graph", query_string=asked(**query))
    assert answer.status_code == 404
    assert words in answer.text
    assert answer.mimetype == "text/plain"


def test_values_of_arguments_are_a_csv_of_their_own(client: FlaskClient) -> None:
    query = asked(event="probe_malloc_size_")
    rows = list(csv.DictReader(io.StringIO(client.get("/flame/arguments.csv", query_string=query).text)))
    assert (rows[0]["argument"], rows[0]["low"], rows[0]["high"]) == ("size", "16", "31")
    assert (rows[0]["base"], rows[0]["head"]) == (str(8 * 70 + 28), str(8 * 20 + 28))


def test_a_time_line_is_a_csv_of_its_own_and_only_of_what_there_is(client: FlaskClient) -> None:
    query = {"subject": "slab", "case": str(HOT), "machine": "laptop", "commit": AFTER.commit}
    answer = client.get("/timeline/csv", query_string=query)
    assert len(answer.text.splitlines()) == len(EVENTS)
    for wrong in ({"commit": "../.."}, {"machine": "../laptop"}, {"subject": "none"}, {"case": "other"}):
        assert client.get("/timeline/csv", query_string={**query, **wrong}).status_code == 404


def test_there_is_no_other_form_of_it(client: FlaskClient) -> None:
    assert client.get("/flame/pickle", query_string=asked()).status_code == 404
