"""What pagewalk leans on inside asv 0.6: when asv changes it, these say so before a user does."""

import inspect
import json
from pathlib import Path

import pytest
from asv.environment import Environment
from asv.machine import Machine, MachineCollection
from asv.results import Results, get_filename
from asv.runner import BenchmarkResult
from asv_runner.discovery import disc_benchmarks, list_benchmarks

from pagewalk.history.asvfile import ENVIRONMENT, results_name
from pagewalk.history.asvresult import read, tables_in
from pagewalk.suite.discovery import describe

ROOT = Path(__file__).parents[2]


def test_our_file_name_is_the_one_asv_gives() -> None:
    assert get_filename("box", "0123456789abcdef", ENVIRONMENT) == f"box/{results_name('0123456789abcdef')}"


def test_results_take_what_we_hand_them() -> None:
    parameters = list(inspect.signature(Results.__init__).parameters)[1:]
    assert parameters == ["params", "requirements", "commit_hash", "date", "python", "env_name", "env_vars"]
    wanted = {"benchmark", "result", "started_at", "record_samples", "selected_idx"}
    assert wanted <= set(inspect.signature(Results.add_result).parameters)
    assert BenchmarkResult._fields == ("result", "samples", "number", "errcode", "stderr", "profile")


def test_machines_have_the_fields_we_write() -> None:
    assert [name for name, _ in Machine.fields] == ["machine", "os", "arch", "cpu", "num_cpu", "ram"]
    assert callable(MachineCollection.load)
    assert callable(MachineCollection.save)


def test_environments_call_the_hooks_we_override() -> None:
    for hook in (
        "_setup",
        "_build_project",
        "_install_project",
        "_uninstall_project",
        "run",
        "check_presence",
    ):
        assert callable(getattr(Environment, hook))
    source = inspect.getsource(Environment.install_project)
    assert (
        source.index("_uninstall_project") < source.index("_build_project") < source.index("_install_project")
    )


def test_our_description_of_a_benchmark_is_the_one_asv_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    out = tmp_path / "list.json"
    with out.open("w") as stream:
        list_benchmarks(str(ROOT / "benchmarks"), stream)
    theirs = {entry["name"]: entry for entry in json.loads(out.read_text())}
    ours = {b.name: json.loads(json.dumps(describe(b))) for b in disc_benchmarks(str(ROOT / "benchmarks"))}
    assert ours == theirs
    assert "alloc.Churn.track_time" in ours
    assert ours["alloc.Churn.track_time"]["unit"] == "seconds"


def test_what_asv_repeated_within_a_run_is_read_as_quartiles(tmp_path: Path) -> None:
    described = {"name": "a.track_x", "params": [], "param_names": [], "version": "1"}
    stored = Results({"machine": "box", "python": "3"}, {}, "0" * 40, 0, "3", "env", {})
    repeated = BenchmarkResult([2.0], [[1.0, 2.0, 3.0, 4.0, 5.0]], [1], 0, "", None)
    stored.add_result(described, repeated, record_samples=False)
    stored.save(str(tmp_path))
    (path,) = (tmp_path / "box").glob("*.json")
    file = read(path)
    assert file is not None
    ((values,),) = (table.values for table in tables_in(file, {"a.track_x": described}))
    assert (values.samples, values.quartiles) == ((3.0,), (2.0, 4.0))
