"""Addresses in the kernel log; lines as the kernels of three architectures write them."""

import pytest

from runners.execution.fault import Fault
from runners.execution.kernel_log import find_fault

LOG = """\
4,1013,5000,-;churn[812]: segfault at 7f0010 ip 0000000000401b2c sp 00007ffd error 6 in churn[401000+1f000]
4,1014,5001,-;churn[813]: unhandled level 2 translation fault (11) at 0x00000010, esr 0x92000046
4,1015,5002,-;churn[814]: unhandled signal 11 code 0x1 at 0x0000000000000020 in churn[10000+2000]
4,1016,5003,-;a b[815]: segfault at 1 ip 0 sp 0 error 4
4,1017,5004,-;a b[815]: segfault at 2 ip 0 sp 0 error 4
4,1018,5005,-;traps: churn[816] general protection fault ip:401b2c sp:7ffd error:0
4,1019,5006,-;churn[817]: segfault at 10 ip 0000560480f4c129 sp 00007fff error 6 in libc.so.6[1129,56+1000]
"""


@pytest.mark.parametrize(
    ("pid", "fault"),
    [
        (812, Fault(0x7F0010, 0x401B2C)),
        (813, Fault(0x10)),
        (814, Fault(0x20)),
        (815, Fault(2, 0)),
        (816, None),
        (81, None),
        (817, Fault(0x10, 0x560480F4C129, "libc.so.6", 0x1129)),
    ],
)
def test_the_last_fault_of_a_process_is_found_on_every_architecture(pid: int, fault: Fault | None) -> None:
    assert find_fault(LOG, pid) == fault
