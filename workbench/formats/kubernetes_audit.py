"""Kubernetes audit logs: events one a line, in an EventList, or one after the other."""

from workbench.formats.reader import Later, Look

_WORDS = (b"audit.k8s.io/",)


def _may_be(look: Look) -> bool:
    return any(word in look.head for word in _WORDS)


READER = Later(
    "kubernetes-audit", "workbench.formats.logs.kinds.kubernetes_audit", _may_be, order=52
)
