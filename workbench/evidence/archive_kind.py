"""Tell what is an archive, by name and content together.

A file that is called like an archive (``SUFFIXES``) or has no suffix, and starts like one, is
one. So a document that happens to be a ZIP inside (``.npz``, ``.pt``, ``.xlsx``, ``.jar``) stays
the file that somebody hashed or signed. What is called an archive and is none stays a file too,
with a problem: nobody should take it for what its name says.
"""

import re
from enum import Enum, auto

from workbench.evidence.file import EvidenceFile
from workbench.evidence.members import (
    Engine,
    Flaw,
    bzip2_engine,
    gzip_engine,
    xz_engine,
)
from workbench.evidence.tar_members import BLOCKSIZE, is_tar
from workbench.evidence.zip_directory import looks_like_zip
from workbench.model.source import ProblemCode

#: What a name of an archive ends with; a compressed file is an archive of one member.
SUFFIXES = {".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz"}
#: Short for ``.tar.gz`` and so on.
_SHORT = {".tgz", ".tbz", ".tbz2", ".txz"}

#: One file, made smaller.
_COMPRESSED = {".gz", ".bz2", ".xz"}

_ZIP_START = b"PK\3\4"


class Kind(Enum):
    """How an archive is read."""

    ZIP = auto()
    TAR = auto()
    GZIP = auto()
    BZIP2 = auto()
    XZ = auto()


#: RFC 1952 2.3.1 with its only method; bzip2 with the mark of its first block or of its end.
_STARTS = {
    Kind.GZIP: re.compile(rb"\x1f\x8b\x08"),
    Kind.BZIP2: re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    Kind.XZ: re.compile(rb"\xfd7zXZ\0"),
}
_ENGINES = {Kind.GZIP: gzip_engine, Kind.BZIP2: bzip2_engine, Kind.XZ: xz_engine}


def may_be_archive(file: EvidenceFile) -> bool:
    """Return whether the name of ``file`` allows it to be taken for an archive."""
    return file.problem is None and suffix_of(file.name) in {"", *SUFFIXES}


def suffix_of(name: str) -> str:
    """Return the last suffix, lower case, with the dot; a name like ``.zip`` has none."""
    stem, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def kind_of(file: EvidenceFile) -> Kind | Flaw | None:
    """Return how to read ``file``, what is wrong with it, or None where it is no archive.

    Raises:
        SourceError: it cannot be read.
    """
    suffix = suffix_of(file.name)
    with file.open() as stream:
        head = stream.read(BLOCKSIZE)
        if head.startswith(_ZIP_START):
            return Kind.ZIP
        for kind, start in _STARTS.items():
            if start.match(head):
                return kind
        if is_tar(head, named=suffix == ".tar"):
            return Kind.TAR
        if suffix == ".zip" and looks_like_zip(stream, file.size):
            return Kind.ZIP
    return _disappointment(file) if suffix in SUFFIXES else None


def _disappointment(file: EvidenceFile) -> Flaw:
    if file.size == 0:
        return Flaw(ProblemCode.TRUNCATED, "is empty")
    return Flaw(ProblemCode.NOT_AN_ARCHIVE, "is called an archive but does not start like one")


def engine_of(kind: Kind) -> Engine:
    """Return what undoes the compression of a file that is compressed as a whole."""
    return _ENGINES[kind]()


def is_plain_tar(file: EvidenceFile) -> bool:
    """Return whether the bytes of ``file``, which is named as it was compressed, are a tar.

    Raises:
        SourceError: they cannot be read.
    """
    with file.open() as stream:
        named = suffix_of(inner_name(file.name)) == ".tar"
        return is_tar(stream.read(BLOCKSIZE), named=named)


def is_called(file: EvidenceFile, name: str) -> bool:
    """Tell whether a file has this name, with what follows its first dot or without it."""
    return name in {file.name, file.name.partition(".")[0]}


def lies_in(file: EvidenceFile, name: str) -> bool:
    """Tell whether the folder in which a file lies has this name."""
    return folder_of(file).rpartition("/")[2] == name


def is_packed_in(file: EvidenceFile, archive: EvidenceFile) -> bool:
    """Tell whether a file came out of an archive, perhaps out of another one in it."""
    if file.path != archive.path or file.member is None:
        return False
    return archive.member is None or file.member.startswith(f"{archive.member}!/")


def folder_of(file: EvidenceFile) -> str:
    """Return the folder in which a file lies for a person, ``/`` separated.

    What one file was compressed to is that file and no folder: its content lies where it lies.
    """
    return whole_place(file).rpartition("/")[0]


def whole_place(file: EvidenceFile) -> str:
    """Return where a file lies as it was delivered, compressed or not."""
    folder, _, name = file.place.rpartition("/")
    above, _, around = folder.rpartition("/")
    around = around.removesuffix("!")
    packed = file.member is not None and suffix_of(around) in _COMPRESSED
    if not packed or inner_name(around) != name:
        return file.place
    return f"{above}/{around}" if above else around


def inner_name(name: str) -> str:
    """Return what a compressed file is called without its compression: ``a.tgz`` is ``a.tar``."""
    suffix = suffix_of(name)
    if suffix not in SUFFIXES:
        return name
    stem = name[: -len(suffix)]
    return f"{stem}.tar" if suffix in _SHORT else stem
