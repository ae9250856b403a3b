"""A gate's answer as JUnit XML, for the test pages of Jenkins and GitLab.

One suite a machine, one test a case. What counts as broken is an error, as regressed a failure; what
was not executed or cannot be compared is skipped, with the reason; the numbers are its output.
Format: github.com/jenkinsci/xunit-plugin, src/main/resources/.../junit-10.xsd.
"""

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from pagewalk.analysis.comparison import Comparison, MetricRow, OutcomeRow
from pagewalk.analysis.gate import Finding, Gate
from pagewalk.analysis.verdict import Verdict
from pagewalk.model import Case, Machine
from pagewalk.reports.gate_text import SAME_ARTIFACT, finding_text, remarks
from pagewalk.reports.wording import machine_text, printable, revision_text
from pagewalk.units import title_of_metric

Row = MetricRow | OutcomeRow


def render(comparison: Comparison, gate: Gate) -> str:
    """Return the document. Characters that XML cannot hold are replaced."""
    root = ET.Element("testsuites", name="pagewalk")
    for machine in comparison.machines:
        _suite(root, comparison, gate, machine)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, comparison: Comparison, gate: Gate, machine: Machine) -> None:
    suite = ET.SubElement(root, "testsuite", name=machine_text(machine))
    properties = ET.SubElement(suite, "properties")
    for name, revision in (("base", comparison.base), ("head", comparison.head)):
        ET.SubElement(properties, "property", name=name, value=revision_text(revision))
    by_case: dict[Case, list[Row]] = defaultdict(list)
    rows: list[Row] = [*comparison.outcomes, *comparison.metrics]
    for row in rows:
        if row.machine == machine.name:
            by_case[row.case].append(row)
    for case, found in by_case.items():
        findings = [f for f in gate.failed if f.machine == machine.name and f.case == case]
        _test(suite, case, found, findings)
    for unchanged in gate.unchanged:
        if unchanged.machine == machine.name:
            ET.SubElement(_named(suite, unchanged.case), "skipped", message=SAME_ARTIFACT)
    _totals(suite)
    told = list(remarks(gate))
    if told:
        ET.SubElement(suite, "system-out").text = "\n".join(told)


def _totals(suite: ET.Element) -> None:
    tests = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    for key, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(test.find(child) is not None for test in tests)))


def _named(suite: ET.Element, case: Case) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=printable(case.benchmark), name=printable(str(case)))


def _test(suite: ET.Element, case: Case, rows: Sequence[Row], findings: Sequence[Finding]) -> None:
    test = _named(suite, case)
    if findings:
        # Only one element decides how a page shows a test: broken stands first among the findings.
        kind = "error" if findings[0].verdict is Verdict.BROKEN else "failure"
        element = ET.SubElement(
            test, kind, type=str(findings[0].verdict), message=printable(findings[0].evidence)
        )
        element.text = "\n".join(finding_text(finding) for finding in findings)
    elif all(row.verdict is None for row in rows):
        ET.SubElement(test, "skipped", message=printable(rows[0].evidence))
    ET.SubElement(test, "system-out").text = "\n".join(_told(row) for row in rows)


def _told(row: Row) -> str:
    what = title_of_metric(row.metric) if isinstance(row, MetricRow) else "how it ends"
    return printable(f"{what}: {row.verdict or 'not compared'}: {row.evidence}")
