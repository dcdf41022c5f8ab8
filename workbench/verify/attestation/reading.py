"""Read a file of attestations, once; a bad one is a result."""

import hashlib
from dataclasses import dataclass
from functools import partial

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import parse
from workbench.model.attestation import Attestation, attestations_in
from workbench.model.verdict import Code
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class Seal:
    """A file of attestations as read.

    Attributes:
        file: the file.
        sha256: lower hex of its bytes, or "" where it could not be read.
        attestations: what it holds; at least one.
    """

    file: EvidenceFile
    sha256: str
    attestations: tuple[Attestation, ...]


def read_seal(file: EvidenceFile, bench: Bench) -> Seal:
    """Return what a file of attestations holds."""
    if file.problem is not None:
        why = f"{file.display} was not delivered cleanly."
        return Seal(file, "", (Attestation(code=file.problem, message=why),))
    try:
        data = read_whole(file, limit=bench.limits.document)
    except SourceError as error:
        code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.UNREADABLE
        return Seal(file, "", (Attestation(code=code, message=error.message),))
    found = attestations_in(data, partial(parse, limits=bench.limits, what=file.display))
    return Seal(file, hashlib.sha256(data).hexdigest(), found)
