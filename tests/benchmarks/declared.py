"""What the suites declare of the C workloads: their cases, their threads, where they are unsupported."""

from driving_workloads import C_PROGRAMS, ROOT

from pagewalk.model import Target
from pagewalk.subjects import load_subject
from pagewalk.suite import SuiteCase, discover

CASES: list[SuiteCase] = [
    case for case in discover(ROOT, load_subject("malloc", ROOT)) if case.program in C_PROGRAMS
]
THREADED = sorted({case.program for case in CASES if case.threads})


def supported(target: Target) -> list[str]:
    """Return the programs that can be built for a target and run there, in one case at least."""
    refused = {case.program for case in CASES if case.refused(target)}
    wanted = {case.program for case in CASES if not case.refused(target)}
    return [name for name in C_PROGRAMS if name in wanted or name not in refused]
