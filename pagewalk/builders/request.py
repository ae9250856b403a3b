"""What every builder is given."""

from dataclasses import dataclass

from pagewalk.builders.workload import Workload
from pagewalk.model import Revision, Target
from pagewalk.subjects.subject import Subject
from pagewalk.toolchains.process import Progress


@dataclass(frozen=True, slots=True)
class Request:
    """One workload against one revision for one target; `progress` hears when something slow begins."""

    subject: Subject
    revision: Revision
    workload: Workload
    target: Target
    progress: Progress

    @property
    def what(self) -> str:
        """Name the request in a sentence."""
        return f"{self.workload.program} with {self.revision.name} for {self.target}"
