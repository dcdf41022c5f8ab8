"""Events of the Open Cybersecurity Schema Framework (OCSF), whoever made them."""

from workbench.formats.reader import Later, Look

_WORDS = (b'"class_uid"',)


def _may_be(look: Look) -> bool:
    return any(word in look.head for word in _WORDS)


READER = Later("ocsf", "workbench.formats.logs.kinds.ocsf", _may_be, order=54)
