"""What is said of a machine is what asv says, and stays the same."""

from asv.machine import Machine
from pyperf._collect_metadata import collect_metadata

from runners import facts


def test_asv_would_find_the_same_machine() -> None:
    defaults = Machine.get_defaults()
    found = facts.host_facts()
    assert {field: found[field] for field in facts.ASV_FIELDS} == {
        field: defaults[field] for field in facts.ASV_FIELDS
    }
    assert facts.asv_machine_name() == Machine.get_unique_machine_name()


def test_asv_has_no_other_machine_fields_than_those_we_give() -> None:
    assert {name for name, _ in Machine.fields} == {"machine", *facts.ASV_FIELDS}


def test_pyperf_still_names_its_metadata_as_we_read_it() -> None:
    """`pyperf._collect_metadata` is not public; this is the contract we rely on."""
    metadata = collect_metadata(process=False)
    assert {"aslr", "platform"} <= set(metadata)
    assert "load_avg_1min" in metadata


def test_nothing_in_it_changes_from_one_moment_to_the_next() -> None:
    assert facts.host_facts() == facts.host_facts()
    assert not {"load_avg_1min", "uptime", "date", "cpu_freq"} & set(facts.host_facts())
