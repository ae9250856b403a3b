"""What a command brings in with it: seconds that everybody waits for, each time."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_commands_that_judge_start_without_the_slow_half_of_scipy() -> None:
    commands = ", ".join(f"pagewalk.commands.{name}" for name in ("bisect", "compare", "ci"))
    told = f"import sys, {commands}; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
