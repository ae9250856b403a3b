"""C workloads under the sanitizers: no access out of bounds, no leak, no undefined behaviour."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driving_workloads import C_PROGRAMS, C_SOURCES, ENGINE, compile_c, run

pytestmark = pytest.mark.slow
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
SMALL: dict[str, list[tuple[str, ...]]] = {
    "churn": [("--size=1", "--live=1"), ("--size=24", "--live=500"), ("--size=1048576", "--live=3")],
    "chase_pages": [("--pages=2",), ("--pages=700", "--huge=1")],
    "chase_lines": [("--lines=2",), ("--lines=70000", "--huge=1")],
}


@pytest.mark.parametrize("name", C_PROGRAMS)
def test_sanitizers_find_nothing(native: Callable[..., Path], name: str) -> None:
    program = native(name, *SANITIZE)
    for arguments in SMALL.get(name, [()]):
        said = run(program, "--loops=2", *arguments)
        assert (said.status, said.stderr) == (0, "")
        assert said.the("region")["loops"] == 2


def test_the_sanitizers_would_find_a_block_that_is_never_freed(tmp_path: Path) -> None:
    source = C_SOURCES["churn"].read_text()
    broken = tmp_path / "broken.c"
    broken.write_text(source.replace("free(blocks[at]);", "", 1))
    assert broken.read_text() != source
    program = compile_c(tmp_path / "broken", broken, *ENGINE, options=SANITIZE)
    done = subprocess.run([program, "--loops=1"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "LeakSanitizer" in done.stderr
