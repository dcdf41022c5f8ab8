"""Judge one signature: from the bytes it is over, through its certificates, to the reader."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.model.report_signature import DOCUMENT_PURPOSES, SUBFILTER, Level
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication
from workbench.verify.report.certificate import Certificate, read_certificate
from workbench.verify.report.cms import read_cms
from workbench.verify.report.der import DerError
from workbench.verify.report.document import (
    DocumentSignature,
    PathResult,
    validate,
)
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.problem import Problem, undecided, wrong
from workbench.verify.report.structure import SignedRange
from workbench.verify.report.token_form import is_token
from workbench.verify.report.verdict import Coverage, ReportSignature
from workbench.verify.timestamp.token import TokenProblem, read_token
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import MOST_CERTIFICATES, validate_path

#: Sub-indications of pyHanko that VERDICTS does not have, by the nearest that it has.
_NEAREST = {
    "EXPIRED": Code.OUT_OF_BOUNDS_NO_POE,
    "NO_POE": Code.OUT_OF_BOUNDS_NO_POE,
    "REVOKED_CA_NO_POE": Code.REVOKED_NO_POE,
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": Code.CRYPTO_CONSTRAINTS_FAILURE,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signature says of itself, read without a PDF library and believed by nobody.

    Attributes:
        found: where it lies.
        certificates: those embedded in its CMS; none when the CMS is not what we write.
        signer: the one of them that the signature names, or None.
        unnamed: a certificate is embedded that no signed digest names.
        baseline: it has the signed attributes of PAdES B-B, and not the one that is forbidden.
        stamp: it is a time stamp over the document: this token.
        time_stamp: token over the signature value, or None.
        value: the signature value.
        problem: what is wrong already, or None.
    """

    found: SignedRange
    certificates: tuple[Certificate, ...] = ()
    signer: Certificate | None = None
    unnamed: bool = False
    baseline: bool = False
    stamp: bytes | None = None
    time_stamp: bytes | None = None
    value: bytes = b""
    problem: Problem | None = None

    @property
    def who(self) -> str:
        """Return how to name the signer."""
        return self.signer.name if self.signer else "an unreadable signer"

    @property
    def has_one_path(self) -> bool:
        """Tell whether its certificates lead upwards in one way: each has a name of its own.

        Those that certify each other in circles have more paths than anybody can try, and the
        library tries them all.
        """
        subjects = [certificate.subject for certificate in self.certificates]
        return len(set(subjects)) == len(subjects) <= MOST_CERTIFICATES


def read_claim(data: bytes, found: SignedRange) -> Claim:
    """Read a CMS and compare its digest of the document with the bytes it is over."""
    if is_token(found.cms):
        return _read_stamp(data, found)
    try:
        cms = read_cms(found.cms)
        certificates = tuple(read_certificate(der) for der in cms.certificates)
    except DerError as error:
        reason = f"The signature is not in the one form that a report's has: {error}."
        return Claim(found, problem=wrong(Code.FORMAT_FAILURE, reason))
    problem = None
    if cms.message_digest != found.digest(data):
        reason = "The bytes of the file are not those that were signed."
        problem = wrong(Code.HASH_FAILURE, reason)
    return Claim(
        found,
        certificates,
        signer=certificates[cms.certificates.index(cms.signer)],
        unnamed=any(bytes.fromhex(each.fingerprint) not in cms.named for each in certificates),
        baseline=bool(cms.named) and not cms.states_time,
        time_stamp=cms.time_stamp,
        value=cms.signature,
        problem=problem,
    )


def _read_stamp(data: bytes, found: SignedRange) -> Claim:
    """Compare the imprint of a time stamp over the document with the bytes it is over."""
    token = read_token(found.cms)
    if isinstance(token, TokenProblem):
        problem = wrong(Code.FORMAT_FAILURE, f"A time stamp cannot be read: {token.message}")
    elif token.imprint != found.digest(data, token.imprint_algorithm):
        problem = wrong(Code.HASH_FAILURE, "The bytes of the file are not those that were stamped.")
    else:
        return Claim(found, stamp=found.cms)
    return Claim(found, stamp=found.cms, problem=problem)


def unread_signature(claim: Claim, problem: Problem, size: int) -> ReportSignature:
    """Return the row of a signature in a file that was not given to a PDF library."""
    whole = claim.found.end == size
    coverage = Coverage.WHOLE_FILE if whole else Coverage.UNCLEAR
    return _row(claim, claim.problem or problem, coverage=coverage)


def judge_signature(claim: Claim, signature: DocumentSignature, trust: Trust) -> ReportSignature:
    """Return the row of a signature, PASSED only for a trusted signer over unchanged bytes."""
    anchors = trust.serving(TrustRole.REPORT)
    if (unread := _unread_problem(claim)) is not None:
        return _row(claim, unread, signature)
    try:
        result = validate(signature, roots=_roots(claim, anchors), at=trust.at)
    except UnreadableDocument as error:
        reason = f"The signature cannot be validated: {error}."
        return _row(claim, claim.problem or wrong(Code.FORMAT_FAILURE, reason), signature)
    vouching = _vouching(claim, result, anchors)
    problem = claim.problem or _first_problem(claim, signature, result, trust, vouching)
    row = _row(claim, problem, signature, coverage=result.coverage, vouching=vouching)
    if result.coverage is Coverage.WHOLE_FILE:
        return replace(row, changes="none")
    return replace(row, changes="permitted" if result.permitted else "not permitted")


def _unread_problem(claim: Claim) -> Problem | None:
    """Return why the certificates of a signature are given to no library, or None."""
    if claim.signer is None:
        return claim.problem or wrong(Code.FORMAT_FAILURE, "It names no signer.")
    if claim.has_one_path:
        return None
    reason = "Of the certificates that are embedded several have one name: no path is tried."
    return claim.problem or undecided(Code.CERTIFICATE_CHAIN_GENERAL_FAILURE, reason)


def _first_problem(
    claim: Claim,
    signature: DocumentSignature,
    result: PathResult,
    trust: Trust,
    vouching: tuple[TrustAnchor, ...],
) -> Problem | None:
    """Return the most serious thing that keeps a signature from PASSED, or None.

    The order is that of ETSI EN 319 102-1 clause 5.3: what was signed, then who signed it.
    """
    if not result.verifies:
        reason = "The signature value does not belong to these bytes and this signer."
        return wrong(Code.SIG_CRYPTO_FAILURE, reason)
    if not result.permitted:
        reason = "What was added after the signature is not what its certification permits."
        return wrong(Code.FORMAT_FAILURE, reason)
    return (
        _form_problem(claim, signature)
        or _validity_problem(claim, result, trust.at)
        or _path_problem(claim, result, trust)
        or _standing_problem(claim, result, vouching)
        or _fitness_problem(claim, vouching, trust)
    )


def _form_problem(claim: Claim, signature: DocumentSignature) -> Problem | None:
    if signature.is_timestamp or signature.subfilter != SUBFILTER or not claim.baseline:
        return undecided(Code.SIG_CONSTRAINTS_FAILURE, "This is not a PAdES baseline signature.")
    if claim.unnamed:
        reason = "A certificate is embedded that the signer does not name: nobody vouches for it."
        return undecided(Code.SIG_CONSTRAINTS_FAILURE, reason)
    return None


def _validity_problem(claim: Claim, result: PathResult, at: datetime) -> Problem | None:
    """Find a certificate on the way to an anchor, or the anchor itself, not valid at ``at``."""
    if not result.path:
        return None
    for certificate in (*claim.certificates, read_certificate(result.path[0])):
        if at > certificate.last:
            reason = (
                f"The certificate of {certificate.name} expired on {certificate.last:%Y-%m-%d},"
                " and no trusted time proves a signature before that."
            )
            return undecided(Code.OUT_OF_BOUNDS_NO_POE, reason)
        if at < certificate.first:
            reason = (
                f"The certificate of {certificate.name} is valid only from"
                f" {certificate.first:%Y-%m-%d}."
            )
            return undecided(Code.NOT_YET_VALID, reason)
    return None


def _path_problem(claim: Claim, result: PathResult, trust: Trust) -> Problem | None:
    """Say why there is no valid path; at level B-B no revocation data comes with a signature."""
    if result.problem is None:
        return None
    code = _NEAREST.get(result.problem) or _known(result.problem)
    if code is not Code.NO_CERTIFICATE_CHAIN_FOUND:
        return undecided(code, f"The certificate of {claim.who} does not pass: {code.value}.")
    if given := len(trust.serving(TrustRole.REPORT)):
        return undecided(code, f"None of the {given} trust anchors given vouches for {claim.who}.")
    return undecided(
        code, f"No trust anchor was given for reports, so nobody says who {claim.who} is."
    )


def _standing_problem(
    claim: Claim, result: PathResult, vouching: tuple[TrustAnchor, ...]
) -> Problem | None:
    """Ask for a strong key, an anchor that counts, and that pyHanko has no objection left."""
    if claim.signer is None or not claim.signer.strong:
        reason = "The key is weaker than a report may be signed with."
        return undecided(Code.CRYPTO_CONSTRAINTS_FAILURE, reason)
    if not any(anchor.counts for anchor in vouching):
        reason = "The trust anchor also lies in the evidence, and nobody confirmed it."
        return undecided(Code.SELF_SUPPLIED_KEY, reason)
    if not result.seed_value_ok:
        reason = "A condition that the signature field sets is not met."
        return undecided(Code.SIG_CONSTRAINTS_FAILURE, reason)
    return None


def _fitness_problem(
    claim: Claim, vouching: tuple[TrustAnchor, ...], trust: Trust
) -> Problem | None:
    """Ask that every certificate of the path, the anchor too, may do what it does here.

    pyHanko takes an anchor's word for everything; RFC 5280 clause 6.1 leaves that to whoever
    trusts it, and nobody who trusts an auditor's certificate means those that it could issue.
    """
    signer = claim.signer
    pinned = any(
        signer is not None and anchor.key_fingerprint == signer.key_fingerprint
        for anchor in vouching
    )
    if signer is None or pinned:
        return None
    anchors = [anchor for anchor in vouching if anchor.kind is AnchorKind.CERTIFICATE]
    pool = [certificate.der for certificate in claim.certificates]
    path = validate_path(
        signer.der,
        pool,
        anchors,
        at=trust.at,
        eku=DOCUMENT_PURPOSES,
        revocation=Revocation(trust.revocations),
    )
    if path.indication is Indication.PASSED:
        return None
    return undecided(Code(path.code or Code.CHAIN_CONSTRAINTS_FAILURE), path.reason)


def _roots(claim: Claim, anchors: Iterable[TrustAnchor]) -> tuple[bytes, ...]:
    """Return the DER certificates to trust: those given, and the signer's if its key was given."""
    roots = {a.der for a in anchors if a.kind is AnchorKind.CERTIFICATE}
    if claim.signer and any(_is_key_of(anchor, claim.signer) for anchor in anchors):
        roots.add(claim.signer.der)
    return tuple(sorted(roots))


def _vouching(
    claim: Claim, result: PathResult, anchors: Iterable[TrustAnchor]
) -> tuple[TrustAnchor, ...]:
    """Return the anchors at the top of the path: its certificate, or the signer's own key."""
    if result.problem is not None or not result.path or claim.signer is None:
        return ()
    top = read_certificate(result.path[0])
    pinned = top == claim.signer
    return tuple(
        anchor
        for anchor in anchors
        if anchor.fingerprint == top.fingerprint or (pinned and _is_key_of(anchor, top))
    )


def _is_key_of(anchor: TrustAnchor, certificate: Certificate) -> bool:
    is_key = anchor.kind is AnchorKind.PUBLIC_KEY
    return is_key and anchor.key_fingerprint == certificate.key_fingerprint


def _row(
    claim: Claim,
    problem: Problem | None,
    signature: DocumentSignature | None = None,
    *,
    coverage: Coverage = Coverage.UNCLEAR,
    vouching: tuple[TrustAnchor, ...] = (),
) -> ReportSignature:
    signer = claim.signer
    trusted_by = ", ".join(anchor.name for anchor in vouching) if problem is None else ""
    return ReportSignature(
        field=signature.field if signature else "",
        signer=signer.name if signer else "",
        fingerprint=signer.fingerprint if signer else "",
        key_fingerprint=signer.key_fingerprint if signer else "",
        indication=problem.indication if problem else Indication.PASSED,
        code=problem.code.value if problem else None,
        reason=problem.reason if problem else f"Signed by {claim.who}; trusted by {trusted_by}.",
        coverage=coverage,
        level=Level.B if signature and _form_problem(claim, signature) is None else "",
        claimed_time=signature.claimed_time if signature else None,
        meaning=signature.meaning if signature else "",
        trusted_by=trusted_by,
    )


def _known(name: str) -> Code:
    try:
        return Code(name)
    except ValueError:
        return Code.CERTIFICATE_CHAIN_GENERAL_FAILURE
