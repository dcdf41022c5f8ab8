"""Put the members of archives into the private folder, within every limit.

No name of a member ever becomes a path. A member that goes over a limit or is damaged is told,
and kept with its problem; the others go on.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from workbench.errors import LimitError, SourceError
from workbench.evidence.archive_kind import (
    Kind,
    engine_of,
    inner_name,
    is_plain_tar,
    kind_of,
    may_be_archive,
)
from workbench.evidence.file import NOTHING, EvidenceFile
from workbench.evidence.intake import Intake
from workbench.evidence.listing import Found, Listing
from workbench.evidence.members import Damage, Flaw, Member, expanded, span
from workbench.evidence.names import checked_member_name
from workbench.evidence.spool import Meter, Spool
from workbench.evidence.tar_members import tar_members
from workbench.evidence.zip_members import zip_members
from workbench.model.source import Identity, ProblemCode


class Unpacker:
    """Takes files into a drop; of an archive, what is in it."""

    def __init__(self, intake: Intake, spool: Spool) -> None:
        self._intake = intake
        self._limits = intake.limits
        self._spool = spool
        self._out = 0

    def take(self, file: EvidenceFile, *, depth: int = 0, outer: Meter | None = None) -> None:
        """Add ``file`` to the drop, or its members where it is an archive.

        Args:
            file: a file of the drop, or a member of an archive.
            depth: how many archives it lies in.
            outer: what may still come out of the archive it lies in.
        """
        kind = self._kind(file, depth) if may_be_archive(file) else None
        if kind is None:
            self._intake.files.append(file)
        elif isinstance(kind, Flaw) and kind.rest:
            self._intake.containers.append(file)
            Listing(file, self._intake).flaw(kind)
        elif isinstance(kind, Flaw):
            self._intake.problem(kind.code, file.path, file.member, kind.message)
            self._intake.files.append(replace(file, problem=kind.code))
        else:
            self._unpack(file, kind, depth, outer)

    def _kind(self, file: EvidenceFile, depth: int) -> Kind | Flaw | None:
        try:
            kind = kind_of(file)
        except SourceError as error:
            return Flaw(ProblemCode(error.code), "could not be read a second time")
        if isinstance(kind, Kind) and depth >= self._limits.nesting:
            message = f"lies in {depth} archives and is not opened"
            return Flaw(ProblemCode.LIMIT_EXCEEDED, message, rest=True)
        return kind

    def _unpack(self, container: EvidenceFile, kind: Kind, depth: int, outer: Meter | None) -> None:
        self._intake.containers.append(container)
        meter = Meter(container.size, self._limits, outer)
        listing = Listing(container, self._intake)
        if kind in {Kind.ZIP, Kind.TAR}:
            self._take_members(listing, container, kind, meter)
        else:
            self._take_compressed(listing, kind, meter)
        for member in listing.settle():
            self.take(member, depth=depth + 1, outer=meter)

    def _take_members(
        self, listing: Listing, archive: EvidenceFile, kind: Kind, meter: Meter
    ) -> None:
        """Take what is in ``archive``, a ZIP or a tar that is not compressed."""
        try:
            with archive.open() as stream:
                for item in self._items(stream, archive.size, kind):
                    self._take_item(listing, item, meter)
        except SourceError as error:
            listing.flaw(_unread(error))

    def _items(self, stream: BinaryIO, size: int, kind: Kind) -> Iterator[Member | Flaw]:
        if kind is Kind.ZIP:
            most = self._limits.members - self._intake.counted
            return zip_members(stream, size, most=most, cancel=self._intake.cancel)
        return tar_members(stream, limits=self._limits, cancel=self._intake.cancel)

    def _take_item(self, listing: Listing, item: Member | Flaw, meter: Meter) -> None:
        if isinstance(item, Flaw):
            listing.flaw(item)
            return
        self._intake.count()
        self._intake.progress.advance(self._out, None, item.name)
        if item.link is not None:
            listing.add_link(checked_member_name(item.name)[0], item.link)
        else:
            listing.add(self._found(item, meter))

    def _take_compressed(self, listing: Listing, kind: Kind, meter: Meter) -> None:
        """Take the one member of a compressed file; where that is a tar, what is in it."""
        container = listing.container
        try:
            self._intake.count()
            with container.open() as stream:
                content = partial(_expanded, stream, container.size, kind)
                member = Member(inner_name(container.name), content, container.size)
                found = self._found(member, meter)
        except SourceError as error:
            listing.flaw(_unread(error))
            return
        inner = replace(container, root=found.root, parts=found.parts, identity=found.identity)
        if not (found.parts and is_plain_tar(inner)):
            listing.add(found)
            return
        for flaw in found.flaws:
            listing.flaw(replace(flaw, rest=True))
        self._take_members(listing, inner, Kind.TAR, meter)
        self._spool.discard(found.parts[0], found.identity.size)

    def _found(self, member: Member, meter: Meter) -> Found:
        """Write a member to the private folder, as far as it can be."""
        name, fault = checked_member_name(member.name)
        flaws = [Flaw(ProblemCode.BAD_NAME, f"has a name that {fault}")] if fault else []
        flaws += [member.flaw] if member.flaw else []
        if member.content is None:
            return Found(name, "", (), NOTHING, tuple(flaws))
        try:
            spooled, identity, damage = self._write(member, meter, name)
        except LimitError as error:
            limit = Flaw(ProblemCode.LIMIT_EXCEEDED, f"was left out: it {error.message}")
            return Found(name, "", (), NOTHING, (*flaws, limit))
        flaws += [damage] if damage else []
        return Found(name, self._spool.root, (spooled,), identity, tuple(flaws))

    def _write(self, member: Member, meter: Meter, name: str) -> tuple[str, Identity, Flaw | None]:
        """Return the name in the private folder, what it is known by, and where it is damaged."""
        content = member.content() if member.content else iter(())
        own = None if member.packed is None else Meter(member.packed, self._limits, meter)
        damage = None
        if own is not None:
            own.take(0)  # a bomb has only to go off once
        with self._spool.new() as target:
            try:
                for block in content:
                    self._intake.cancel.check()
                    if own is not None:
                        own.take(len(block))
                    target.write(block)
                    self._out += len(block)
                    self._intake.progress.advance(self._out, None, name)
            except Damage as error:
                damage = Flaw(ProblemCode(error.code), error.message)
        return target.name, target.identity, damage


def _expanded(stream: BinaryIO, size: int, kind: Kind) -> Iterator[bytes]:
    return expanded(span(stream, 0, size), engine_of(kind))


def _unread(error: SourceError) -> Flaw:
    message = f"was not read to its end: {error.message.rstrip('.')}"
    return Flaw(ProblemCode(error.code), message, rest=True)
