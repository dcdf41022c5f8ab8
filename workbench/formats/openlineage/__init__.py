"""OpenLineage events: one a line, a list, the answer of Marquez, or one in a file."""

from workbench.formats.reader import Later, Look

#: A member that every event has.
MARK = b'"eventTime"'


def _may_be(look: Look) -> bool:
    return MARK in look.head


READER = Later("openlineage", "workbench.formats.openlineage.reader", _may_be, order=50)
