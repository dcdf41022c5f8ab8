"""Verify evidence or a report without a case: what is asked in a call, as services want it."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.model.expectation import Expectation, Period
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.stated import digest_of, dimensions_of, end_of, period_of, time_of
from workbench.model.verification import Verification

if TYPE_CHECKING:
    from workbench.verify.report.verdict import ReportVerdict

PathText = str | os.PathLike[str]
#: One of a kind, or several: a text alone is not taken for a list of letters.
Several = PathText | Iterable[PathText]


def verify_evidence(
    *paths: PathText,
    trust: Several = (),
    confirm: Several = (),
    secrets: Several = (),
    threshold: int = 1,
    profile: PathText | None = None,
    period: str | Period | None = None,
    expect: Expectation | None = None,
    required: Several | None = None,
    at: str | datetime | None = None,
    anchors: Several = (),
    signatures: Several = (),
    artifact: PathText | None = None,
    recheck: bool = False,
) -> Verification:
    """Return the verdict of ``workbench verify`` on files, folders and archives.

    A bad file is a verdict in what is returned, never an exception. Nothing is kept.

    Args:
        paths: what to verify.
        trust: ``[ROLE=]FILE`` each: keys, certificates, revocation lists, trust stores.
        confirm: SHA-256 of trusted keys, compared out of band, as hex.
        secrets: ``[ID=]FILE`` each, for HMAC chains.
        threshold: how many trusted identities must have signed.
        profile: id or file of the chain profile to use.
        period: audit period, or ``"FROM..TO"``; dates mean whole UTC days.
        expect: what else you state: count of records, digest of the last one, who signed.
        required: dimensions that decide ``exit_code``; None: integrity, authenticity and
            completeness.
        at: time for which trust is judged (UTC where it names no zone); None: now.
        anchors: signed heads of logs that are not in ``paths``.
        signatures: signatures that are not in ``paths``.
        artifact: what the named signatures and anchors are about.
        recheck: judge again by the second, plain program, slowly, and compare.

    Raises:
        UsageError: what is asked for makes no sense as asked.
        SourceError: a path or a trust file cannot be read.
    """
    from workbench.services import verification

    request = request_of(
        paths_of(paths), trust, confirm, secrets, threshold, profile, period, expect, required, at
    )
    asked = replace(
        request,
        anchors=paths_of(anchors),
        signatures=paths_of(signatures),
        artifact=None if artifact is None else path_of(artifact),
        recheck=recheck,
    )
    return verification.verify(asked, progress=Silent(), cancel=Cancel())


def verify_report(
    report: PathText,
    *,
    trust: Several = (),
    confirm: Several = (),
    expect: Several = (),
    evidence: Several = (),
    sha256: str = "",
    at: str | datetime | None = None,
) -> "ReportVerdict":
    """Return the verdict of ``workbench verify-report`` on a signed report.

    Args:
        report: the PDF.
        trust: ``[ROLE=]FILE`` each: root certificates, revocation lists.
        confirm: SHA-256 of trusted keys, compared out of band, as hex.
        expect: signers that there must be, and no others: ``[ROLE=]SHA256`` of a certificate.
        evidence: files and folders to hash and hold against the report.
        sha256: digest of the file as you were told, or "".
        at: time for which trust is judged (UTC where it names no zone); None: now.

    Raises:
        NotASignedReport: it is no PDF, or nobody signed it.
        SourceError: the report, a trust file or evidence cannot be read.
        UsageError: what is asked for makes no sense as asked.
    """
    from workbench.services import reports

    return reports.check(
        path_of(report),
        trust=texts_of(trust),
        confirm=texts_of(confirm),
        expected=texts_of(expect),
        at=moment(at),
        evidence=paths_of(evidence),
        sha256=sha256,
        progress=Silent(),
        cancel=Cancel(),
    )


def request_of(
    paths: Sequence[Path],
    trust: Several,
    confirm: Several,
    secrets: Several,
    threshold: int,
    profile: PathText | None,
    period: str | Period | None,
    expect: Expectation | None,
    required: Several | None,
    at: str | datetime | None,
) -> VerifyRequest:
    """Return what is asked for, as services want it.

    Raises:
        UsageError: a part of it cannot be understood.
    """
    stated = expect or Expectation()
    origin = replace(stated.origin, digest=digest_of(stated.origin.digest, "digest"))
    stated = replace(stated, head=digest_of(stated.head, "head"), origin=origin)
    if profile is not None:
        stated = replace(stated, profile=os.fspath(profile))
    if period is not None:
        stated = replace(stated, period=period_of(period) if isinstance(period, str) else period)
    named = None if required is None else ",".join(texts_of(required))
    return VerifyRequest(
        paths=tuple(paths),
        at=moment(at),
        trust=texts_of(trust),
        confirm=texts_of(confirm),
        secrets=texts_of(secrets),
        threshold=threshold,
        expectation=stated,
        required=dimensions_of(named, "required"),
    )


def moment(time: str | datetime | None, *, last: bool = False) -> datetime:
    """Return an aware UTC time; a date is its first moment or its ``last``; None is now.

    Raises:
        UsageError: it is none.
    """
    text = time.isoformat() if isinstance(time, datetime) else time
    return end_of(text) if last and text is not None else time_of(text)


def texts_of(several: Several) -> tuple[str, ...]:
    """Return one or several as texts."""
    if isinstance(several, str | os.PathLike):
        return (os.fspath(several),)
    return tuple(os.fspath(each) for each in several)


def paths_of(several: Several) -> tuple[Path, ...]:
    """Return one or several as paths.

    Raises:
        UsageError: one of them is empty.
    """
    return tuple(map(path_of, texts_of(several)))


def path_of(path: PathText) -> Path:
    """Return a path; an empty one would be taken for the current folder.

    Raises:
        UsageError: it is empty.
    """
    if not os.fspath(path):
        raise UsageError("A path is empty: name a file or a folder (the current one is a dot).")
    return Path(path)
