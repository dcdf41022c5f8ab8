"""Read what a catalog says, by the reader of its format."""

from collections.abc import Generator, Iterator
from typing import Any, Protocol, runtime_checkable

from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.subject import Subject
from workbench.formats.sniff import readers
from workbench.model.catalog import CatalogRecord, Relation, Thing
from workbench.model.progress import Cancel, Progress


@runtime_checkable
class _Reads(Protocol):
    """A reader that also reads a catalog, record by record; problems may lie between them."""

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Generator[object, None, Any]:
        """Return what ``subject`` holds, read as far as it is asked for."""
        ...


def read_catalog(
    subject: Subject, *, progress: Progress, cancel: Cancel
) -> Iterator[CatalogRecord] | None:
    """Return the records of a catalog, or None for what is none."""
    if subject.base:
        return None
    of_format = (reader for reader in readers() if reader.id == subject.format)
    reader = next((found for found in of_format if isinstance(found, _Reads)), None)
    if reader is None:
        return None
    said = reader.read(subject, limits=LIMITS, cancel=cancel, progress=progress)
    return (record for record in said if isinstance(record, Thing | Relation))
