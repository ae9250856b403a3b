"""The user's inventory: what is valid comes back as it was written, what is not is said with its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pagewalk.config import parse_toml
from pagewalk.errors import ConfigError
from pagewalk.inventories import Entry
from pagewalk.metrics import METRICS
from pagewalk.model import Target
from runners.boards import Boards
from runners.inventory import VARIABLE, inventory_path, read_inventory, with_entry
from runners.ssh import discover

PI = Entry("pi5", Target("arm64"), "ssh", "me@10.0.0.7", cpus=(3,))

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
printable = st.characters(exclude_categories=("Cc", "Cs"))
folders = st.text(printable, min_size=1, max_size=50).filter(lambda text: text[0] not in "~-")
entries = st.builds(
    Entry,
    name=names,
    target=st.sampled_from([Target("arm64"), Target("riscv64", "musl"), Target("x86_64")]),
    transport=st.just("ssh"),
    host=st.from_regex(r"[a-z0-9_\[][a-z0-9.:@\[\]-]{0,30}", fullmatch=True),
    folder=folders,
    cpus=st.sets(st.integers(0, 4095), max_size=4).map(sorted).map(tuple),
    counters=st.lists(st.sampled_from(list(METRICS)), max_size=3).map(tuple),
    timeout=st.floats(0, 1e6),
    config=st.one_of(st.just(""), folders),
)


@given(entry=entries)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_added_is_read_back_as_it_was(tmp_path: Path, entry: Entry) -> None:
    path = tmp_path / "machines.toml"
    path.write_text(with_entry(tmp_path / "no such file", entry, ()))
    assert read_inventory(path, ()) == (entry,)


@given(text=st.text(max_size=60), key=st.sampled_from(["name", "target", "host", "folder", "config"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_back_or_refused_by_line(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "machines.toml"
    values = {"name": "pi", "target": "arm64", "host": "pi", "folder": "x", "config": "y"} | {key: text}
    lines = [f"{name} = {_quoted(value)}" for name, value in values.items()]
    path.write_text("\n".join(["[[machine]]", *lines]), encoding="utf-8", errors="replace")
    refused = None
    try:
        (entry,) = read_inventory(path, ())
    except ConfigError as error:
        refused = error
    if refused is None:
        assert not entry.host.startswith("-")
        assert not entry.folder.startswith(("-", "~"))
    else:
        assert refused.message.startswith(f"{path}:{list(values).index(key) + 2}: ")
        assert refused.remedy


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08x}" if not 0xD800 <= ord(c) < 0xE000 else "?" for c in text) + '"'


@pytest.mark.parametrize(
    ("lines", "said", "line"),
    [
        ('name = "a"\ntarget = "arm64"\nhost = "a"\ncpu = [1]', "unknown key 'cpu'", 5),
        ('name = "a b"\ntarget = "arm64"\nhost = "a"', "name = 'a b' must match", 2),
        ('name = "a"\ntarget = "arm46"\nhost = "a"', "no such target: 'arm46'", 3),
        ('name = "a"\nhost = "a"', "'target' is missing", 1),
        (
            'name = "a"\ntarget = "arm64"\nhost = "-oProxyCommand=x"',
            "host = '-oProxyCommand=x' must match",
            4,
        ),
        ('name = "a"\ntarget = "arm64"\nhost = "a"\nfolder = "~/x"', "folder = '~/x' must match", 5),
        ('name = "a"\ntarget = "arm64"\nhost = "a"\ntransport = "adb"', "unknown transport 'adb'", 5),
        ('name = "a"\ntarget = "arm64"\nhost = "a"\ncpus = [true]', "no list of processors", 5),
        ('name = "a"\ntarget = "arm64"\nhost = "a"\ncounters = ["tlb"]', "'tlb' is no metric", 5),
        ('name = "a"\ntarget = "arm64"\nhost = "a"\ntimeout = -1', "timeout = -1 is below 0", 5),
        ('name = "qemu-arm64"\ntarget = "arm64"\nhost = "a"', "the name of a runner that is no board", 2),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, lines: str, said: str, line: int
) -> None:
    path = tmp_path / "machines.toml"
    path.write_text(f"[[machine]]\n{lines}\n")
    with pytest.raises(ConfigError) as caught:
        read_inventory(path, ("qemu-arm64",))
    assert said in caught.value.message
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ('name = "a b"\nhost = "a"', "as visionfive-2"),
        ('name = "a"\nhost = "-oProxyCommand=x"', "user@host"),
        ('name = "a"\nhost = "a"\nfolder = "~/x"', "without ~"),
    ],
)
def test_what_does_not_match_is_told_with_an_example_of_what_does(
    tmp_path: Path, lines: str, written: str
) -> None:
    path = tmp_path / "machines.toml"
    path.write_text(f'[[machine]]\ntarget = "arm64"\n{lines}\n')
    with pytest.raises(ConfigError) as caught:
        read_inventory(path, ())
    assert written in caught.value.remedy


def test_a_name_is_there_once_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "machines.toml"
    path.write_text("# mine\n" + with_entry(path, PI, ()))
    before = path.read_text()
    with pytest.raises(ConfigError, match="'pi5' is there twice"):
        with_entry(path, PI, ())
    other = Entry("vf2", Target("riscv64", "musl"), "ssh", "vf2")
    assert with_entry(path, other, ()).startswith(before.rstrip())
    assert path.read_text() == before
    tables = parse_toml(path, with_entry(path, other, ())).tables("machine")
    assert [table.values["name"] for table in tables] == ["pi5", "vf2"]


def test_no_board_has_the_name_of_another_runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "machines.toml"))
    boards = Boards(tmp_path)
    for name in ("local", "qemu-arm64", "cachegrind", "qemu-armv7-musl", "qemu-arm64-neoverse-n1"):
        with pytest.raises(ConfigError, match="a runner that is no board"):
            boards.add(Entry(name, Target("arm64"), "ssh", "x"))
    boards.add(PI, only_try=True)
    assert boards.entries() == ()
    boards.add(PI)
    assert boards.entries() == (PI,)
    assert [runner.name for runner in discover()] == ["pi5"]


def test_the_inventory_is_in_the_project_unless_the_variable_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert inventory_path(tmp_path) == tmp_path / "runners" / "machines.toml"
    monkeypatch.setenv(VARIABLE, "/elsewhere.toml")
    assert inventory_path(tmp_path) == Path("/elsewhere.toml")
