"""Read a container once: the digests of its members, and the bytes of those that say what it is."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import MIB, Limits
from workbench.evidence.members import Flaw, Member
from workbench.evidence.names import checked_member_name, collision_key
from workbench.evidence.spool import Meter
from workbench.evidence.zip_members import zip_members
from workbench.model.package import DIGESTS, META, MIMETYPE, MIMETYPE_FILE
from workbench.model.progress import Cancel

_META_BYTES = 16 * MIB
_END_BYTES = 22
_ALLOWED = f"mimetype={MIMETYPE}".encode()
_HASHES = tuple(DIGESTS.values())


@dataclass(slots=True)
class Container:
    """A container as read.

    Attributes:
        digests: of each member by its name, by hash.
        held: the bytes of those that say what the container is.
        flaws: what is wrong with the container as a file, in sentences.
        keys: what names of its members are on a system that tells fewer apart.
        folders: names of folders in it, each ending with ``/``.
        has_comment: whether text stands at its end, which no signature can cover.
    """

    digests: dict[str, Mapping[str, str]] = field(default_factory=dict)
    held: dict[str, bytes] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    has_comment: bool = False

    @property
    def lone_folders(self) -> list[str]:
        """Return the folders in which no member lies: they say something by their name alone."""
        return [one for one in self.folders if not any(n.startswith(one) for n in self.digests)]


def read_container(file: EvidenceFile, limits: Limits, cancel: Cancel) -> Container:
    """Return what lies in a container.

    Raises:
        SourceError: it cannot be read.
        LimitError: more comes out of it than may, or more members than are read.
    """
    found = Container()
    meter = Meter(file.size, limits)
    with file.open() as stream:
        head = stream.read(128)
        found.has_comment = _has_comment(stream, file.size)
        most = limits.members
        for item in zip_members(stream, file.size, most=most, cancel=cancel, folders=True):
            if len(found.digests) > limits.members:
                raise LimitError(f"{file.display} holds more than {limits.members} files.")
            _take(found, item, meter, cancel)
    found.flaws += _first_problems(head, found.held.get(MIMETYPE_FILE))
    return found


def _take(found: Container, item: Member | Flaw, meter: Meter, cancel: Cancel) -> None:
    if isinstance(item, Flaw):
        found.flaws.append(f"The container {item.message}.")
        return
    shown, fault = checked_member_name(item.name.removesuffix("/"))
    if all(said is None for said in (item.content, item.link, item.flaw, fault)):
        found.folders.append(f"{shown}/")
        return
    if fault is not None:
        found.flaws.append(f"The name of {shown} {fault}.")
    if item.flaw is not None:
        found.flaws.append(f"{shown} {item.flaw.message}.")
    if item.link is not None or item.content is None:
        found.flaws.append(f"{shown} is not a file that can be read.")
        return
    if collision_key(shown) in found.keys:
        found.flaws.append(f"{shown} is there twice, for some systems at least.")
    found.keys.add(collision_key(shown))
    try:
        _hash(found, shown, item.content(), meter, cancel)
    except SourceError as error:
        if isinstance(error, LimitError):
            raise
        found.flaws.append(f"{shown} {error.message}.")


def _hash(
    found: Container, name: str, blocks: Iterable[bytes], meter: Meter, cancel: Cancel
) -> None:
    running = {one: hashlib.new(one) for one in _HASHES}
    kept: list[bytes] | None = [] if name == MIMETYPE_FILE or name.startswith(META) else None
    size = 0
    for block in blocks:
        cancel.check()
        meter.take(len(block))
        size += len(block)
        for digest in running.values():
            digest.update(block)
        if kept is not None:
            if size > _META_BYTES:
                raise LimitError(f"{name} is larger than {_META_BYTES} bytes.")
            kept.append(block)
    found.digests[name] = {one: digest.hexdigest() for one, digest in running.items()}
    if kept is not None:
        found.held[name] = b"".join(kept)


def _has_comment(stream: BinaryIO, size: int) -> bool:
    """Tell whether it ends with more than an archive has to, or EN 319 162-1 A.1 lets it."""
    stream.seek(max(0, size - len(_ALLOWED) - _END_BYTES))
    tail = stream.read().removesuffix(_ALLOWED)
    return not tail[-_END_BYTES:].startswith(b"PK\5\6")


def _first_problems(head: bytes, mimetype: bytes | None) -> list[str]:
    """Return what is wrong with how a container says what it is (EN 319 162-1 A.1)."""
    if mimetype is None:
        return ["It has no member that says what it is (mimetype)."]
    if mimetype != MIMETYPE.encode():
        return ["Its member mimetype says that it is something else."]
    name, stored, extra = head[30:38], head[8:10], head[28:30]
    if name != MIMETYPE_FILE.encode() or stored != b"\0\0" or extra != b"\0\0":
        return ["Its member mimetype is not the first one, stored as it is."]
    return []
