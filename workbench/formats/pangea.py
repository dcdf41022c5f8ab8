"""Recognise exports of the Pangea Secure Audit Log, and the roots that it published."""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

_EVENT = (b'"envelope"', b'"event"', b'"hash"')
_ROOT = (b'"root_hash"', b'"tree_name"', b'"size"')
_CANNOT_SHOW = (
    "whether events were left out of it: a search gives those that it found",
    "when an event was published: the time beside a root is what the service says",
)


@dataclass(frozen=True, slots=True)
class PangeaReader:
    """Events with their hashes and proofs, one document or one a line; or a root by itself."""

    id: str = "pangea"
    order: int = 25

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``pangea`` for events, ``pangea-root`` for a root by itself."""
        if look.head.lstrip()[:1] != b"{":
            return None
        if all(part in look.head for part in _EVENT):
            first = look.head.lstrip().split(b"\n", 1)[0]
            lines = first.rstrip().endswith(b"}") and all(part in first for part in _EVENT)
            kind = "jsonl" if lines and not look.file.name.endswith(".json") else "json"
            return Recognition("pangea", Role.SUBJECT, container=kind, cannot_show=_CANNOT_SHOW)
        if look.whole and all(part in look.head for part in _ROOT):
            return Recognition("pangea-root", Role.ANCHOR)
        return None


READER = PangeaReader()
