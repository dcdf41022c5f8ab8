"""Logs of the Linux audit system: records of several lines that are one event (``auditd``)."""

from workbench.formats.reader import Later, Look

_WORDS = (b"audit(",)


def _may_be(look: Look) -> bool:
    return any(word in look.head for word in _WORDS)


READER = Later("auditd", "workbench.formats.auditd.reader", _may_be, order=55)
