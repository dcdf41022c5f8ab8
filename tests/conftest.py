"""What holds for every test."""

from hypothesis import settings

# How long a test takes is measured in packaging/bench, not judged here: a machine may be busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
