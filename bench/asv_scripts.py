"""The scripts that asv's pages take from the internet, brought beside them, to be measured anywhere."""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGES = (
    "jquery@3.3.1",
    "flot@0.8.3",
    "flot-orderbars@1.0.0",
    "stupid-table-plugin@1.1.3",
    "blueimp-md5@2.19.0",
    "bootstrap@3.1.1",
)
_ADDRESS = re.compile(r'(src|href)="https://[^"]*/([^"/]+\.(?:js|css))"')
_INTEGRITY = re.compile(r'\s(?:integrity|crossorigin)="[^"]*"')


def bring_scripts(html: Path) -> None:
    """Let the pages in a folder load their scripts from there; ends the process where there is no npm."""
    target = html / "scripts"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        found = _fetch(Path(folder))
        text = _INTEGRITY.sub("", (html / "index.html").read_text())
        for _, name in _ADDRESS.findall(text):
            shutil.copyfile(_file(found, name), target / name)
    (html / "index.html").write_text(_ADDRESS.sub(r'\1="scripts/\2"', text))


def _file(found: dict[str, Path], name: str) -> Path:
    """Return the file of a script: none has a version in its name, and flot's none is compressed."""
    plain = re.sub(r"-\d[\d.]*(?=\.min\.js)", "", name)
    return found.get(plain) or found[plain.replace(".min.", ".")]


def _fetch(folder: Path) -> dict[str, Path]:
    """Return every file of the packages by its name."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("asv's pages need scripts that npm fetches: apt-get install npm")
    for package in PACKAGES:
        subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for number, archive in enumerate(sorted(folder.glob("*.tgz"))):
        with tarfile.open(archive) as opened:
            opened.extractall(folder / str(number), filter="data")
    # Of two files of one name the one nearer to the top is what the package is for
    files = sorted(folder.glob("*/package/**/*.*"), key=lambda path: -len(path.parts))
    return {path.name: path for path in files if path.is_file()}
