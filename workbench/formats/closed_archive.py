"""Recognise archives and compressed files that are not opened here.

What is in one was handed over and was not read: it must not pass for something that nobody would
judge. By its bytes it may be signed, attested or part of a bag or model as any other file.
"""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.source import CLOSED_ARCHIVE, Role

#: How they begin, with what each is called.
KINDS = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "RAR",
    b"\x04\x22\x4d\x18": "LZ4",
    b"LZIP\x01": "lzip",
    b"\x1f\x9d": "compress",
    b"MSCF\0\0\0\0": "cabinet",
    b"\xff\x06\x00\x00sNaPpY": "snappy",
}


@dataclass(frozen=True, slots=True)
class ClosedArchiveReader:
    """A compressed file or archive of a kind that nothing here opens."""

    id: str = CLOSED_ARCHIVE
    order: int = 95

    def recognise(self, look: Look) -> Recognition | None:
        """Return the kind by how a file begins."""
        kind = next((name for start, name in KINDS.items() if look.head.startswith(start)), None)
        if kind is None:
            return None
        what = f"what is in it: {kind} is not opened here; unpack it and hand over what is in it"
        return Recognition(CLOSED_ARCHIVE, Role.SUBJECT, cannot_show=(what,))


READER = ClosedArchiveReader()
