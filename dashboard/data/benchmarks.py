"""asv's benchmark names as a person chooses among them: a workload and, where it is one of ours, a metric."""

from collections.abc import Iterable

from pagewalk.metrics import METRICS

_TRACK = ".track_"


def split(name: str) -> tuple[str, str]:
    """Return ("gomap.Map", "time") of "gomap.Map.track_time"; a name of another project is one workload."""
    workload, found, metric = name.rpartition(_TRACK)
    return (workload, metric) if found and workload and metric in METRICS else (name, "")


def join(workload: str, metric: str) -> str:
    """Return asv's name again."""
    return f"{workload}{_TRACK}{metric}" if metric else workload


def workloads_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the metrics of every workload, in the order of `pagewalk.metrics`; ("",) where it has none."""
    found: dict[str, set[str]] = {}
    for name in names:
        workload, metric = split(name)
        found.setdefault(workload, set()).add(metric)
    order = ["", *METRICS]
    return {workload: tuple(sorted(metrics, key=order.index)) for workload, metrics in found.items()}
