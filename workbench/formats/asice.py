"""Recognise ASiC-E containers: signed packages of files (ETSI EN 319 162-1)."""

from dataclasses import dataclass

from workbench.formats.reader import Look, Recognition
from workbench.model.package import MIMETYPE, MIMETYPE_FILE
from workbench.model.source import Role

_SUFFIXES = {".asice", ".sce"}
_ZIP = b"PK\3\4"
_CANNOT_SHOW = ("Whether what its signer put into it was right, or was all that there was.",)


@dataclass(frozen=True, slots=True)
class PackageReader:
    """A container of files with a signed manifest; it is judged as it is, not unpacked."""

    id: str = "asice"
    order: int = 19

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``asice`` by the member that a container begins with, or by its suffix."""
        says = look.head[30:38] == MIMETYPE_FILE.encode() and MIMETYPE.encode() in look.head[:256]
        if (look.head.startswith(_ZIP) and says) or look.suffix in _SUFFIXES:
            return Recognition("asice", Role.SUBJECT, cannot_show=_CANNOT_SHOW)
        return None


READER = PackageReader()
