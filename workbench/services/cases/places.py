"""Find evidence again where it lies: whether it is there, its bytes, and where it went."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import SourceError, UsageError
from workbench.evidence.drop import open_drop
from workbench.evidence.file import EvidenceFile, found_again, read_range, read_whole, sha256_of
from workbench.evidence.json_span import span_of
from workbench.model.case import CaseChanges, EvidenceRef
from workbench.model.case_source import CaseSource, Delivery, Presence, SourceFile
from workbench.model.event_batch import BLOCK
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import ProblemCode
from workbench.store import sources
from workbench.store.case_store import CaseStore
from workbench.store.event_index import Block, IndexState
from workbench.store.places import name_of

#: Returned of a source for a place that names no bytes.
FIRST_BYTES = BLOCK


@dataclass(frozen=True, slots=True)
class RawBytes:
    """Bytes of evidence, read again and compared with what was taken in.

    Attributes:
        data: the bytes.
        offset: where they begin in the file or member.
        proof: what was recomputed: the blocks they lie in, or the whole file.
    """

    data: bytes
    offset: int
    proof: str


def presence(case: CaseStore) -> dict[int, Presence]:
    """Return whether the bytes of each source are where they were, by a glance at the folders."""
    with case.reading() as session:
        known = {delivery.id: delivery for delivery in sources.deliveries(session)}
        first = sources.first_files(session)
        return {
            source.id: _present(known[source.delivery], source, first.get(source.id))
            for source in sources.every(session, superseded=True)
        }


def _present(delivery: Delivery, source: CaseSource, file: SourceFile | None) -> Presence:
    place = Path(delivery.place)
    if file is None or source.files != 1:
        return Presence.HERE if place.exists() else Presence.MISSING
    try:
        status = place.joinpath(*file.parts).lstat()
    except (OSError, ValueError):
        return Presence.MISSING
    whole = source.member is None and status.st_size != source.size
    return Presence.CHANGED if whole else Presence.HERE


def raw(case: CaseStore, ref: EvidenceRef, *, cancel: Cancel) -> RawBytes:
    """Return the bytes at a place, read from the evidence and hashed again.

    Raises:
        UsageError: the case has no such source or file.
        SourceError: they cannot be read, or are not those of the intake (``EVIDENCE_CHANGED``).
    """
    source, delivery, file = _find(case, ref)
    is_value = (ref.locator.pointer or "").startswith("/")
    if ref.locator.offset is None and (is_value or ref.locator.member != file.member):
        return _pointed(case, delivery, file, ref.locator, cancel)
    opened = _opened(case, delivery, file, cancel)
    offset = ref.locator.offset or 0
    most = FIRST_BYTES if ref.locator.offset is None else 1
    length = ref.locator.length if ref.locator.length is not None else most
    end = min(offset + length, opened.size)
    blocks = _blocks(case, source, offset, end)
    if blocks:
        return _by_blocks(opened, blocks, offset, end)
    if sha256_of(opened, cancel=cancel) != file.sha256:
        raise changed(opened, "its digest is not that of the intake")
    return RawBytes(read_range(opened, offset, end - offset), offset, f"SHA-256 {file.sha256}")


def _pointed(
    case: CaseStore, delivery: Delivery, file: SourceFile, place: Locator, cancel: Cancel
) -> RawBytes:
    """Return the bytes of a value of a document; the first bytes where it is not JSON."""
    opened = _opened(case, delivery, file, cancel)
    if sha256_of(opened, cancel=cancel) != file.sha256:
        raise changed(opened, "its digest is not that of the intake")
    if place.member != file.member:  # of an archive that is one source
        opened = _opened(case, delivery, replace(file, member=place.member), cancel)
    data = read_whole(opened)
    outer = (place.pointer or "").partition("#")[0]  # of what is inside an encoded payload
    found = span_of(data, place.pointer or "") or span_of(data, outer)
    start, end = found or (0, min(FIRST_BYTES, len(data)))
    return RawBytes(data[start:end], start, f"SHA-256 {file.sha256}")


def _find(case: CaseStore, ref: EvidenceRef) -> tuple[CaseSource, Delivery, SourceFile]:
    place = ref.locator.path, ref.locator.member
    with case.reading() as session:
        known = {delivery.id: delivery for delivery in sources.deliveries(session)}
        for source in sources.by_digest(session, ref.sha256):
            files = sources.files(session, source.id)
            names = {(file.path, file.member): file for file in files}
            found = names.get(place) or names.get((place[0], None))
            if found is not None:
                return source, known[source.delivery], found
    raise UsageError(f"This case has no {ref.locator} with SHA-256 {ref.sha256}.")


def reopened(
    case: CaseStore, source: CaseSource, *, cancel: Cancel
) -> Iterator[tuple[EvidenceFile, str]]:
    """Yield the files of a source as they are now, each with its digest at intake.

    Raises:
        SourceError: one is not there, or cannot be read.
    """
    with case.reading() as session:
        known = {delivery.id: delivery for delivery in sources.deliveries(session)}
        files = sources.files(session, source.id)
    for file in files:
        yield _opened(case, known[source.delivery], file, cancel), file.sha256


def evidence_file(case: CaseStore, source: int, *, cancel: Cancel) -> EvidenceFile:
    """Return the one file of a source, to be read.

    Raises:
        SourceError: it is not there, or cannot be read.
        UsageError: the source is several files.
    """
    with case.reading() as session:
        found = sources.get(session, source)
    if found.files != 1:
        raise UsageError(f"{found.display} is {found.files:,} files: name one of them.")
    ((file, _),) = reopened(case, found, cancel=cancel)
    return file


def _opened(case: CaseStore, delivery: Delivery, file: SourceFile, cancel: Cancel) -> EvidenceFile:
    place = Path(delivery.place)
    if file.member is None:
        alone = not file.parts or place.is_file()  # a delivered file, or what lies beside it
        root, parts = (place.parent, file.parts or (place.name,)) if alone else (place, file.parts)
        return found_again(file.path, root, parts)
    drop = case.drop(delivery.label, place, cancel=cancel)
    wanted = file.path, file.member
    found = next((f for f in drop.files if (f.path, f.member) == wanted), None)
    if found is None:
        raise SourceError(f"{file.path} → {file.member} is not there.", path=file.path)
    return found


def _blocks(case: CaseStore, source: CaseSource, first: int, last: int) -> list[Block]:
    """Return digests that cover some bytes without a gap; none where there are none."""
    index = case.index.engine
    if index.state is not IndexState.READY or first >= last:
        return []
    blocks = index.blocks(source.id, first, last)
    reached = blocks[0].offset if blocks else last
    for block in blocks:
        if block.offset > reached:
            return []
        reached = block.offset + block.length
    covered = bool(blocks) and blocks[0].offset <= first and reached >= last
    return blocks if covered else []


def _by_blocks(file: EvidenceFile, blocks: Sequence[Block], first: int, last: int) -> RawBytes:
    start = blocks[0].offset
    data = read_range(file, start, blocks[-1].offset + blocks[-1].length - start)
    for block in blocks:
        at = block.offset - start
        if hashlib.sha256(data[at : at + block.length]).hexdigest() != block.sha256:
            raise changed(file, f"bytes {block.offset} to {block.offset + block.length} differ")
    proof = f"SHA-256 of {len(blocks)} block(s) from byte {start}"
    return RawBytes(data[first - start : last - start], first, proof)


def changed(file: EvidenceFile, why: str) -> SourceError:
    """Return the error that says that evidence is not what was taken in."""
    error = SourceError(
        f"{file.display} changed after it was taken into the case: {why}.",
        path=file.path,
        place=file.member,
    )
    error.code = ProblemCode.EVIDENCE_CHANGED
    return error


def locate(
    case: CaseStore, label: str, place: Path, *, progress: Progress, cancel: Cancel
) -> CaseChanges:
    """State where a delivery lies now; every byte of it must be what was taken in.

    Raises:
        UsageError: the case has no such delivery.
        SourceError: the place cannot be read, or holds something else.
    """
    with case.reading() as session:
        mine = [d.id for d in sources.deliveries(session) if d.label == label]
        current = [s for s in sources.every(session) if s.delivery in mine]
        files = [file for s in current for file in sources.files(session, s.id)]
    if not mine:
        raise UsageError(f"There is no delivery {label} in this case.")
    names = [name_of(label)]
    with open_drop([place], names=names, cancel=cancel, progress=progress) as drop:
        found = {(f.path, f.member): f for f in (*drop.files, *drop.containers)}
        for file in files:
            _require_same(file, found.get((file.path, file.member)), place, cancel)
    with case.acting("evidence.locate", subject=label) as act:
        sources.move(act.session, label=label, place=str(place.resolve()))
        act.detail = {"place": str(place), "files": len(files)}
        act.areas = {"sources"}
        return act.changes


def _require_same(
    file: SourceFile, found: EvidenceFile | None, place: Path, cancel: Cancel
) -> None:
    name = file.path if file.member is None else f"{file.path} → {file.member}"
    if found is None:
        raise SourceError(f"{place} is not that delivery: {name} is missing.", path=str(place))
    if file.sha256 and sha256_of(found, cancel=cancel) != file.sha256:
        raise SourceError(
            f"{place} is not that delivery: the digest of {name} differs.", path=str(place)
        )
