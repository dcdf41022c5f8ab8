"""The verification of a Sigstore bundle, step by step, with no network (client specification).

Steps: 1 read the signer's certificate; 2 establish when it was signed; 3 lead the certificate to
the trusted root at that time, and look for it in a certificate log; 4 hold its identity against
the auditor's word; 5 check the entry of the transparency log; 6 check the signature itself.

A failure is what disagrees with itself or with somebody whom the trusted root names. What is not
shown is open. An identity that the auditor did not pin is never more than open.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from cryptography import x509

from workbench.model.bundle import Bundle
from workbench.model.expectation import Origin
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import (
    Code,
    DimensionVerdict,
    Indication,
    SignatureVerdict,
    failed,
    indeterminate,
    passed,
    worst,
)
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.signable import Check, Judged, Signable, expected, usable_key, verifying
from workbench.verify.sigstore.certificate import judge_identity, judge_path, judge_transparency
from workbench.verify.sigstore.entry import judge_entries
from workbench.verify.sigstore.findings import Case, Found, Scratch
from workbench.verify.sigstore.times import find_times
from workbench.verify.trust.sigstore_root import trusted_root_of


def judge_bundle(
    bundle: Bundle,
    signables: Sequence[Signable],
    trust: Trust,
    origin: Origin,
    *,
    role: TrustRole,
    covers: str,
    scratch: Scratch,
) -> Judged:
    """Return what the signature of a bundle with a certificate is worth.

    Args:
        bundle: the bundle.
        signables: what its signature may be over.
        trust: whom the auditor trusts; of several trusted roots the best decides.
        origin: what the auditor states of the signer.
        role: what the signer must be trusted for.
        covers: what is signed, in words.
        scratch: where commands find the bundle.
    """
    certificate = read_certificate(bundle.certificates[0])
    if certificate is None:
        verdict = SignatureVerdict(Indication.FAILED, Code.FORMAT_FAILURE, covers=covers)
        return Judged(verdict, "The signer's certificate cannot be read.")
    cases = [
        Case(bundle, signables, trust, origin, trusted_root_of(anchor), anchor, scratch)
        for anchor in sorted(trust.roots, key=lambda a: (not a.serves(role), not a.counts))
    ]
    judged = [_judge(case, certificate, role, covers) for case in cases]
    return min(judged, key=lambda one: one.verdict.indication.severity)


def with_log(
    judged: Judged,
    bundle: Bundle,
    signables: Sequence[Signable],
    trust: Trust,
    *,
    role: TrustRole,
    scratch: Scratch,
) -> Judged:
    """Add what logs and authorities of a trusted root say to a signature by a bare key."""
    roots = [anchor for anchor in trust.roots if anchor.serves(role)]
    if judged.check is None or not (bundle.entries or bundle.timestamps) or not roots:
        return judged
    anchor = roots[0]
    root = trusted_root_of(anchor)
    case = Case(bundle, signables, trust, Origin(), root, anchor, scratch)
    found = Found()
    find_times(case, found)
    judge_entries(case, judged.check.der, found)
    return replace(
        judged,
        protection=tuple(found.protection),
        time=_time(found, counts=anchor.counts),
        logged=found.logged,
        steps=tuple(found.steps),
        notes=tuple(dict.fromkeys((*(why for _, why in found.who), *found.notes))),
    )


def _judge(case: Case, certificate: x509.Certificate, role: TrustRole, covers: str) -> Judged:
    found = Found()
    find_times(case, found)
    path = judge_path(case, certificate, found)
    judge_transparency(case, certificate, path, found)
    identity, issuer = judge_identity(case, certificate, role, found)
    judge_entries(case, case.bundle.certificates[0], found)
    key = usable_key(certificate.public_key())
    check = None if key is None else verifying(key, case.bundle.signature, case.signables)
    if key is None:
        why = "The key of the certificate is too weak, or of no kind used here."
        found.who.append((indeterminate(Code.CRYPTO_CONSTRAINTS_FAILURE), why))
    elif check is None:
        part = failed if found.reached else indeterminate
        why = "It does not verify with its certificate: what was signed is something else."
        found.who.append((part(Code.SIG_CRYPTO_FAILURE), why))
        check = expected(key)
    found.who += _of_root(case.anchor, role)
    return _judged(case, found, check, f"{identity}", issuer, covers)


def _of_root(anchor: TrustAnchor, role: TrustRole) -> list[tuple[DimensionVerdict, str]]:
    """Return what keeps a trusted root from vouching."""
    if not anchor.serves(role):
        why = f"The auditor trusts {anchor.name} for something else ({anchor.role})."
        return [(indeterminate(Code.ROLE_MISMATCH), why)]
    if not anchor.counts:
        why = f"{anchor.name} also lies in the evidence ({anchor.found_in})."
        return [(indeterminate(Code.SELF_SUPPLIED_KEY), why)]
    return []


def _judged(
    case: Case, found: Found, check: Check | None, identity: str, issuer: str, covers: str
) -> Judged:
    ordered = sorted(found.who, key=lambda pair: -pair[0].indication.severity)
    part, why = ordered[0] if ordered else (passed(), "")
    time = _time(found, counts=case.anchor.counts)
    verdict = SignatureVerdict(
        part.indication,
        part.code,
        signer=identity,
        fingerprint=hashlib.sha256(case.bundle.certificates[0]).hexdigest(),
        trusted_by=case.anchor.name if found.reached else "",
        time=min((at for at, _ in found.times), default=None) if not part.code else None,
        covers=covers,
    )
    good = check is not None and check.verifies
    by = f"Verifies with the certificate of {identity}, vouched for by {issuer or 'nobody'}."
    return Judged(
        verdict,
        why=why or by,
        identity="" if part.code else f"{issuer} {identity}",
        check=check,
        holds=good,
        protection=tuple(found.protection),
        time=time,
        logged=found.logged,
        steps=tuple(found.steps),
        notes=tuple(dict.fromkeys((*(reason for _, reason in ordered[1:]), *found.notes))),
    )


def _time(found: Found, *, counts: bool) -> DimensionVerdict:
    """Return since when at the latest it was signed: of several times, the first."""
    bad = [part for part in found.bad_times if part.indication is Indication.FAILED]
    if not found.times or bad:
        return worst(found.bad_times, empty=Code.NO_TRUSTED_TIME)
    if not counts:
        return indeterminate(Code.SELF_SUPPLIED_KEY)
    return passed(min(found.times)[1])
