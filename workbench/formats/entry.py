"""A file on the table, and what the auditor says about files."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.file import EvidenceFile
from workbench.formats.reader import Recognition
from workbench.model.source import Role

if TYPE_CHECKING:
    from workbench.model.event_mapping import EventMapping


@dataclass(frozen=True, slots=True)
class Choice:
    """What the auditor says about pairing: paths as ``EvidenceFile.path`` has them.

    Attributes:
        signatures: files to take as signatures.
        anchors: files to take as anchors.
        artifact: file or folder that the named proof is about, or None.
        logs: treat every readable log as a chain (a profile was named).
        mappings: how events of logs are read that no format describes.
    """

    signatures: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    artifact: str | None = None
    logs: bool = False
    mappings: "tuple[EventMapping, ...]" = ()

    @property
    def named(self) -> frozenset[str]:
        """Return the proof that the auditor named; what is named, and only that, is meant."""
        return self.signatures | self.anchors

    def binds(self, proof: EvidenceFile) -> bool:
        """Tell whether the auditor says that this proof is about the artifact."""
        return self.artifact is not None and proof.path in self.named

    def is_about(self, place: str) -> bool:
        """Tell whether a file is the artifact, or lies in it."""
        about = self.artifact
        return about is not None and (place == about or place.startswith(f"{about}/"))


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
