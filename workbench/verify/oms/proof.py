"""Read one signature file: what it claims, or what is wrong with it (OMS 1.0, 8.1 and 8.3)."""

import hashlib
from dataclasses import dataclass
from functools import partial

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import parse
from workbench.model.json_place import MalformedSignature
from workbench.model.model_signature import (
    Manifest,
    ModelSignature,
    manifest_from,
    model_signature_from,
)
from workbench.model.verdict import Code
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class Proof:
    """A signature file as read.

    Attributes:
        file: the file.
        sha256: lower hex of its bytes, or "" when it could not be read.
        signature: the bundle, or None.
        manifest: the signed manifest; None unless bundle and statement are well-formed.
        code: why there is no manifest, or None.
        message: the same in words.
    """

    file: EvidenceFile
    sha256: str = ""
    signature: ModelSignature | None = None
    manifest: Manifest | None = None
    code: str | None = None
    message: str = ""


def read_proof(file: EvidenceFile, bench: Bench) -> Proof:
    """Return what a signature file holds; a bad one is a proof without a manifest."""
    if file.problem is not None:
        return Proof(file, code=file.problem, message=f"{file.display} was not delivered cleanly.")
    try:
        data = read_whole(file, limit=bench.limits.document)
    except SourceError as error:
        code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.UNREADABLE
        return Proof(file, code=code, message=error.message)
    read = partial(parse, limits=bench.limits, what=file.display)
    sha256 = hashlib.sha256(data).hexdigest()
    signature: ModelSignature | None = None
    try:
        signature = model_signature_from(read(data))
        return Proof(file, sha256, signature, manifest_from(read(signature.payload)))
    except MalformedSignature as error:
        return Proof(file, sha256, signature, code=error.code, message=f"{file.display}: {error}.")
    except SourceError as error:
        code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.FORMAT_FAILURE
        return Proof(file, sha256, signature, code=code, message=error.message)
