"""One file on the table."""

from dataclasses import dataclass

from workbench.evidence.file import EvidenceFile
from workbench.formats.reader import Recognition
from workbench.model.source import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One file on the table.

    Attributes:
        file: the file.
        seen: what it was recognised as.
        role: its one role.
        pairs_with: path of the subject it was paired with, or None.
    """

    file: EvidenceFile
    seen: Recognition
    role: Role
    pairs_with: str | None = None
