"""Judge the time stamps in a report, and find by when each signature is proven to have been made.

A stamp proves that all before it existed (a proof of existence, EN 319 102-1 5.6.2.3). So they are
judged from the last backwards: what a later one proves decides for what time an earlier one is
judged. A stamp by a key that the signer keeps proves an order of things and no time: whoever holds
the key can set any clock.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workbench.model.report_signature import ORDER_ONLY_POLICY
from workbench.model.trust import Trust, TrustAnchor
from workbench.model.verdict import Code, Indication
from workbench.verify.keys.revocation_file import read_revocation
from workbench.verify.report.certificate import read_certificate
from workbench.verify.report.der import DerError
from workbench.verify.report.problem import Problem, undecided, wrong
from workbench.verify.report.token_form import certificates_of
from workbench.verify.report.verdict import Coverage, ReportStamp, Stamped
from workbench.verify.timestamp.judge import JudgedToken, judge_token

#: Returns the digest of what was stamped, by the name of a hash.
DigestOf = Callable[[str], bytes]

_STORED = "the report's own security store"


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    """A time stamp of a report.

    Attributes:
        row: what is said of it.
        judged: the token, judged; None where it has not the one form.
        path: DER certificates from its authority's to the anchor's; () where none was found.
    """

    row: ReportStamp
    judged: JudgedToken | None
    path: tuple[bytes, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether it is by somebody whom the reader trusts, over these bytes."""
        return self.row.indication is Indication.PASSED

    @property
    def stated(self) -> datetime | None:
        """Return not later than when it says that it was made, where it passed."""
        token = self.judged.token if self.judged else None
        return token.latest if token is not None and self.passed else None

    @property
    def proven(self) -> datetime | None:
        """Return not later than when what it is over existed, or None."""
        return None if self.row.order_only else self.stated


def with_stored(trust: Trust, revocations: Sequence[bytes]) -> Trust:
    """Return trust with the lists and responses of a report, believed only as to who signed."""
    found = [(der, read_revocation(der)) for der in revocations]
    anchors = tuple(
        TrustAnchor(
            name=f"{facts.kind} in {_STORED}",
            kind=facts.kind,
            role=None,
            fingerprint=hashlib.sha256(der).hexdigest(),
            key_fingerprint="",
            der=der,
            valid_from=facts.made,
            valid_to=facts.due,
        )
        for der, facts in found
        if facts is not None
    )
    return replace(trust, revocations=(*trust.revocations, *anchors))


def judge_stamp(
    token: bytes,
    digest_of: DigestOf,
    trust: Trust,
    *,
    field: str,
    over: Stamped,
    coverage: Coverage,
    stored: Sequence[bytes],
    known_at: datetime,
) -> JudgedStamp:
    """Judge a token.

    Args:
        token: DER of the token.
        digest_of: hashes what it is over.
        trust: whom the reader trusts; ``at`` is the time by which it is proven to have been there.
        field: field of the document.
        over: what it is over.
        coverage: how much of the file it covers.
        stored: certificates that the report holds.
        known_at: time for which the reader judges the report.
    """
    try:
        embedded = certificates_of(token)
    except DerError as error:
        reason = f"A time stamp is not in the one form that a report's has: {error}."
        return JudgedStamp(
            _row(wrong(Code.FORMAT_FAILURE, reason), None, field, over, coverage), None
        )
    judged = judge_token(token, digest_of, trust, certificates=stored)
    problem = _problem(judged, embedded, trust.at, known_at)
    return JudgedStamp(_row(problem, judged, field, over, coverage), judged, judged.path)


def out_of_order(stamps: Iterable[JudgedStamp]) -> Problem | None:
    """Find a stamp that states an earlier time than one that it is over (EN 319 102-1 5.6.3).

    Those that prove a time were held against each other when they were judged.
    """
    before: datetime | None = None
    for stamp in stamps:
        if stamp.judged is None or stamp.judged.token is None or not stamp.passed:
            continue
        token = stamp.judged.token
        if before is not None and token.latest < before:
            reason = (
                f"The time stamp of {stamp.row.authority} states {token.time:%Y-%m-%d %H:%M:%S}"
                " UTC, before one that it is over."
            )
            return undecided(Code.TIMESTAMP_ORDER_FAILURE, reason)
        before = token.time - token.accuracy
    return None


def claims_too_late(claimed: datetime | None, stated: datetime | None) -> Problem | None:
    """Find a signer who claims to have signed after the time stamp over the signature."""
    if claimed is None or stated is None or claimed <= stated + timedelta(minutes=5):
        return None
    reason = (
        f"The signer claims to have signed on {claimed:%Y-%m-%d %H:%M} UTC, after the time stamp"
        f" over that signature ({stated:%Y-%m-%d %H:%M} UTC)."
    )
    return undecided(Code.TIMESTAMP_ORDER_FAILURE, reason)


def _problem(
    judged: JudgedToken, embedded: Sequence[bytes], at: datetime, known_at: datetime
) -> Problem | None:
    if judged.token and at < judged.token.time <= known_at:
        reason = (
            f"The time stamp of {judged.signer} states {judged.token.time:%Y-%m-%d %H:%M} UTC, and"
            f" a later one over it {at:%Y-%m-%d %H:%M} UTC."
        )
        return undecided(Code.TIMESTAMP_ORDER_FAILURE, reason)
    if judged.indication is not Indication.PASSED:
        code = Code(judged.code or Code.SIG_CONSTRAINTS_FAILURE)
        who = judged.signer or "an unreadable authority"
        return Problem(judged.indication, code, f"The time stamp of {who}: {judged.why}")
    # What is not on the path that was judged, nobody vouches for (``token_form``).
    if not set(embedded) <= set(judged.path):
        reason = "A time stamp carries a certificate that is not on the path to whom you trust."
        return undecided(Code.SIG_CONSTRAINTS_FAILURE, reason)
    for der in judged.path:
        certificate = read_certificate(der)
        if at > certificate.last:
            reason = (
                f"The certificate of {certificate.name}, on which a time stamp rests, expired on"
                f" {certificate.last:%Y-%m-%d}, and no later time stamp was put over it in time."
            )
            return undecided(Code.OUT_OF_BOUNDS_NO_POE, reason)
    return None


def _row(
    problem: Problem | None,
    judged: JudgedToken | None,
    field: str,
    over: Stamped,
    coverage: Coverage,
) -> ReportStamp:
    token = judged.token if judged else None
    order_only = token is not None and token.policy == ORDER_ONLY_POLICY
    if problem is not None:
        reason = problem.reason
    elif order_only:
        reason = (
            f"Stamped by {judged.signer if judged else ''}, a key that the signers keep: it proves"
            " in which order things were signed, and no time."
        )
    else:
        reason = judged.why if judged else ""
    return ReportStamp(
        field=field,
        over=over,
        authority=judged.signer if judged else "",
        fingerprint=judged.fingerprint if judged else "",
        indication=problem.indication if problem else Indication.PASSED,
        code=problem.code.value if problem else None,
        reason=reason,
        time=token.time if token and problem is None else None,
        order_only=order_only,
        coverage=coverage,
        trusted_by=judged.trusted_by if judged and problem is None else "",
    )
