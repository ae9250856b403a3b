"""Both versions of control groups tell how often memory ran out."""

from pathlib import Path

from runners.execution.memory_cgroup import oom_kills


def group(root: Path, membership: str, file: str, content: str) -> int | None:
    (root / file).parent.mkdir(parents=True)
    (root / file).write_text(content)
    (root / "membership").write_text(membership)
    return oom_kills(root, root / "membership")


def test_version_2_is_read(tmp_path: Path) -> None:
    assert group(tmp_path, "0::/user/app\n", "user/app/memory.events", "oom 5\noom_kill 3\n") == 3


def test_version_1_is_read(tmp_path: Path) -> None:
    membership = "9:name=systemd:/\n4:cpu,memory:/job\n0::/\n"
    content = "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"
    assert group(tmp_path, membership, "memory/job/memory.oom_control", content) == 2


def test_nobody_counting_is_no_zero(tmp_path: Path) -> None:
    assert oom_kills(tmp_path, tmp_path / "absent") is None
    assert group(tmp_path, "0::/a\n", "a/memory.events", "high 3\n") is None
