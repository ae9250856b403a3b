"""Fewer hardware counters at once, each for more of the time: `$PAGEWALK_METRICS`."""

import os
from collections.abc import Collection
from dataclasses import replace

from pagewalk.config import nearest
from pagewalk.errors import ConfigError
from pagewalk.model import Origin
from runners.counters.events.table import Processor

VARIABLE = "PAGEWALK_METRICS"


def asked_for() -> list[str]:
    """Return the metrics that `$PAGEWALK_METRICS` names."""
    return [name.strip() for name in os.environ.get(VARIABLE, "").split(",") if name.strip()]


def chosen(processor: Processor) -> Processor:
    """Return `processor` with the hardware metrics of `$PAGEWALK_METRICS` only, all where it is empty.

    What the kernel counts by itself takes no counter and stays.

    Raises:
        ConfigError: the variable names what this processor does not count.
    """
    wanted = asked_for()
    if not wanted:
        return processor
    hardware = [c.metric for c in processor.counted if c.origin is Origin.HARDWARE]
    for name in wanted:
        if name not in hardware:
            raise _unknown(name, hardware, processor)
    return narrowed(processor, wanted, f"left out by {VARIABLE}={','.join(wanted)}")


def narrowed(processor: Processor, wanted: Collection[str], reason: str) -> Processor:
    """Return `processor` with only the `wanted` of its hardware metrics; others are missing for `reason`."""
    hardware = [c.metric for c in processor.counted if c.origin is Origin.HARDWARE]
    left_out = {metric: reason for metric in hardware if metric not in wanted}
    kept = tuple(c for c in processor.counted if c.metric not in left_out)
    counting = {c.metric for c in kept}
    missing = {**left_out, **processor.missing}
    return replace(
        processor, counted=kept, missing={m: why for m, why in missing.items() if m not in counting}
    )


def _unknown(name: str, hardware: list[str], processor: Processor) -> ConfigError:
    close = nearest(name, hardware, 1)
    hint = f"Did you mean {close[0]!r}? " if close else ""
    reason = processor.missing.get(name, f"{processor.title} does not count it")
    return ConfigError(
        f"{VARIABLE} names {name!r}: {reason}", f"{hint}Choose from {','.join(hardware) or 'nothing'}."
    )
