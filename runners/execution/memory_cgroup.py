"""How often the kernel killed for want of memory in the control group we live in."""

from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


def oom_kills(root: Path = _ROOT, membership: Path = Path("/proc/self/cgroup")) -> int | None:
    """Return the count of kills in our memory control group; None where nobody counts.

    Version 2 keeps it in `memory.events`, version 1 in `memory.oom_control`
    (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst).
    """
    for path in _candidates(root, membership):
        try:
            text = path.read_text()
        except OSError:
            continue
        for line in text.splitlines():
            key, _, value = line.partition(" ")
            if key == "oom_kill" and value.isdigit():
                return int(value)
    return None


def _candidates(root: Path, membership: Path) -> list[Path]:
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        inside = group.lstrip("/")
        if not controllers:
            found.append(root / inside / "memory.events")
        elif "memory" in controllers.split(","):
            found.append(root / "memory" / inside / "memory.oom_control")
    return found
