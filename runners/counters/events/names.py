"""From the name of an event that a person typed to what perf takes, or to the name they meant."""

from collections.abc import Iterable, Iterator

from pagewalk.config import nearest
from pagewalk.errors import ConfigError
from pagewalk.metrics import METRICS
from runners.counters.events.kernel import KERNEL_EVENTS
from runners.counters.events.table import Counted, Processor, architecture_of, known_events

_ARCHITECTURES = ("arm64", "riscv64", "x86-64")


def asked_as(name: str, processor: Processor) -> str:
    """Return what perf is asked for: the number of an event of our table, any other name as it is.

    perf knows the names of a processor's manual only where it was built with them.
    """
    bare, colon, modifier = name.partition(":")
    found = processor.event(bare)
    return f"{found.asked}{colon}{modifier}" if found else name


def unknown_event(name: str, processor: Processor, others: Iterable[str] = ()) -> ConfigError:
    """Return the error for an event that no perf knows; it names the right one.

    Args:
        others: more names that this machine's perf knows.
    """
    metrics = known_events().misnomers.get(_plain(name), ())
    if metrics:
        message = f"There is no perf event {name!r}, though articles write it."
        return ConfigError(message, " ".join(_meant(name, metrics, processor)))
    known = [*(e.name for c in processor.counted for e in c.all), *KERNEL_EVENTS, *others]
    close = list(dict.fromkeys(nearest(name, known)))
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    return ConfigError(
        f"There is no perf event {name!r}.",
        f"{hint}`perf list` has all; runners/events.toml those of {processor.title}.",
    )


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _meant(name: str, metrics: Iterable[str], here: Processor) -> Iterator[str]:
    """Say what is meant on this processor, and on the architecture that the name begins with."""
    places = [(f"Here ({here.title})", here)]
    for architecture in _ARCHITECTURES:
        there = architecture_of(architecture.replace("-", "_"))
        if _plain(name).startswith(architecture) and there.title != here.title:
            places.append((f"On {there.title}", there))
    for place, processor in places:
        counted = {c.metric: c for c in processor.counted}
        said = [_said(metric, counted, processor) for metric in metrics]
        yield f"{place}: {'; '.join(said)}."


def _said(metric: str, counted: dict[str, Counted], processor: Processor) -> str:
    title = METRICS[metric].title
    if metric in counted:
        return f"{title}: --event {' or '.join(event.name for event in counted[metric].all)}"
    return f"{title}: none, since {processor.missing.get(metric, 'it has no such event')}"
