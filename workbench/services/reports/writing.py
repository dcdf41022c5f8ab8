"""Write the report of a verification and sign it; check one that somebody hands over."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.errors import SourceError
from workbench.model.case import Engagement
from workbench.model.edition import PLAIN_EDITION, Edition
from workbench.model.progress import Cancel, Progress, Silent
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestResult
from workbench.model.source import ProblemCode
from workbench.model.trust import Trust
from workbench.model.verdict import DiagnosisClass
from workbench.model.verification import SourceVerdict, Verification
from workbench.output import write_together, write_whole
from workbench.report.build import BuiltReport, build_report
from workbench.report.context import CaseContent, ReportContext
from workbench.report.signature_box import Manifestation
from workbench.services.reports.at_hand import compared, hashed
from workbench.services.reports.signing import REASON, Lasting, report_at, signed, to_write
from workbench.sign.keys import SigningKey
from workbench.verify.report import ReportVerdict, verify_report
from workbench.verify.report.evidence import with_evidence, with_told_digest
from workbench.verify.trust.anchors import load_trust, mark_self_supplied

#: PAdES B-B, and nothing else.
PLAIN = Lasting()


@dataclass(frozen=True, slots=True)
class Details:
    """What a report says beside the verification.

    Attributes:
        title: name of the report.
        auditor: who answers for it.
        date: the date it carries, aware UTC.
        engagement: who asked for what.
        prepared_for: to whom it is addressed, or "".
        edition: how the report is made up.
    """

    title: str
    auditor: str
    date: datetime
    engagement: Engagement
    prepared_for: str = ""
    edition: Edition = PLAIN_EDITION


@dataclass(frozen=True, slots=True)
class Written:
    """What was handed over.

    Attributes:
        path: the PDF.
        sha256: digest of the file.
        unsigned_sha256: digest of the bytes before the signature, the same for the same case.
        signed_by: subject of the signer's certificate, or "" for an unsigned report.
        root: SHA-256 fingerprint of the certificate that a reader has to trust, or "".
        level: baseline level that the signature has reached, or "".
        query: file with a query for a time stamp, or None.
        network: servers that were asked for a time stamp.
        said: name, time and meaning of the signature (21 CFR 11.50), or None.
    """

    path: Path
    sha256: str
    unsigned_sha256: str
    signed_by: str
    root: str
    level: str = ""
    query: Path | None = None
    network: tuple[str, ...] = ()
    said: Manifestation | None = None


def write(
    out: Path,
    request: VerifyRequest,
    verification: Verification,
    selftest: SelfTestResult,
    details: Details,
    *,
    key: SigningKey | None,
    lasting: Lasting = PLAIN,
    meaning: str = "",
    force: bool = False,
    progress: Progress,
    cancel: Cancel,
) -> Written:
    """Hash the evidence once more, build the report, sign it and write it, whole or not at all.

    Raises:
        SourceError: evidence is not what it was when it was verified.
        SigningError: the key may not or cannot sign.
        WorkbenchError: the file could not be written.
    """
    require_unchanged(request, verification, progress=progress, cancel=cancel)
    context = context_of(
        verification, selftest, details, trust=trust_of(request, verification), key=key
    )
    built = build_report(context)
    cancel.check()
    return put(out, built, key, lasting, meaning=meaning, force=force)


def put(
    out: Path,
    built: BuiltReport,
    key: SigningKey | None,
    lasting: Lasting,
    *,
    meaning: str = "",
    force: bool = False,
) -> Written:
    """Sign a report and write it, whole or not at all; ``force``: over files that are there.

    Raises:
        SigningError: the key may not or cannot sign.
        WorkbenchError: the file could not be written.
    """
    if key is None:
        write_whole(out, built.pdf, replace=force)
        return Written(out, built.sha256, built.sha256, "", "")
    made = signed(built.pdf, key, lasting, reason=meaning or REASON)
    write_together(to_write(out, made, lasting), replace=force)
    return Written(
        path=out,
        sha256=hashlib.sha256(made.data).hexdigest(),
        unsigned_sha256=built.sha256,
        signed_by=key.subject,
        root=key.root_fingerprint,
        level=made.level,
        query=lasting.query,
        network=made.network,
        said=made.said,
    )


def trust_of(request: VerifyRequest, verification: Verification) -> Trust:
    """Return whom the auditor trusted.

    Raises:
        SourceError: a trust file cannot be read any more.
    """
    trust = load_trust(
        request.trust,
        confirm=request.confirm,
        secrets=request.secrets,
        at=request.at,
        threshold=request.threshold,
    )
    return mark_self_supplied(trust, verification.keys_in_evidence)


def context_of(
    verification: Verification,
    selftest: SelfTestResult,
    details: Details,
    *,
    trust: Trust,
    key: SigningKey | None,
    case: CaseContent | None = None,
) -> ReportContext:
    """Return all that a report says."""
    return ReportContext(
        verification=verification,
        trust=trust,
        selftest=selftest,
        title=details.title,
        auditor=details.auditor,
        report_date=details.date,
        engagement=details.engagement,
        prepared_for=details.prepared_for,
        edition=details.edition,
        case=case,
        signer="" if key is None else key.subject,
        signer_certificate="" if key is None else key.fingerprint,
        signer_root="" if key is None else key.root_fingerprint,
    )


def require_unchanged(
    request: VerifyRequest, verification: Verification, *, progress: Progress, cancel: Cancel
) -> None:
    """Compare every source with the digest it had when it was verified (VERDICTS section 8).

    Raises:
        SourceError: one is gone, or its digest is another (``EVIDENCE_CHANGED``).
    """
    known = {(s.path, s.member): s.sha256 for s in verification.sources if s.sha256}
    now, _ = hashed(request, known.__contains__, progress=progress, cancel=cancel)
    gone = {(s.path, s.member) for s in verification.sources if _is_gone(s)}
    for place, digest in known.items():
        if place in gone and place not in now:
            continue  # the verification says so, and so does the report
        if now.get(place) != digest:
            name = place[0] if place[1] is None else " → ".join(filter(None, place))
            how = "changed after it was verified" if place in now else "is not where it was"
            error = SourceError(f"{name} {how}.", path=place[0])
            error.code = DiagnosisClass.EVIDENCE_CHANGED
            raise error


def _is_gone(source: SourceVerdict) -> bool:
    """Tell whether a verification found that a source of a case is not where it was."""
    return any(problem.code == ProblemCode.UNREADABLE for problem in source.problems)


def signers_in(file: Path, *, at: datetime) -> tuple[str, ...]:
    """Return the SHA-256 of each certificate in a file, to expect those signers and no others.

    Raises:
        SourceError: the file cannot be read or holds no certificate.
    """
    return tuple(anchor.fingerprint for anchor in load_trust([str(file)], at=at).anchors)


def check(
    file: Path,
    *,
    trust: Sequence[str],
    confirm: Sequence[str],
    expected: Sequence[str],
    at: datetime,
    evidence: Sequence[Path] = (),
    sha256: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> ReportVerdict:
    """Return what a reader should conclude from a report that somebody handed over.

    Args:
        file: the report.
        trust: ``[ROLE=]FILE`` each.
        confirm: fingerprints compared out of band.
        expected: signers that there must be, ``[ROLE=]SHA256`` each.
        at: time for which trust is judged.
        evidence: files and folders to hold against its manifest.
        sha256: digest of the file that the reader was told on another way, or "".
        progress: told how far the hashing of evidence is.
        cancel: stops it.

    Raises:
        SourceError: the file, a trust file or evidence cannot be read.
    """
    anchors = load_trust(trust, confirm=confirm, at=at)
    found = verify_report(report_at(file), anchors, expected=expected, display=file.name)
    if sha256:
        found = with_told_digest(found, sha256)
    if evidence and found.manifest is not None:
        request = VerifyRequest(tuple(evidence), at)
        rows = compared(
            found.manifest, request, progress=progress or Silent(), cancel=cancel or Cancel()
        )
        found = with_evidence(found, rows)
    return found
