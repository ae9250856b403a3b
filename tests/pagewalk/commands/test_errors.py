"""Bad input: one clear message, the remedy, a status that is not zero, and nothing half-written."""

from pathlib import Path

import pytest

from pagewalk import cli

ROOT = Path(__file__).parents[3]
PAIR = ["go1.25.5+noswissmap", "go1.25.5"]


def failure(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["pagewalk", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert isinstance(stop.value.code, int)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return stop.value.code, captured.err


@pytest.mark.parametrize(
    ("arguments", "found", "remedy"),
    [
        (["compare", "go9.9", "go1.25.5"], "no revision 'go9.9'", "pagewalk revisions --subject go"),
        (["compare", "go1.25.6", "go1.25.5"], "no revision 'go1.25.6'", "or go1.25.5 or"),
        (["compare", "go1.25.5"], "nothing to compare with", "--patch FILE"),
        (["compare", "go1.25.5", "go1.25.5"], "the same commit", "two different revisions"),
        (["compare", "-s", "gp", *PAIR], "no subject 'gp'", "There are: arena, arena-musl, go, malloc"),
        (["compare", *PAIR, "-r", "locl"], "no runner 'locl'", "Did you mean 'local'"),
        (["compare", *PAIR, "-b", "x["], "no regular expression", "position"),
        (["compare", *PAIR, "-b", "zzz"], "No case of go matches zzz", "gomap.Map"),
        (["compare", *PAIR, "-b", "Map.*elements=9$"], "No case of go matches Map", "There are: gomap.Map("),
        (
            ["compare", *PAIR, "-b", "gomap.Large", "--profile", "quick"],
            "No case of go matches gomap.Large in the quick profile",
            "--profile full",
        ),
        (["compare", *PAIR, "--threshold", "-1"], "threshold is -1.0", "at least 0"),
        (["compare", *PAIR, "--rounds", "0"], "--rounds", "1<=x<=1000"),
        (["compare", *PAIR, "--format", "xml"], "'xml' is not one of", "'json'"),
        (["frob"], "No such command 'frob'", "--help"),
    ],
)
def test_bad_input_says_what_was_found_and_what_to_type(
    arguments: list[str],
    found: str,
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, text = failure(arguments, monkeypatch, capsys)
    assert status == 2
    assert found in text
    assert remedy in text


def test_a_history_without_the_revisions_says_how_to_measure_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["compare", *PAIR, "--no-run", "--results", str(tmp_path)]
    status, text = failure(arguments, monkeypatch, capsys)
    assert status == 2
    assert "pagewalk compare go1.25.5+noswissmap go1.25.5 --subject go" in text
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_project_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pagewalk.commands.options.Path.cwd", lambda: tmp_path)
    status, text = failure(["revisions"], monkeypatch, capsys)
    assert status == 2
    assert "not inside a pagewalk project" in text


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["pagewalk", "compare", "--help"])
    cli.main()
    text = capsys.readouterr().out
    assert "pagewalk compare --subject malloc glibc mimalloc" in text
    assert "Ctrl-C" in text
