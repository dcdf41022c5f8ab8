"""Logs whose events are read by a mapping: one that the user brings, or one that ships."""

import re

from workbench.formats.reader import Later, Look

#: What stands in every log that a mapping which ships here is for.
_WORDS = (b"CEF:", b"serviceName", b"service_name", b"AuditLog", b"operationName")
#: Looked for after a line end: that is found faster than the beginning of a line.
_SYSLOG = re.compile(rb"\n(?:\xef\xbb\xbf)?<\d{1,3}>")


def _may_be(look: Look) -> bool:
    if look.mappings or any(word in look.head for word in _WORDS):
        return True
    return _SYSLOG.search(b"\n" + look.head) is not None


READER = Later("log", "workbench.formats.logs.kinds.mapped_log", _may_be, order=51)
