"""Events of CloudTrail in any file: ``Records``, a bare list, one a line, one after the other."""

from workbench.formats.reader import Later, Look

_WORDS = (b'"eventVersion"',)


def _may_be(look: Look) -> bool:
    return any(word in look.head for word in _WORDS)


READER = Later(
    "cloudtrail-events", "workbench.formats.logs.kinds.cloudtrail_events", _may_be, order=53
)
