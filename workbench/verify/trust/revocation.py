"""Whether a certificate was revoked, by the lists and responses that the auditor brought.

RFC 5280 6.3 and RFC 6960 3.2, offline. What holds here:

* a list counts only if whoever issued the certificate signed it, or, for an OCSP response, somebody
  to whom the issuer gave that right (4.2.2.2); what nobody vouches for says nothing;
* what limits a list (some reasons, another's certificates, changes only) and is not processed here
  makes it say nothing, so that it can neither hide nor invent a revocation;
* that a certificate is on no list is known up to the moment at which the newest list was made.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ReasonFlags, ocsp
from cryptography.x509.oid import CRLEntryExtensionOID, ExtendedKeyUsageOID, ExtensionOID

from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.public import PublicKey, verify_signature
from workbench.verify.keys.revocation import names_of_certificate, revoked
from workbench.verify.keys.revocation_file import UNREADABLE, parsed
from workbench.verify.keys.rsa_padding import RsaScheme, pss_of
from workbench.verify.keys.strength import weakness_of

#: Reasons with which a retired key stays good for what it signed before (RFC 3161 4, 1 and 2).
KEY_STAYS_GOOD = frozenset(
    {
        ReasonFlags.unspecified,
        ReasonFlags.affiliation_changed,
        ReasonFlags.superseded,
        ReasonFlags.cessation_of_operation,
    }
)
_BY_NAME: dict[str, hashes.HashAlgorithm] = {
    known.name: known for known in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
}
_STRONG = frozenset(_BY_NAME)
#: Critical extensions of lists that bind nobody here.
_PROCESSED = {ExtensionOID.CRL_NUMBER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER}


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate is revoked.

    Attributes:
        since: from when on it must not be trusted, aware UTC.
        reason: why, or None where nothing says so.
        source: name of the list.
    """

    since: datetime
    reason: ReasonFlags | None
    source: str


@dataclass(frozen=True, slots=True)
class NotRevoked:
    """A certificate was not revoked when a list was made.

    Attributes:
        made: when that was, aware UTC.
        due: when the next list was due, aware UTC, or None.
        source: name of the list.
    """

    made: datetime
    due: datetime | None
    source: str

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether the list says so of ``moment``: made later, or still in its own life."""
        return moment <= self.made or (self.due is not None and moment <= self.due)


Standing = Revoked | NotRevoked


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is known about revocation.

    Attributes:
        brought: CRLs and OCSP responses of the auditor.
        of_timestamps: the signature is a timestamp's, for which RFC 3161 section 4 has rules of
            its own: an authority that lost its key takes every timestamp with it.
    """

    brought: Sequence[TrustAnchor] = ()
    of_timestamps: bool = False


NO_REVOCATION = Revocation()


def standing_of(
    certificate: x509.Certificate, issuer: x509.Certificate, brought: Sequence[TrustAnchor]
) -> Standing | None:
    """Return what the lists say of a certificate, or None where none of them speaks of it.

    A revocation counts, however old the list; of lists without one the newest.
    """
    found = [item for anchor in brought for item in _said_by(anchor, certificate, issuer)]
    revoked = [item for item in found if isinstance(item, Revoked)]
    if revoked:
        return min(revoked, key=lambda item: (item.since, item.reason in KEY_STAYS_GOOD))
    good = [item for item in found if isinstance(item, NotRevoked)]
    return max(good, key=lambda item: item.made, default=None)


def _said_by(
    anchor: TrustAnchor, certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[Standing]:
    if anchor.kind is AnchorKind.KEY_REVOCATIONS:
        if found := revoked(lambda: names_of_certificate(certificate), [anchor]):
            yield Revoked(found[0].since, None, anchor.name)
        return
    try:
        match parsed(anchor.der):
            case x509.CertificateRevocationList() as crl:
                yield from _said_by_list(anchor.name, crl, certificate, issuer)
            case ocsp.OCSPResponse() as response:
                yield from _said_by_response(anchor.name, response, certificate, issuer)
            case None:
                return
    except (*UNREADABLE, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return  # a value that is parsed only when asked for, and is none


def _said_by_list(
    name: str,
    crl: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> Iterator[Standing]:
    if crl.issuer != certificate.issuer or not _covers(crl, certificate):
        return
    if not _may_sign_lists(issuer) or not _is_by(issuer, crl):
        return
    entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None:
        yield NotRevoked(crl.last_update_utc, crl.next_update_utc, name)
        return
    reason = _reason(entry)
    if reason is not ReasonFlags.remove_from_crl:
        yield Revoked(_since(entry), reason, name)


def _covers(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Tell whether a list is about all revocations of such certificates (RFC 5280 5.2.5)."""
    for extension in crl.extensions:
        if extension.oid == ExtensionOID.DELTA_CRL_INDICATOR:
            return False
        if extension.oid == ExtensionOID.ISSUING_DISTRIBUTION_POINT:
            if not _is_for(extension.value, certificate):
                return False
        elif extension.critical and extension.oid not in _PROCESSED:
            return False
    return True


def _is_for(point: x509.ExtensionType, certificate: x509.Certificate) -> bool:
    if not isinstance(point, x509.IssuingDistributionPoint):
        return False
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
        return False
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        authority = basic.ca
    except x509.ExtensionNotFound:
        authority = False
    return not (point.only_contains_user_certs if authority else point.only_contains_ca_certs)


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _is_by(issuer: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
    key = issuer.public_key()
    if not isinstance(key, PublicKey) or weakness_of(key):
        return False
    # The library reads how it is padded from the list itself (RFC 4055 3.1).
    return _is_strong(crl.signature_hash_algorithm) and crl.is_signature_valid(key)


def _is_strong(algorithm: hashes.HashAlgorithm | None) -> bool:
    """Tell whether a hash binds; Ed25519 names none."""
    return algorithm is None or algorithm.name in _STRONG


def _is_response_by(key: PublicKey, response: ocsp.OCSPResponse) -> bool:
    from asn1crypto import ocsp as asn1_ocsp  # type: ignore[import-untyped]  # it ships no types

    der, data = response.public_bytes(Encoding.DER), response.tbs_response_bytes
    basic = asn1_ocsp.OCSPResponse.load(der)["response_bytes"]["response"].parsed
    padded = pss_of(basic["signature_algorithm"])
    if padded is None:
        algorithm = response.signature_hash_algorithm
        return _is_strong(algorithm) and verify_signature(key, response.signature, data, algorithm)
    known = _BY_NAME.get(padded.hash_name)
    if known is None or padded.mask_name != padded.hash_name:
        return False
    how = RsaScheme.PSS
    return verify_signature(key, response.signature, data, known, scheme=how, salt=padded.salt)


def _reason(entry: x509.RevokedCertificate) -> ReasonFlags | None:
    try:
        found = entry.extensions.get_extension_for_oid(CRLEntryExtensionOID.CRL_REASON).value
    except x509.ExtensionNotFound:
        return None
    return found.reason if isinstance(found, x509.CRLReason) else None


def _since(entry: x509.RevokedCertificate) -> datetime:
    """Return from when on a key may have been another's, where the list says so (5.3.2)."""
    try:
        found = entry.extensions.get_extension_for_oid(CRLEntryExtensionOID.INVALIDITY_DATE).value
    except x509.ExtensionNotFound:
        return entry.revocation_date_utc
    if not isinstance(found, x509.InvalidityDate):
        return entry.revocation_date_utc
    return min(found.invalidity_date.replace(tzinfo=UTC), entry.revocation_date_utc)


def _said_by_response(
    name: str,
    response: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> Iterator[Standing]:
    answers = [one for one in response.responses if _is_about(one, certificate, issuer)]
    responder = _responder(response, issuer) if answers else None
    if responder is None:
        return
    if not _is_response_by(responder, response):
        return
    for one in answers:
        if one.certificate_status is ocsp.OCSPCertStatus.GOOD:
            yield NotRevoked(one.this_update_utc, one.next_update_utc, name)
        elif one.certificate_status is ocsp.OCSPCertStatus.REVOKED:
            since = one.revocation_time_utc or one.this_update_utc
            yield Revoked(since, one.revocation_reason, name)


def _is_about(
    answer: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    """Tell whether an answer is about this certificate of this issuer (RFC 6960 4.1.1)."""
    name = answer.hash_algorithm.name
    if answer.serial_number != certificate.serial_number or name not in {"sha1", *_STRONG}:
        return False
    digests = (_digest(name, issuer.subject.public_bytes()), _digest(name, _key_bits(issuer)))
    return digests == (answer.issuer_name_hash, answer.issuer_key_hash)


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _key_bits(certificate: x509.Certificate) -> bytes:
    """Return the key as the BIT STRING of its SubjectPublicKeyInfo has it, without unused bits."""
    key = certificate.public_key()
    if isinstance(key, PublicKey):
        from asn1crypto import keys

        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return bytes(keys.PublicKeyInfo.load(spki)["public_key"].contents[1:])
    return b""


def _responder(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> PublicKey | None:
    """Return the key of whoever may answer: the issuer, or whom the issuer let (4.2.2.2)."""
    for certificate in (issuer, *response.certificates[:8]):
        key = certificate.public_key()
        if (
            not isinstance(key, PublicKey)
            or weakness_of(key)
            or not _is_called(response, key, certificate)
        ):
            continue
        if certificate == issuer or _is_delegate(certificate, issuer, response.produced_at_utc):
            return key
    return None


def _is_called(response: ocsp.OCSPResponse, key: PublicKey, certificate: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return response.responder_name == certificate.subject
    return response.responder_key_hash == _digest("sha1", _key_bits(certificate))


def _is_delegate(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """Tell whether the issuer itself gave a certificate the right to answer for it."""
    if read_certificate(certificate.public_bytes(Encoding.DER)) is None:
        return False
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return False
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        certificate.verify_directly_issued_by(issuer)
    except (*UNREADABLE, x509.ExtensionNotFound, InvalidSignature, UnsupportedAlgorithm):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def told(name: str, found: Standing | None, at: datetime) -> str:
    """Say what is known about the revocation of whom ``name`` names, for a time."""
    match found:
        case None:
            return f"Nothing that was brought says whether {name} was revoked."
        case Revoked(since=since, source=source):
            return f"{name} was revoked only later, on {since:%Y-%m-%d %H:%M} UTC ({source})."
        case NotRevoked(made=made, source=source) if found.holds_at(at):
            return f"{name} is not revoked ({source} of {made:%Y-%m-%d %H:%M} UTC)."
        case NotRevoked(made=made, source=source):
            return (
                f"{name} was not revoked up to {made:%Y-%m-%d %H:%M} UTC ({source}, which is out "
                "of date); what came later is not known."
            )
