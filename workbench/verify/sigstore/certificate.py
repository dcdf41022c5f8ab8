"""The signer's certificate: its path, its timestamp in a certificate log, its identity.

Sigstore client specification, certificate; RFC 5280 6.1; RFC 6962 3.2; Fulcio's object identifiers.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import core  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.certificate_transparency import SignedCertificateTimestamp

from workbench.model.trust import TrustRole
from workbench.model.verdict import Code, Indication, Step, indeterminate
from workbench.verify.by_hand import because
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.life import Limit
from workbench.verify.keys.public import spki_of, verify_signature
from workbench.verify.keys.signable import load_key
from workbench.verify.sigstore.commands import of_path
from workbench.verify.sigstore.findings import Case, Found
from workbench.verify.sigstore.times import authority_anchor
from workbench.verify.trust.identity import limits_of
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import PathVerdict, validate_path

_ISSUER_2 = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_ISSUER_1 = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_OTHER_NAME = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7")
#: How the library says that an extension cannot be read.
_UNREADABLE = (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def judge_path(case: Case, certificate: x509.Certificate, found: Found) -> tuple[bytes, ...]:
    """Ask for a path to an authority of the root, valid at every trusted time."""
    times = [at for at, _ in found.times]
    verdicts = [_path_at(case, at) for at in times]
    if not times:
        why = "Nobody trusted says when it was signed, and its certificate is short-lived."
        found.who.append((indeterminate(Code.OUT_OF_BOUNDS_NO_POE), why))
        verdicts = [_path_at(case, certificate.not_valid_before_utc)]
    elif bad := [v for v in verdicts if v.indication is not Indication.PASSED]:
        found.who.append(
            (indeterminate(bad[0].code or Code.NO_CERTIFICATE_CHAIN_FOUND), bad[0].reason)
        )
    if any(_is_root(der) for der in case.bundle.certificates[1:]):
        why = "The bundle brings a root certificate along, which the specification forbids."
        found.who.append((indeterminate(Code.CHAIN_CONSTRAINTS_FAILURE), why))
    first = verdicts[0]
    found.reached = any(v.anchor is not None for v in verdicts)
    good = bool(times) and all(v.indication is Indication.PASSED for v in verdicts)
    found.steps.append(
        Step(
            "RFC 5280 6.1; Sigstore client specification, certificate",
            "Look for a path from the signer's certificate to the trusted root, valid when signed.",
            first.reason,
            *of_path(case.scratch, first.path, times[0] if times else None, good=good),
        )
    )
    return first.path


def _path_at(case: Case, at: datetime) -> PathVerdict:
    """Return the path to an authority that is trusted at a time."""
    leaf, *pool = case.bundle.certificates
    good = [a for a in case.root.authorities if a.window.holds(at)]
    anchors = [authority_anchor(case, a, TrustRole.CA) for a in good]
    between = [der for a in good for der in a.chain[:-1]]
    # With hostile bundles the pool is bounded by the reader of bundles and by the search.
    return validate_path(
        leaf,
        [*between, *pool],
        anchors,
        at=at,
        revocation=Revocation(case.trust.revocations),
        algorithms_at=case.trust.at,
    )


def _is_root(der: bytes) -> bool:
    certificate = read_certificate(der)
    return certificate is not None and certificate.subject == certificate.issuer


def judge_transparency(
    case: Case, certificate: x509.Certificate, path: tuple[bytes, ...], found: Found
) -> None:
    """Ask for a timestamp of a certificate log that the root names (RFC 6962 3.2)."""
    why = _why_not_logged(case, certificate, path)
    if why:
        found.who.append((indeterminate(Code.NOT_IN_LOG), why))
    found.steps.append(
        Step(
            "RFC 6962 3.2",
            "Check the timestamp of a certificate log inside the certificate (SCT).",
            why or "It verifies with the key of a log that the trusted root names.",
            because("No command: the signed structure holds the certificate without its SCTs."),
        )
    )


def _why_not_logged(case: Case, certificate: x509.Certificate, path: tuple[bytes, ...]) -> str:
    if len(path) < 2:
        return "Without a path the issuer's key, which a certificate log signs too, is not known."
    try:
        kind = x509.PrecertificateSignedCertificateTimestamps
        stamps = list(certificate.extensions.get_extension_for_class(kind).value)
    except (*_UNREADABLE, x509.ExtensionNotFound):
        return "The certificate holds no timestamp of a certificate log."
    issuer = read_certificate(path[1])
    if issuer is None or not any(_verifies_sct(case, certificate, issuer, s) for s in stamps):
        return "No certificate log that the trusted root names has signed the certificate."
    return ""


def _verifies_sct(
    case: Case,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    stamp: SignedCertificateTimestamp,
) -> bool:
    """Tell whether a log signed the certificate as it was before it got its timestamps."""
    at = stamp.timestamp.replace(tzinfo=case.trust.at.tzinfo)
    logs = [
        log
        for log in case.root.certificate_logs
        if log.log_id == stamp.log_id and log.window.holds(at)
    ]
    signed = certificate.tbs_precertificate_bytes
    extensions = stamp.extension_bytes
    # RFC 6962 3.2: version 1, certificate_timestamp, milliseconds, precert_entry.
    milliseconds = int(stamp.timestamp.replace(tzinfo=case.trust.at.tzinfo).timestamp() * 1000)
    message = b"".join(
        (
            b"\x00\x00",
            milliseconds.to_bytes(8, "big"),
            b"\x00\x01",
            hashlib.sha256(spki_of(issuer.public_key())).digest(),
            len(signed).to_bytes(3, "big"),
            signed,
            len(extensions).to_bytes(2, "big"),
            extensions,
        )
    )
    keys = [key for key in (load_key(log.key) for log in logs) if key is not None]
    return any(verify_signature(key, stamp.signature, message, hashes.SHA256()) for key in keys)


def identities_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names of the signer: subject alternative names, as texts."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (*_UNREADABLE, x509.ExtensionNotFound):
        return ()
    found: list[str] = []
    for name in names:
        match name:
            case x509.UniformResourceIdentifier() | x509.RFC822Name() | x509.DNSName():
                found.append(name.value)
            case x509.OtherName() if name.type_id == _OTHER_NAME:
                found.append(_utf8(name.value))
    return tuple(filter(None, found))


def issuer_of(certificate: x509.Certificate) -> str:
    """Return who vouched for the identity, as Fulcio writes it down."""
    for oid, read in ((_ISSUER_2, _utf8), (_ISSUER_1, _plain)):
        try:
            value = certificate.extensions.get_extension_for_oid(oid).value
        except (*_UNREADABLE, x509.ExtensionNotFound):
            continue
        if isinstance(value, x509.UnrecognizedExtension):
            return read(value.value)
    return ""


def _plain(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _utf8(data: bytes) -> str:
    try:
        return str(core.UTF8String.load(data, strict=True).native)
    except (ValueError, TypeError):
        return ""


def judge_identity(
    case: Case, certificate: x509.Certificate, role: TrustRole, found: Found
) -> tuple[str, str]:
    """Ask whether the signer is who the auditor says; return identity and issuer."""
    names, issuer = identities_of(certificate), issuer_of(certificate)
    wanted = case.origin
    stated = wanted.identity is not None or wanted.issuer is not None
    name = wanted.identity if wanted.identity in names else ", ".join(names)
    shown = f"{name or 'nobody'}, vouched for by {issuer or 'nobody'}"
    judge = _against_words if stated or not case.trust.identities else _against_store
    limit = judge(case, names, issuer, role, found)
    result = f"It is {shown}, as the auditor says."
    if limit is not None:
        result = f"It is by {shown}. {limit[1]}"
        found.who.append((indeterminate(limit[0]), result))
    found.steps.append(
        Step(
            "Sigstore client specification, certificate; RFC 5280 4.2.1.6",
            "Read the identity in the certificate, and who vouched for it.",
            result,
            because("No command: openssl x509 -ext subjectAltName shows it (file .leaf above)."),
        )
    )
    return name or "nobody", issuer


def _against_words(
    case: Case, names: Sequence[str], issuer: str, _role: TrustRole, _found: Found
) -> Limit | None:
    """Hold an identity against what the auditor states for this verification."""
    wanted = case.origin
    if wanted.identity is None or wanted.issuer is None:
        missing = "--identity" if wanted.identity is None else "--issuer"
        return Code.IDENTITY_NOT_PINNED, f"Say with {missing} whom it must be by."
    if wanted.identity in names and wanted.issuer == issuer:
        return None
    why = f"It must be by {wanted.identity}, vouched for by {wanted.issuer}."
    return Code.SIG_CONSTRAINTS_FAILURE, why


def _against_store(
    case: Case, names: Sequence[str], issuer: str, role: TrustRole, found: Found
) -> Limit | None:
    """Hold an identity against those that the auditor trusts; of several the best counts."""
    times = [at for at, _ in found.times]
    limits = [limit for _, limit in limits_of(names, issuer, case.trust, role, times)]
    if not limits:
        return Code.SIG_CONSTRAINTS_FAILURE, "The auditor trusts other identities than this one."
    return None if None in limits else limits[0]
