"""What a machine is, in asv's words and in pyperf's."""

import os
import platform

import psutil
from asv.machine import Machine
from pyperf._collect_metadata import collect_metadata

_ARCHITECTURES = {"aarch64": "arm64", "amd64": "x86_64", "armv7l": "armv7", "armv8l": "armv7"}

# What changes from minute to minute says something about a run, not about the machine.
_OF_THE_MACHINE = ("aslr", "cpu_config", "cpu_machine", "platform")

ASV_FIELDS = ("os", "arch", "cpu", "num_cpu", "ram")
"""Machine parameters that asv stores and compares."""


def host_architecture() -> str:
    """Return this host's architecture as `pagewalk.model.Target` names it."""
    machine = platform.machine()
    return _ARCHITECTURES.get(machine, machine)


def asv_machine_name() -> str:
    """Return the name asv gives this machine: the only one in ~/.asv-machine.json, else the host name."""
    return str(Machine.get_unique_machine_name())


def host_facts() -> dict[str, str]:
    """Return asv's fields as asv itself finds them, and what else bears on memory behaviour."""
    defaults = Machine.get_defaults()
    facts = {field: str(defaults[field]) for field in ASV_FIELDS}
    metadata = collect_metadata(process=False)
    facts |= {key: str(metadata[key]) for key in _OF_THE_MACHINE if key in metadata}
    facts["page_size"] = str(os.sysconf("SC_PAGE_SIZE"))
    facts["cores"] = str(psutil.cpu_count(logical=False) or "unknown")
    return facts
