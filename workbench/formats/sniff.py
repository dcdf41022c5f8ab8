"""Recognise a file by its content: ask every reader in turn."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_range
from workbench.evidence.subject import Subject
from workbench.formats.attestation import ATTESTATION
from workbench.formats.reader import CatalogReader, EventReader, Later, Look, Reader, Recognition
from workbench.model.source import Role
from workbench.plugins import discover

if TYPE_CHECKING:
    from workbench.model.event_mapping import EventMapping
    from workbench.model.profile import ChainProfile

#: A log of records of which nothing says what they mean, unless there is a mapping.
UNMAPPED = "log"
HEAD_BYTES = 256 * 1024

CONTEXT = Recognition("unknown", Role.CONTEXT)
UNREADABLE = Recognition("unreadable", Role.SUBJECT)
#: A link that leads out of the drop or to nothing: something was handed over, but not its bytes.
LINK = Recognition("link", Role.SUBJECT)


@cache
def readers() -> tuple[Reader, ...]:
    """Return every reader, in the order in which they are asked."""
    found = cast("tuple[Reader, ...]", discover("workbench.formats", "READER"))
    return tuple(sorted(found, key=lambda reader: (reader.order, reader.id)))


def catalog_reader(format_id: str) -> CatalogReader | None:
    """Return what reads subjects of a format record by record, if anything does."""
    found = _readers_of(format_id)
    return next((reader for reader in found if isinstance(reader, CatalogReader)), None)


def lineage_reader(format_id: str) -> CatalogReader | None:
    """Return what reads a source as lineage: a catalog, or proof that says what was made of what.

    Proof is judged and no catalog: what it says is read only where things are kept or counted.
    """
    if format_id == ATTESTATION:
        from workbench.formats.statement.enveloped import ENVELOPED

        return ENVELOPED
    return catalog_reader(format_id)


def event_reader(subject: Subject) -> EventReader | None:
    """Return what reads the events of a plain log; None where nothing says how they are read."""
    if subject.mapping is None and subject.format == UNMAPPED:
        return None
    found = (r for r in _readers_of(subject.format) if isinstance(r, EventReader))
    return next(found, None)


def title_of(format_id: str) -> str:
    """Return what people call a format that is one document; its id for any other."""
    titles = (getattr(reader, "title", "") for reader in _readers_of(format_id))
    return next(filter(None, titles), format_id)


def _readers_of(format_id: str) -> Iterator[Reader]:
    found = (reader for reader in readers() if reader.id == format_id)
    return (reader.loaded() if isinstance(reader, Later) else reader for reader in found)


def recognise(
    file: EvidenceFile,
    profiles: "Sequence[ChainProfile]",
    mappings: "tuple[EventMapping, ...]" = (),
) -> Recognition:
    """Return what ``file`` is; a file that nobody knows is context.

    A file that cannot be read, or was delivered damaged and is not recognised any more, is a
    subject that cannot be judged: it must not drop out of the verdict by its damage.
    """
    if file.problem is not None and file.size == 0:
        return UNREADABLE
    try:
        head = read_range(file, 0, HEAD_BYTES)
    except SourceError:
        return UNREADABLE
    look = Look(file, head, file.size <= len(head), profiles, mappings)
    answers = (reader.recognise(look) for reader in readers())
    nobody = CONTEXT if file.problem is None else UNREADABLE
    return next((answer for answer in answers if answer is not None), nobody)


def held_in(file: EvidenceFile) -> str | None:
    """Return how records lie in a file that somebody says is a log; None: it holds none."""
    from workbench.formats.records import glance

    head = read_range(file, 0, HEAD_BYTES)
    seen = glance(Look(file, head, file.size <= len(head), ()))
    return None if seen is None else seen[0]
