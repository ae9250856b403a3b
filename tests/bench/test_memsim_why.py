"""What an emulated workload is to the emulator: counted as the model counts it."""

import shutil
from pathlib import Path

import pytest

from bench.memsim_speed import HOST, build_guest, build_plugin
from bench.memsim_why import PAIRS_A_LOOP, count
from pagewalk.model import Artifact, Job, Target
from runners.counters.memsim import EMULATORS
from runners.qemu_user import QemuUser


@pytest.mark.slow
def test_instructions_are_those_of_the_model_and_few_blocks_are_looked_up(tmp_path: Path) -> None:
    pytest.importorskip("ziglang", reason="no cross compiler: pip install 'pagewalk[native]'")
    emulator = shutil.which(EMULATORS["x86_64"])
    if HOST != "x86_64" or emulator is None:
        pytest.skip("it is of x86_64: on such a host, with apt-get install qemu-user")
    program = build_guest("x86_64", tmp_path)
    instructions, accesses, blocks, looked_up = count(
        emulator, build_plugin("memsim_blocks.c", tmp_path), program
    )
    run = QemuUser(Target("x86_64")).execute(Job(Artifact((str(program),), Target("x86_64")), (), 20))
    counted = {sample.metric: sample.value for sample in run.samples}
    assert instructions == pytest.approx(counted["instructions"], abs=1 + 1000 / PAIRS_A_LOOP)
    # A pair is two calls: both of them, and both returns, lead to another page or are indirect.
    assert 4 <= looked_up < blocks < instructions
    assert accesses < instructions
