"""Debian packages come from the machine's own mirrors, or the error says what to do."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagewalk.errors import Unavailable
from pagewalk.toolchains.debian import fetch_packages
from pagewalk.toolchains.mirrors import Mirror, find_mirrors
from pagewalk.toolchains.process import silent

WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)


def machine(tmp_path: Path, release: str = "bookworm", **files: str) -> Path:
    """An /etc with an os-release and apt sources; `sources_list` becomes `sources.list`."""
    etc = tmp_path / "etc"
    (etc / "apt/sources.list.d").mkdir(parents=True)
    (etc / "os-release").write_text(f'ID=debian\nVERSION_CODENAME={release}\nPRETTY_NAME="x"\n')
    for name, text in files.items():
        place = etc / "apt" if name == "sources_list" else etc / "apt/sources.list.d"
        (place / name.replace("_", ".")).write_text(text)
    return etc


@pytest.fixture(autouse=True)
def _no_mirror_of_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGEWALK_DEBIAN_MIRROR", raising=False)


def test_the_machines_own_archive_is_found_and_vendors_repositories_are_not(tmp_path: Path) -> None:
    etc = machine(
        tmp_path,
        debian_sources="Types: deb deb-src\n# a comment\nURIs: http://mirror.test/debian\n"
        "Suites: bookworm\n bookworm-updates\n"
        "Components: main contrib\nSigned-By: /usr/share/keyrings/k.gpg\n\n"
        "Types: deb\nURIs: http://mirror.test/debian-security\nSuites: bookworm-security\nComponents: main\n",
        cloud_list="deb https://vendor.test/apt cloud-sdk-bookworm main\n",
        node_sources="Types: deb\nURIs: https://node.test\nSuites: nodistro\nComponents: main\n",
    )
    assert find_mirrors("trixie", etc) == [Mirror("http://mirror.test/debian", "/usr/share/keyrings/k.gpg")]


def test_one_line_entries_are_read_with_their_options(tmp_path: Path) -> None:
    etc = machine(
        tmp_path,
        sources_list="# deb http://old.test/debian bookworm main\n"
        "deb [arch=amd64 signed-by=/k.gpg] http://mirror.test/debian/ bookworm main contrib # note\n"
        "deb-src http://source.test/debian bookworm main\ndeb http://other.test/x bookworm universe\n",
    )
    assert find_mirrors("trixie", etc) == [Mirror("http://mirror.test/debian/", "/k.gpg")]


def test_an_entry_that_is_switched_off_is_not_used(tmp_path: Path) -> None:
    text = "Enabled: no\nTypes: deb\nURIs: http://m.test\nSuites: bookworm\nComponents: main\n"
    assert find_mirrors("trixie", machine(tmp_path, debian_sources=text)) == []


def test_a_keyring_written_into_the_entry_is_no_path(tmp_path: Path) -> None:
    text = (
        "Types: deb\nURIs: http://m.test\nSuites: bookworm\nComponents: main\n"
        "Signed-By: -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ=\n"
    )
    assert find_mirrors("trixie", machine(tmp_path, debian_sources=text)) == [Mirror("http://m.test")]


def test_the_users_own_mirror_comes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    etc = machine(tmp_path, sources_list="deb http://mirror.test/debian bookworm main\n")
    monkeypatch.setenv("PAGEWALK_DEBIAN_MIRROR", "http://mine.test/debian")
    assert find_mirrors("trixie", etc) == [Mirror("http://mine.test/debian")]


@settings(max_examples=20)
@given(uri=WORD, suite=WORD, keyring=WORD)
def test_both_forms_of_an_entry_mean_the_same(
    tmp_path_factory: pytest.TempPathFactory, uri: str, suite: str, keyring: str
) -> None:
    line = f"deb [signed-by=/{keyring}] http://{uri} {suite} main\n"
    stanza = f"Types: deb\nURIs: http://{uri}\nSuites: {suite}\nComponents: main\nSigned-By: /{keyring}\n"
    old = machine(tmp_path_factory.mktemp("old"), suite, sources_list=line)
    new = machine(tmp_path_factory.mktemp("new"), suite, debian_sources=stanza)
    assert (
        find_mirrors("trixie", old) == find_mirrors("trixie", new) == [Mirror(f"http://{uri}", f"/{keyring}")]
    )


def test_a_machine_without_apt_is_told_what_else_it_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="declare the allocator as a git subject"):
        fetch_packages("trixie", "riscv64", ["libc6"], silent)


@pytest.mark.slow
def test_a_mirror_without_the_suite_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEWALK_CACHE", str(tmp_path))
    monkeypatch.setenv("PAGEWALK_DEBIAN_MIRROR", f"file:{tmp_path}/nothing")
    with pytest.raises(Unavailable) as caught:
        fetch_packages("trixie", "riscv64", ["libc6"], silent)
    assert f"no packages of trixie for riscv64 from file:{tmp_path}/nothing" in caught.value.message
    assert "export PAGEWALK_DEBIAN_MIRROR=" in caught.value.remedy


@pytest.mark.slow
def test_a_package_that_does_not_exist_is_named() -> None:
    with pytest.raises(Unavailable, match="Unable to locate package libnosuch"):
        fetch_packages("trixie", "amd64", ["libnosuch"], silent)
