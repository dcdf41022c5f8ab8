"""The audit log of GitHub as it is exported (JSON, CSV), streamed, or answered by its API."""

from workbench.formats.reader import Later, Look

_WORDS = (b"_document_id", b"actor_location", b"business", b"org")


def _may_be(look: Look) -> bool:
    return any(word in look.head for word in _WORDS)


READER = Later("github-audit", "workbench.formats.logs.kinds.github_audit", _may_be, order=56)
