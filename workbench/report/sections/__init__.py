"""One file a section of the report, each with ``SECTION``."""
