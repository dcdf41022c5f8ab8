"""Where in the evidence a fact was read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in evidence; it follows a fact to the last page of the report.

    Attributes:
        path: file of the drop, as the auditor sees it, ``/`` separated.
        member: name inside an archive, or None.
        record: record number from 1, or None.
        offset: byte offset in the decompressed bytes of the member, or None.
        length: bytes at that offset, or None.
        pointer: JSON pointer (RFC 6901) or table and column, or None.
    """

    path: str
    member: str | None = None
    record: int | None = None
    offset: int | None = None
    length: int | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        """Return the place in words, as ``log.jsonl, record 3, byte 812``."""
        where = self.path if self.member is None else f"{self.path} → {self.member}"
        parts = [where]
        if self.record is not None:
            parts.append(f"record {self.record}")
        if self.offset is not None:
            parts.append(f"byte {self.offset}")
        if self.pointer:
            parts.append(self.pointer)
        return ", ".join(parts)
