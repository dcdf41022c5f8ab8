"""What pyHanko reads in a report: signature fields, certificate paths, embedded files.

With ``embedded`` the one that hands hostile bytes to a PDF library. Whatever that
library makes of them leaves here as data or as ``UnreadableDocument``, and it fetches nothing.
"""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509  # type: ignore[import-untyped]  # it ships no types
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from workbench.errors import LimitError
from workbench.evidence.limits import LIMITS
from workbench.model.report_signature import DOCUMENT_PURPOSES
from workbench.verify.report.embedded import UnreadableDocument, embedded_files, find
from workbench.verify.report.verdict import Coverage
from workbench.verify.trust.object_identifiers import bound_object_identifiers

bound_object_identifiers()

# pyHanko explains itself with tracebacks in the log; what matters of them is in the verdict.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

#: What pyHanko and the libraries below it raise on bytes that are not what they should be,
#: found by changing bytes of signed reports at random (tests/property/test_report_flips.py).
_REFUSALS = (
    PdfError,
    PathError,
    ValidationError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    zlib.error,
)

#: Certificates, lists or responses in a security store that are looked at.
_MOST_STORED = 64

#: What decompression may yield, of one stream and of all: it is kept in memory (VERDICTS 8).
_DECODING = DecodeLimits(
    per_stream=StreamDecodeLimits(max_ratio=LIMITS.ratio, max_output_size=LIMITS.document),
    document_budget=DocumentDecodeBudget(base_allowance=4 * LIMITS.document, max_ratio=0),
)


@dataclass(frozen=True, slots=True)
class DocumentSignature:
    """One signature as the form of the document holds it.

    Attributes:
        field: full name of its field.
        byte_range: what it says it covers.
        subfilter: how its CMS is to be read, as ``/ETSI.CAdES.detached``.
        is_timestamp: a time stamp over the document, not a signature of a person.
        claimed_time: what the signer says, aware, or None.
        meaning: why it was signed, as the signer says, or "".
        embedded: pyHanko's own reading, for ``validate``.
    """

    field: str
    byte_range: tuple[int, ...]
    subfilter: str
    is_timestamp: bool
    claimed_time: datetime | None
    meaning: str
    embedded: EmbeddedPdfSignature = dataclass_field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """What was read.

    Attributes:
        signatures: signatures and time stamps in the order in which they were made.
        attachments: embedded files by name.
        certificates: DER certificates in its security store.
        revocations: DER lists and OCSP responses in its security store.
        empty_fields: names of the signature fields that nobody signed.
    """

    signatures: tuple[DocumentSignature, ...]
    attachments: Mapping[str, bytes]
    certificates: tuple[bytes, ...] = ()
    revocations: tuple[bytes, ...] = ()
    empty_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathResult:
    """What pyHanko says of one signature.

    Attributes:
        verifies: the signature value verifies with the signer's key, over these bytes.
        problem: sub-indication of ETSI EN 319 102-1 of what is wrong with the certificate path,
            or None.
        path: DER certificates from the trust anchor to the signer; empty when there is none.
        coverage: how much of the file it covers.
        permitted: what was appended after it is what the certification permits.
        seed_value_ok: it is as its field asks for.
    """

    verifies: bool
    problem: str | None
    path: tuple[bytes, ...]
    coverage: Coverage
    permitted: bool
    seed_value_ok: bool


def read_document(data: bytes) -> Document:
    """Read the signatures and the embedded files of a PDF.

    Raises:
        UnreadableDocument: pyHanko refuses it, or an embedded file has no single reading.
        LimitError: it decompresses to more than is read.
    """
    try:
        reader = PdfFileReader(BytesIO(data), decode_limits=_DECODING)
        signatures = tuple(_signature(embedded) for embedded in reader.embedded_signatures)
        empty = enumerate_sig_fields(reader, filled_status=False)
        return Document(
            signatures,
            embedded_files(reader),
            _stored(reader, "/Certs"),
            (*_stored(reader, "/CRLs"), *_stored(reader, "/OCSPs")),
            tuple(str(name) for name, _, _ in empty),
        )
    except PdfDecodeLimitError as error:
        raise LimitError(f"The report decompresses to more than is read: {error}") from error
    except _REFUSALS as error:
        raise UnreadableDocument(_in_words(error)) from error


def validate(signature: DocumentSignature, *, roots: Sequence[bytes], at: datetime) -> PathResult:
    """Validate one signature against DER ``roots`` only, offline, for the time ``at``.

    Raises:
        UnreadableDocument: the signature is not one that can be validated.
    """
    try:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(der) for der in roots],
            moment=at,
            allow_fetching=False,
        )
        status = validate_pdf_signature(
            signature.embedded,
            context,
            key_usage_settings=_usage(),
        )
        return _result(status)
    except _REFUSALS as error:
        raise UnreadableDocument(_in_words(error)) from error


def coverage_of(signature: DocumentSignature) -> Coverage:
    """Return how much of the file a time stamp covers.

    Raises:
        UnreadableDocument: it cannot be told.
    """
    try:
        return _coverage(signature.embedded.evaluate_signature_coverage())
    except _REFUSALS as error:
        raise UnreadableDocument(_in_words(error)) from error


def _stored(reader: PdfFileReader, key: str) -> tuple[bytes, ...]:
    """Return what the security store holds of one kind (EN 319 142-1 5.4.2), each once."""
    streams = find(reader.root, "/DSS", key)
    if streams is None:
        return ()
    if not isinstance(streams, generic.ArrayObject) or len(streams) > _MOST_STORED:
        raise UnreadableDocument(f"its security store holds too much, or no list, of {key}")
    found = [streams[place] for place in range(len(streams))]
    return tuple(dict.fromkeys(s.data for s in found if isinstance(s, generic.StreamObject)))


def _signature(embedded: EmbeddedPdfSignature) -> DocumentSignature:
    claimed: datetime | None = embedded.self_reported_timestamp
    if claimed is not None and claimed.tzinfo is None:
        claimed = claimed.replace(tzinfo=UTC)
    return DocumentSignature(
        field=str(embedded.field_name),
        byte_range=tuple(int(number) for number in embedded.byte_range),
        subfilter=str(embedded.sig_object["/SubFilter"]),
        is_timestamp=embedded.sig_object_type == "/DocTimeStamp",
        claimed_time=claimed,
        meaning=str(embedded.sig_object.get("/Reason", "")),
        embedded=embedded,
    )


def _usage() -> KeyUsageConstraints:
    """Return what the signer's certificate must be for (RFC 5280 4.2.1.3 and 4.2.1.12)."""
    return KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"},
        extd_key_usage={x509.KeyPurposeId(oid).native for oid in DOCUMENT_PURPOSES},
    )


def _result(status: PdfSignatureStatus) -> PathResult:
    problem, path = status.trust_problem_indic, status.validation_path
    return PathResult(
        verifies=status.intact and status.valid,
        problem=None if problem is None else str(problem.standard_name),
        path=() if path is None else tuple(certificate.dump() for certificate in path),
        coverage=_coverage(status.coverage),
        permitted=bool(status.docmdp_ok),
        seed_value_ok=bool(status.seed_value_ok),
    )


def _coverage(level: SignatureCoverageLevel | None) -> Coverage:
    match level:
        case SignatureCoverageLevel.ENTIRE_FILE:
            return Coverage.WHOLE_FILE
        case SignatureCoverageLevel.ENTIRE_REVISION:
            return Coverage.REVISION
        case _:
            return Coverage.UNCLEAR


def _in_words(error: Exception) -> str:
    """Return what a library said, on one line and not endless."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}…"
