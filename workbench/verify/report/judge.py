"""The procedure of ``verify-report``, in numbered steps; the worst part decides."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Indication
from workbench.verify.report.document import Document, read_document
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.manifest import check_manifest
from workbench.verify.report.signature import (
    Claim,
    Problem,
    judge_signature,
    read_claim,
    unread_signature,
)
from workbench.verify.report.structure import (
    SignedRange,
    looks_signed,
    outer_problem,
    signed_ranges,
)
from workbench.verify.report.trail import trail
from workbench.verify.report.verdict import (
    Manifest,
    NotASignedReport,
    ReportSignature,
    ReportVerdict,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")

#: What a stranger must know of any signature of level B-B, however good.
_REMARKS = (
    "The time of signing is what the signer claims: no trusted time stamp says so.",
    "No revocation information was given: whether a certificate was withdrawn is not known.",
)


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
    pins = tuple(_pin(text) for text in expected)
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
        rows = tuple(unread_signature(claim, document, len(data)) for claim in claims)
        return _verdict(data, trust, display, (document,), rows, None)
    # (4) The signature values, their certificate paths, and what came after each.
    inner = {signature.byte_range: signature for signature in document.signatures}
    rows = tuple(judge_signature(c, inner[c.found.byte_range], trust) for c in claims)
    # (5) The embedded files, against the embedded manifest.
    manifest = check_manifest(document.attachments)
    # (6) The signers, against those expected.
    problems = (*_manifest_problem(manifest), *_signer_problems(rows, pins, trust.threshold))
    return _verdict(data, trust, display, problems, rows, manifest)


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


def _verdict(
    data: bytes,
    trust: Trust,
    display: str,
    problems: Iterable[Problem],
    rows: tuple[ReportSignature, ...],
    manifest: Manifest | None,
) -> ReportVerdict:
    """Let the worst part decide; the earlier of two as bad."""
    parts = [(row.indication, row.code, row.reason) for row in rows]
    parts += [(problem.indication, problem.code.value, problem.reason) for problem in problems]
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
        reasons=tuple(dict.fromkeys((*reasons, *_REMARKS))),
        steps=trail(display, data, signed_ranges(data), rows, manifest, trust.at),
    )


def _pin(text: str) -> _Pin:
    """Read ``[FIELD=]SHA256``; a fingerprint may be written with colons and in capitals."""
    field, separator, sha256 = text.strip().rpartition("=")
    digits = sha256.replace(":", "").lower()
    if not _SHA256.fullmatch(digits) or (separator and not field):
        raise UsageError(f"{text!r} is not a fingerprint: give [FIELD=] and 64 hexadecimal digits.")
    return _Pin(field or None, digits)
