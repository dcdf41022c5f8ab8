"""The procedure of ``verify-report``, in numbered steps; the worst part decides."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.model.report_signature import FIELD_OF_ROLE, REVIEWER_FIELD, Level, Person
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Indication
from workbench.verify.report.concluded import concluded
from workbench.verify.report.document import Document, read_document
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.manifest import check_manifest
from workbench.verify.report.parts import Parts, judge_parts
from workbench.verify.report.problem import Problem
from workbench.verify.report.signature import Claim, read_claim, unread_signature
from workbench.verify.report.structure import (
    SignedRange,
    looks_signed,
    outer_problem,
    signed_ranges,
    unsigned_part,
)
from workbench.verify.report.trail import trail
from workbench.verify.report.verdict import (
    Manifest,
    NotASignedReport,
    ReportSignature,
    ReportVerdict,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")

#: What a stranger must know of a signature that otherwise passes.
_NO_TIME = "The time of signing is what the signer claims: no trusted time stamp says so."
_ORDER_ONLY = (
    "The time stamps are by a key that the signers keep: they prove in which order things were"
    " signed, not when."
)
_NO_REVOCATION = (
    "No revocation information was given: whether a certificate was withdrawn is not known."
)
_NO_LONG_TERM = (
    "The report does not hold all that shows that no certificate had been withdrawn when it was"
    " signed; it may become impossible to show that later."
)
_NOT_REVIEWED = "Nobody signed in the field kept for a reviewer."


@dataclass(frozen=True, slots=True)
class _Pin:
    """A signer that there must be: a fingerprint, and the field it must be in, or None."""

    field: str | None
    sha256: str

    def names(self, row: ReportSignature) -> bool:
        """Tell whether a signature is the one meant."""
        in_field = self.field is None or self.field == row.field
        return in_field and self.sha256 in (row.fingerprint, row.key_fingerprint)


def judge(
    data: bytes, trust: Trust, *, expected: Sequence[str] = (), display: str
) -> ReportVerdict:
    """Return the verdict on a signed report.

    Raises:
        NotASignedReport: the file is no PDF, or nobody signed it.
        LimitError: it decompresses to more than is read.
        UsageError: an expected signer is not a SHA-256.
    """
    pins = tuple(_pin(text) for texts in expected for text in texts.split(","))
    if not looks_signed(data):
        what = "is signed by nobody" if b"%PDF-" in data[:1024] else "is not a PDF"
        raise NotASignedReport(f"{display} {what}: there is no report to verify.", path=display)
    # (1) The bytes alone: one header, one end, each signature in its hole and nowhere else.
    ranges = signed_ranges(data)
    # (2) Each CMS in the one form we write, over the bytes that it is said to be over.
    claims = tuple(read_claim(data, found) for found in ranges)
    # (3) Only a file that its last signature covers, unchanged, is given to a PDF library.
    document = _outer_problem(data, claims) or _read(data, ranges)
    if isinstance(document, Problem):
        signed = tuple(claim for claim in claims if claim.stamp is None)
        rows = tuple(unread_signature(claim, document, len(data)) for claim in signed)
        return _verdict(data, trust, display, Parts(rows, (), (document,)), claims, None)
    # (4) The time stamps, the signature values, their paths, and what came after each.
    parts = judge_parts(data, claims, document, trust)
    # (5) The embedded files, against the embedded manifest.
    manifest = check_manifest(document.attachments)
    # (6) The signers, against those expected; that two signatures are two people's.
    problems = (
        *parts.problems,
        *_manifest_problem(manifest),
        *_signer_problems(parts.signatures, pins, trust.threshold),
        *_four_eyes_problem(parts.signatures),
    )
    remarks = tuple(_remarks(parts, trust, document))
    parts = Parts(parts.signatures, parts.stamps, problems)
    return _verdict(data, trust, display, parts, claims, manifest, remarks)


def _outer_problem(data: bytes, claims: tuple[Claim, ...]) -> Problem | None:
    """Return why the last signature does not vouch for every byte of the file, or None."""
    outer = outer_problem(data, tuple(claim.found for claim in claims))
    if outer is not None:
        return Problem(Indication.FAILED, Code.FORMAT_FAILURE, outer)
    return claims[-1].problem


def _read(data: bytes, ranges: tuple[SignedRange, ...]) -> Document | Problem:
    """Read the document, if its form holds exactly the signatures that its bytes hold."""
    try:
        document = read_document(data)
    except UnreadableDocument as error:
        reason = f"The file cannot be read as a report: {error}."
        return Problem(Indication.FAILED, Code.FORMAT_FAILURE, reason)
    in_form = sorted(signature.byte_range for signature in document.signatures)
    if in_form != sorted(found.byte_range for found in ranges):
        reason = "The signatures in the form of the document are not those in its bytes."
        return Problem(Indication.FAILED, Code.FORMAT_FAILURE, reason)
    return document


def _manifest_problem(manifest: Manifest) -> Iterable[Problem]:
    if manifest.code is None:
        return ()
    wrong = manifest.code is Code.HASH_FAILURE
    indication = Indication.FAILED if wrong else Indication.INDETERMINATE
    return (Problem(indication, manifest.code, manifest.reason),)


def _signer_problems(
    rows: tuple[ReportSignature, ...], pins: tuple[_Pin, ...], threshold: int
) -> Iterable[Problem]:
    """Yield what is wrong with who signed (VERDICTS section 2): too few, or not those expected."""
    trusted = {row.key_fingerprint for row in rows if row.indication is Indication.PASSED}
    if trusted and len(trusted) < threshold:
        reason = f"{len(trusted)} trusted signers signed; {threshold} are asked for."
        yield Problem(Indication.INDETERMINATE, Code.TOO_FEW_SIGNERS, reason)
    if not pins:
        return
    missing = [pin for pin in pins if not any(pin.names(row) for row in rows)]
    others = [row for row in rows if not any(pin.names(row) for pin in pins)]
    if missing or others:
        names = ", ".join(row.signer for row in others) or "nobody else"
        reason = (
            f"The signers are not those expected: {len(missing)} did not sign; of others, {names}."
        )
        yield Problem(Indication.INDETERMINATE, Code.SIG_CONSTRAINTS_FAILURE, reason)


def _four_eyes_problem(rows: tuple[ReportSignature, ...]) -> Iterable[Problem]:
    """Find a person who signed twice: a countersignature is by somebody else."""
    people = [Person(row.signer, row.fingerprint, row.key_fingerprint) for row in rows]
    for row, person in zip(rows, people, strict=True):
        if row.field == REVIEWER_FIELD and sum(map(person.is_same, people)) > 1:
            reason = f"{row.signer} signed as the reviewer of a report that is by the same person."
            yield Problem(Indication.INDETERMINATE, Code.SIG_CONSTRAINTS_FAILURE, reason)


def _remarks(parts: Parts, trust: Trust, document: Document) -> Iterable[str]:
    """Yield what a stranger must know beside the verdict."""
    if any(row.proven_time is None for row in parts.signatures):
        own = any(stamp.row.order_only for stamp in parts.stamps)
        yield _ORDER_ONLY if own else _NO_TIME
    if not trust.revocations and not document.revocations:
        yield _NO_REVOCATION
    elif any(row.level not in (Level.LT, Level.LTA) for row in parts.signatures):
        yield _NO_LONG_TERM
    if REVIEWER_FIELD in document.empty_fields:
        yield _NOT_REVIEWED


def _verdict(
    data: bytes,
    trust: Trust,
    display: str,
    found: Parts,
    claims: Sequence[Claim],
    manifest: Manifest | None,
    remarks: Sequence[str] = (_NO_TIME, _NO_REVOCATION),
) -> ReportVerdict:
    """Let the worst part decide; the earlier of two as bad."""
    rows, stamps = found.signatures, found.stamps
    parts = [(row.indication, row.code, row.reason) for row in rows]
    parts += [(s.row.indication, s.row.code, s.row.reason) for s in stamps]
    parts += [
        (problem.indication, problem.code.value, problem.reason) for problem in found.problems
    ]
    if not rows:
        nobody = "Nobody signed the report: it only bears time stamps."
        parts.append((Indication.INDETERMINATE, Code.NO_SIGNATURE.value, nobody))
    parts.sort(key=lambda part: -part[0].severity)
    indication, code, _reason = parts[0]
    reasons = [reason for _, _, reason in parts]
    if manifest is not None and manifest.code is None:
        reasons.append(manifest.reason)
    return ReportVerdict(
        display=display,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        at=trust.at,
        indication=indication,
        code=code,
        signatures=rows,
        manifest=manifest,
        reasons=tuple(dict.fromkeys((*reasons, *remarks))),
        steps=trail(display, data, claims, rows, stamps, manifest, trust.at),
        stamps=tuple(stamp.row for stamp in stamps),
        conclusion=concluded(indication, code, found),
        unsigned_sha256=hashlib.sha256(unsigned_part(data)).hexdigest(),
    )


def _pin(text: str) -> _Pin:
    """Read ``[FIELD=]SHA256``; a fingerprint may be written with colons and in capitals."""
    field, separator, sha256 = text.strip().rpartition("=")
    field = FIELD_OF_ROLE.get(field.lower(), field)
    digits = sha256.replace(":", "").lower()
    if not _SHA256.fullmatch(digits) or (separator and not field):
        raise UsageError(f"{text!r} is not a fingerprint: give [FIELD=] and 64 hexadecimal digits.")
    return _Pin(field or None, digits)
