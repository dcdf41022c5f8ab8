"""Recognise signed heads of logs: C2SP signed notes that hold a tlog-checkpoint."""

import re
from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

#: Origin, number of records, base64 root; a signature line starts with U+2014.
_CHECKPOINT = re.compile(rb"\A[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n")
_SIGNATURE = b"\n\xe2\x80\x94 "
HEAD_SUFFIXES = {".head", ".checkpoint", ".note"}


@dataclass(frozen=True, slots=True)
class SignedHeadReader:
    """A statement of how long a log was and what its head was, signed by the log."""

    id: str = "head"
    order: int = 30

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``head`` by content, or by suffix so that a damaged one does not drop out."""
        whole = _CHECKPOINT.match(look.head) is not None and _SIGNATURE in look.head
        if whole or look.suffix in HEAD_SUFFIXES:
            return Recognition("head", Role.ANCHOR)
        return None


READER = SignedHeadReader()
