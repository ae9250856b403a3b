"""What holds for all tests."""

from hypothesis import settings

# No test is a matter of time: these machines are shared, and a slow example is no wrong one.
settings.register_profile("pagewalk", deadline=None)
settings.load_profile("pagewalk")
