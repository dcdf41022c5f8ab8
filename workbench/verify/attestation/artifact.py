"""Hash an artifact once, and hold it against what attestations claim of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.evidence.file import EvidenceFile, blocks
from workbench.model.attestation import Attestation
from workbench.model.statement import BINDING, Claimed
from workbench.verify.verifier import Bench

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file with its digests, each under the name of its algorithm."""

    file: EvidenceFile
    digests: dict[str, str]

    def agrees(self, claimed: Claimed) -> bool:
        """Tell whether every digest that binds is its own, and there is one."""
        binding = claimed.binding
        return bool(binding) and all(self.digests[name] == value for name, value in binding)


def hash_artifact(file: EvidenceFile, claims: Iterable[Claimed], bench: Bench) -> Artifact:
    """Hash a file with SHA-256 and whatever else is claimed of it, in one pass.

    Raises:
        SourceError: it cannot be read.
    """
    wanted = {"sha256", *(name for claimed in claims for name, _ in claimed.binding)}
    running = {name: hashlib.new(name) for name in sorted(wanted)}
    for block in blocks(file, cancel=bench.cancel, size=_BLOCK):
        for digest in running.values():
            digest.update(block)
    return Artifact(file, {name: digest.hexdigest() for name, digest in running.items()})


class Relation(StrEnum):
    """What an attestation has to do with an artifact."""

    COVERS = "covers"
    DIFFERS = "differs"
    OTHER = "other"
    SAYS_NOTHING = "says nothing"


@dataclass(frozen=True, slots=True)
class Held:
    """An attestation held against an artifact.

    Attributes:
        relation: what it has to do with it.
        claimed: the subject that is, or should be, the artifact.
    """

    relation: Relation
    claimed: Claimed | None = None


def hold(attestation: Attestation, artifact: Artifact | None, *, meant: bool) -> Held:
    """Hold an attestation against an artifact.

    Args:
        attestation: what is claimed.
        artifact: what lies here, or None where nothing does.
        meant: the attestation is about this artifact even if it does not say so.
    """
    claims = attestation.claimed
    if artifact is None:
        return Held(Relation.SAYS_NOTHING if not claims else Relation.OTHER)
    for claimed in claims:
        if artifact.agrees(claimed):
            return Held(Relation.COVERS, claimed)
    named = _named(claims, artifact.file)
    if named is None and not (meant and claims):
        return Held(Relation.OTHER if claims else Relation.SAYS_NOTHING)
    closest = named or claims[0]
    return Held(Relation.DIFFERS if closest.binding else Relation.SAYS_NOTHING, closest)


def _named(claims: Sequence[Claimed], file: EvidenceFile) -> Claimed | None:
    """Return the subject that is called as the file is."""
    own = [c for c in claims if c.name and c.name.rstrip("/").rpartition("/")[2] == file.name]
    return own[0] if own else None


def digest_named(claims: Iterable[Claimed], digest: str) -> bool:
    """Tell whether a digest that the auditor states is among those that bind."""
    return any(value == digest for claimed in claims for _, value in claimed.binding)


def is_digest(text: str) -> bool:
    """Tell whether a text is as long as a digest that binds."""
    return len(text) in BINDING.values()
