"""The way to a guest: booted when it is first asked something, and again after it was lost."""

import shlex
import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from pagewalk.errors import Unavailable
from pagewalk.toolchains.process import Progress
from runners.execution.capture import printable
from runners.qemu_system.emulator import Emulator, make_emulator
from runners.qemu_system.guests import Guest
from runners.qemu_system.image import Image, make_image
from runners.qemu_system.line import Broken, Line
from runners.qemu_system.machine import Booted, boot
from runners.ssh import program
from runners.ssh.answer import Answer, read_answer
from runners.ssh.connection import LIMIT, PATIENCE, Lost

_BOOT = 300.0
"""Seconds until a guest must have greeted: 5 on an idle machine, 20 on a busy one."""

_REMEDY = "It is booted again the next time; `pagewalk runners check` tells whether it can be."


class GuestConnection:
    """What a board's connection is, see `runners.ssh.connection`, to a machine of our own.

    Args:
        name: of the runner, for messages.
        on_progress: told what is fetched and made before the first boot.
    """

    def __init__(self, guest: Guest, name: str, on_progress: Progress) -> None:
        self._guest = guest
        self._name = name
        self._on_progress = on_progress
        self._booted: Booted | None = None
        self._line: Line | None = None

    @property
    def versions(self) -> Mapping[str, str]:
        """Of the packages in the guest, and of the emulator under its program's name."""
        return {**self._image.versions, self._guest.emulator: self._emulator.version}

    def install(self) -> Answer:
        """Boot the guest unless it runs, bring the boards' program to it, and return the facts found there.

        Raises:
            Unavailable: its packages cannot be had, or it does not boot.
        """
        line = self._line or self._boot()
        script = f"cat >{program.NAME} && exec sh ./{program.NAME} facts"
        return self._answer(lambda: line.ask(script, program.TEXT, PATIENCE, LIMIT))

    def ask(self, *words: str, data: bytes | Path = b"", patience: float = PATIENCE) -> Answer:
        """Ask one thing, once.

        Args:
            words: a verb of the boards' program and its arguments.

        Raises:
            Lost: there is no whole answer, or the guest does not run.
            Unavailable: the guest says that it cannot.
        """
        line = self._line
        if line is None:
            raise Lost(f"{self._name}: the guest does not run", _REMEDY)
        command = f"exec sh ./{program.NAME} {shlex.join(words)}"
        content = data.read_bytes() if isinstance(data, Path) else data
        return self._answer(lambda: line.ask(command, content, patience, LIMIT))

    def hang_up(self) -> None:
        """Switch the guest off; nothing of it is kept."""
        if self._booted is not None:
            self._booted.stop()
        self._booted = self._line = None

    def _answer(self, ask: Callable[[], bytes]) -> Answer:
        try:
            answer = read_answer(ask())
            if answer is None:
                raise Broken("what it answered has no end")
        except Broken as error:
            said = self._line.said if self._line else ""
            self.hang_up()
            raise Lost(f"{self._name}: the guest was lost: {error}{_quoted(said)}", _REMEDY) from error
        except BaseException:
            # A question that nobody waits for any more: its answer would be taken for the next one's.
            self.hang_up()
            raise
        if "failed" in answer:
            raise Unavailable(
                f"{self._name}: {printable(answer.text('failed'))}", printable(answer.text("remedy"))
            )
        return answer

    def _boot(self) -> Line:
        image, emulator = self._image, self._emulator
        with tempfile.TemporaryDirectory(prefix="pagewalk-") as scratch:
            errors = Path(scratch) / "errors"
            self._booted = boot(emulator, self._guest, image, errors)
            line = Line(self._booted.port, self._booted.console)
            try:
                line.greeted(_BOOT)
            except BaseException as error:
                self.hang_up()
                if not isinstance(error, Broken):
                    raise
                told = errors.read_text(errors="replace").strip() or line.said
                raise Unavailable(
                    f"{self._name} did not boot: {error}{_quoted(told)}",
                    f"Is there 1 GiB of memory to spare? Else remove {image.kernel.parent} and try again.",
                ) from error
        self._line = line
        return line

    @cached_property
    def _image(self) -> Image:
        return make_image(self._guest, self._on_progress)

    @cached_property
    def _emulator(self) -> Emulator:
        return make_emulator(self._guest, self._on_progress)


def _quoted(said: str) -> str:
    lines = [printable(line) for line in said.splitlines() if line.strip()][-5:]
    return "".join(f"\n  {line[:200]}" for line in lines)
