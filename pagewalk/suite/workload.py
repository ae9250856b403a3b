"""The base class of every benchmark: a workload and its parameters, one asv benchmark a metric."""

import os
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from pagewalk.errors import ConfigError
from pagewalk.metrics import METRICS, Metric

Door = Callable[["Workload", str, tuple[Any, ...]], Any]

LANGUAGE_VARIABLE = "PAGEWALK_LANGUAGE"
"""Set by the asv environment: only workloads in this language become benchmarks of the subject."""


class Workload:
    """Declares one workload. asv sees a `track_<metric>` method for each metric.

    Attributes:
        program: the name of the workload under `benchmarks/native/<family>` or `benchmarks/go`.
        language: `c` or `go`.
        params, param_names: asv's parameter grid; every value becomes `--name=value`.
        exact_loops: loops where counts must repeat; small, since emulation is slow.
        threads: whether the workload (or its runtime) starts threads.
        version: raise it when results from before a change must not be compared with later ones.
        quick: the sets of parameters that the quick profile measures; the first of all where it is None.
        ending: how it has to end where that is not well, as `exit status 2` or `SIGBUS`; to end otherwise is
            a failure then.
        unsupported: why it cannot be built or run, by architecture (`armv7`) or target (`arm64-musl`).
        timeout: seconds for all executions that asv needs for one value.
        door: what a track method calls with itself, the metric's name and the values of the parameters.
    """

    program: ClassVar[str] = ""
    language: ClassVar[str] = "c"
    params: ClassVar[tuple[list[Any], ...]] = ()
    param_names: ClassVar[list[str]] = []
    exact_loops: ClassVar[int] = 1
    threads: ClassVar[bool] = False
    version: ClassVar[str] = "1"
    quick: ClassVar[tuple[tuple[Any, ...], ...] | None] = None
    ending: ClassVar[str] = ""
    unsupported: ClassVar[Mapping[str, str]] = {}
    timeout: ClassVar[float] = 600.0
    door: ClassVar[Door | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if os.environ.get(LANGUAGE_VARIABLE, cls.language) == cls.language:
            for metric in METRICS.values():
                setattr(cls, f"track_{metric.name}", _tracker(metric))

    def arguments(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the workload's command-line arguments for one set of parameters."""
        return tuple(f"--{name.replace('_', '-')}={value}" for name, value in values.items())


def _tracker(metric: Metric) -> Callable[..., Any]:
    def track(self: Workload, *values: Any) -> Any:
        if Workload.door is None:
            raise ConfigError(
                f"{type(self).__name__} does not know how to measure",
                "Let benchmarks/__init__.py call `pagewalk.asv_door.open_door()`.",
            )
        return Workload.door(self, metric.name, values)

    track.__name__ = f"track_{metric.name}"
    track.__doc__ = metric.meaning
    track.unit = metric.unit  # type: ignore[attr-defined] # where asv looks for it
    return track
