"""Read a file of attestations, once; a bad one is a result."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import parse
from workbench.evidence.subject import Subject
from workbench.model.attestation import Attestation, attestations_in
from workbench.model.verdict import Code
from workbench.verify.timestamp.stamps import JudgedStamp, judged_stamps, trust_over
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class Seal:
    """A file of attestations as read.

    Attributes:
        file: the file.
        sha256: lower hex of its bytes, or "" where it could not be read.
        attestations: what it holds; at least one.
        stamps: time stamps over it.
        proven: not later than when it existed, as a trusted one says, or None.
    """

    file: EvidenceFile
    sha256: str
    attestations: tuple[Attestation, ...]
    stamps: tuple[JudgedStamp, ...] = ()
    proven: datetime | None = None


def read_seal(file: EvidenceFile, subject: Subject, bench: Bench) -> Seal:
    """Return what a file of attestations holds, and since when it is proven to exist."""
    found = _read(file, bench)
    if not subject.stamps:
        return found
    stamps = tuple(judged_stamps(subject, bench, over=(file,)))
    return replace(found, stamps=stamps, proven=trust_over(file, subject, bench).proven)


def _read(file: EvidenceFile, bench: Bench) -> Seal:
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
