"""What holds for all tests."""

import pytest
from hypothesis import settings

# No test is a matter of time: these machines are shared, and a slow example is no wrong one.
settings.register_profile("pagewalk", deadline=None)
settings.load_profile("pagewalk")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give real emulators, boards and browsers a second try, which the report lists; the fast tests get none.

    They share the machine with others, whose load they see as a lost connection or a page drawn late.
    """
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.flaky(reruns=1))
