"""One error class with an exit status; the command line catches it once.

Every message says what was found and where; every remedy says what to type next.
"""


class PagewalkError(Exception):
    """A failure the user can do something about.

    Args:
        message: what was found, and where.
        remedy: what to type or change next; empty only where nothing can be done.
    """

    exit_status = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class ConfigError(PagewalkError):
    """A configuration file says something that cannot be meant."""


class UnknownRevision(PagewalkError):
    """A name that is no revision of the subject."""


class PatchFailed(PagewalkError):
    """A patch that does not apply."""


class BuildFailed(PagewalkError):
    """A revision that does not build; `log` is the whole output of the build."""

    exit_status = 3

    def __init__(self, message: str, remedy: str = "", log: str = "") -> None:
        super().__init__(message, remedy)
        self.log = log


class Unavailable(PagewalkError):
    """Something this machine cannot do: no emulator, no toolchain, no counter."""

    exit_status = 4


class Killed(Unavailable):
    """Somebody killed a program that a workload was executed by; what became of the workload is not known.

    Args:
        program: its name.
    """

    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} was killed (SIGKILL) while it executed a workload: that is no result",
            "Type the same command again: it goes on from here. Was memory short? See `dmesg`.",
        )


class HistoryError(PagewalkError):
    """A results file that cannot be read as what its name says."""
