"""What holds for every test."""

import os

from hypothesis import HealthCheck, settings

from tests.conformance.table import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

# How long a test takes is measured in packaging/bench, not judged here: a machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The run that decides whether a change lands draws the same examples each time; all others
# draw anew.
settings.register_profile("same", settings.get_profile("untimed"), derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "untimed")

# No test opens a window on somebody's screen; whoever wants to see one says so.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
