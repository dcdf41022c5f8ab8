"""Judge all signatures and time stamps of a report, from the last backwards in time."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from workbench.model.report_signature import STAMP_SUBFILTER, Level
from workbench.model.trust import AnchorKind, Trust, TrustAnchor
from workbench.model.verdict import Code, Indication
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.report.document import Document, DocumentSignature, coverage_of
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.problem import Problem, wrong
from workbench.verify.report.signature import Claim, judge_signature
from workbench.verify.report.stamps import (
    JudgedStamp,
    claims_too_late,
    judge_stamp,
    out_of_order,
    with_stored,
)
from workbench.verify.report.verdict import Coverage, ReportSignature, Stamped
from workbench.verify.trust.revocation import NotRevoked, standing_of

_MOST_PATH = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """Signatures and time stamps in the order in which they were made, and what is between them."""

    signatures: tuple[ReportSignature, ...]
    stamps: tuple[JudgedStamp, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Bench:
    """What every part is judged with: the bytes, the document, whom the reader trusts."""

    data: bytes
    document: Document
    trust: Trust
    stored: tuple[TrustAnchor, ...]


def judge_parts(data: bytes, claims: Sequence[Claim], document: Document, trust: Trust) -> Parts:
    """Judge each part for the time by which what came after it proves that it existed."""
    known = with_stored(trust, document.revocations)
    bench = _Bench(data, document, known, known.revocations[len(trust.revocations) :])
    inner = {signature.byte_range: signature for signature in document.signatures}
    rows: list[ReportSignature] = []
    stamps: list[JudgedStamp] = []
    later: list[JudgedStamp] = []
    problems: list[Problem] = []
    for claim in reversed(claims):
        signature = inner[claim.found.byte_range]
        at = _earliest(later) or trust.at
        if claim.stamp is not None:
            stamp = _document_stamp(claim, claim.stamp, signature, bench, at)
            later.insert(0, stamp)
            stamps.insert(0, stamp)
            continue
        own = _signature_stamp(claim, signature, bench, at)
        if own is not None:
            stamps.insert(0, own)
        over = [*filter(None, [own]), *later]
        proven = _earliest(over)
        row = judge_signature(claim, signature, replace(known, at=proven or trust.at))
        level = _level(row, claim, over, bench, proven or trust.at)
        rows.insert(0, replace(row, level=level, proven_time=proven))
        stated = min((s.stated for s in over if s.stated), default=None)
        problems += filter(None, [claims_too_late(row.claimed_time, stated)])
    problems += filter(None, [out_of_order(stamps)])
    return Parts(tuple(rows), tuple(stamps), tuple(problems))


def _earliest(stamps: Sequence[JudgedStamp]) -> datetime | None:
    return min((stamp.proven for stamp in stamps if stamp.proven), default=None)


def _document_stamp(
    claim: Claim, token: bytes, signature: DocumentSignature, bench: _Bench, at: datetime
) -> JudgedStamp:
    stamp = judge_stamp(
        token,
        partial(claim.found.digest, bench.data),
        replace(bench.trust, at=at),
        field=signature.field,
        over=Stamped.DOCUMENT,
        coverage=_coverage(signature),
        stored=bench.document.certificates,
        known_at=bench.trust.at,
    )
    if signature.is_timestamp and signature.subfilter == STAMP_SUBFILTER:
        return stamp
    reason = "A time stamp lies where the document says that a person signed."
    problem = wrong(Code.FORMAT_FAILURE, reason)
    row = replace(
        stamp.row, indication=problem.indication, code=problem.code.value, reason=problem.reason
    )
    return replace(stamp, row=row)


def _signature_stamp(
    claim: Claim, signature: DocumentSignature, bench: _Bench, at: datetime
) -> JudgedStamp | None:
    if claim.time_stamp is None:
        return None
    return judge_stamp(
        claim.time_stamp,
        lambda name: hashlib.new(name, claim.value).digest(),
        replace(bench.trust, at=at),
        field=signature.field,
        over=Stamped.SIGNATURE,
        coverage=_coverage(signature),
        stored=bench.document.certificates,
        known_at=bench.trust.at,
    )


def _coverage(signature: DocumentSignature) -> Coverage:
    try:
        return coverage_of(signature)
    except UnreadableDocument:
        return Coverage.UNCLEAR


def _level(
    row: ReportSignature,
    claim: Claim,
    over: Sequence[JudgedStamp],
    bench: _Bench,
    at: datetime,
) -> str:
    """Return the baseline level that a signature has reached (EN 319 142-1 clause 6)."""
    passed = [stamp for stamp in over if stamp.passed]
    if not row.level or row.indication is not Indication.PASSED or not passed:
        return row.level
    # Where no time is proven, the level is that of the time which the stamps state.
    moment = min((s.stated for s in passed if s.stated), default=at)
    signer = () if claim.signer is None else tuple(_path(claim, bench))
    chains = (signer, *(stamp.path for stamp in passed[:1]))
    if not all(_lasts(chain, bench.stored, min(moment, at)) for chain in chains):
        return Level.T
    archived = any(stamp.row.over is Stamped.DOCUMENT for stamp in passed)
    return Level.LTA if archived else Level.LT


def _path(claim: Claim, bench: _Bench) -> Iterator[bytes]:
    """Yield the signer's certificate and its issuers, as far as they are known."""
    anchors = [a.der for a in bench.trust.anchors if a.kind is AnchorKind.CERTIFICATE]
    embedded = [certificate.der for certificate in claim.certificates]
    pool = [*embedded, *bench.document.certificates, *anchors]
    found = None if claim.signer is None else read_certificate(claim.signer.der)
    for _ in range(_MOST_PATH):
        if found is None:
            return
        yield found.public_bytes(Encoding.DER)
        if found.subject == found.issuer:
            return
        found = next((c for c in map(read_certificate, pool) if c and _issued(found, c)), None)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _lasts(path: Sequence[bytes], stored: Sequence[TrustAnchor], at: datetime) -> bool:
    """Tell whether the report itself holds what shows that no certificate of a path was revoked."""
    certificates = [c for c in map(read_certificate, path) if c is not None]
    if len(certificates) < max(2, len(path)):
        return False
    for certificate, issuer in pairwise(certificates):
        standing = standing_of(certificate, issuer, stored)
        if not isinstance(standing, NotRevoked) or not standing.holds_at(at):
            return False
    return True
