"""Sign a report: PAdES baseline (ETSI EN 319 142-1), the auditor first, then the reviewer.

What holds here:

* the auditor's signature is a certification: after it, only signatures and time stamps may come;
* a signature covers the whole file, and signing adds nothing else to it: no new metadata;
* a key that ``verify-report`` would not accept does not sign;
* nothing is fetched: what is embedded was given.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.errors import SigningError
from workbench.model.report_signature import (
    CURVES,
    DOCUMENT_PURPOSES,
    LEAD_AUDITOR_FIELD,
    MINIMUM_RSA_BITS,
)
from workbench.sign.cms import detached, has_time_stamp, room_for, signature_of, with_time_stamp
from workbench.sign.keys import SigningKey, belongs
from workbench.sign.revision import (
    Material,
    Prepared,
    Said,
    last_hole,
    prepare_signature,
    prepare_stamp,
)
from workbench.sign.time_stamp import Stamper, imprint_of, query, taken_in

#: Room for a token of an authority that is not known yet: those of public ones have 3 to 8 KB.
#: What is left over is written as zeros.
TOKEN_ROOM = 12 * 1024
_SPARE = 64

_NOTHING = Material()


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes a signature last.

    Attributes:
        material: what shows that certificates were good, for level B-LT.
        stamper: stamps the signature, for level B-T, or None.
        room: keep room for a time stamp that comes later by file.
    """

    material: Material = _NOTHING
    stamper: Stamper | None = None
    room: bool = False


def sign_report(
    pdf: bytes,
    key: SigningKey,
    *,
    reason: str,
    location: str | None = None,
    at: datetime | None = None,
    field: str = LEAD_AUDITOR_FIELD,
    proof: Proof | None = None,
    drawing: bytes | None = None,
) -> bytes:
    """Return ``pdf`` with a signature appended; the lead auditor's is a certification.

    Args:
        pdf: the report; for a reviewer, with the auditor's signature.
        key: private key with its certificate and chain; see ``load_signing_key``.
        reason: what the signature means, shown by viewers (21 CFR 11.50).
        location: where it is signed, or None.
        at: claimed time of signing, aware; None: now. It is a claim: nobody vouches for it.
        field: field of the signature.
        proof: what makes it last, or None for level B-B.
        drawing: one page of PDF that shows name, time and meaning, or None for none.

    Raises:
        SigningError: the key may not sign a report, or the file is no PDF that can be signed.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    certificate = _require_certificate(key)
    _require_strong(certificate)
    _require_purpose(certificate)
    _require_valid(certificate, moment)
    asked = proof or Proof()
    room = room_for(key) + _SPARE + (TOKEN_ROOM if asked.room or asked.stamper else 0)
    said = Said(key.name, reason, location, moment, drawing)
    prepared = prepare_signature(pdf, field, said, reserved=room, material=asked.material)
    cms = detached(prepared.digest, key)
    if asked.stamper is not None:
        cms = with_time_stamp(cms, asked.stamper(_sha256(signature_of(cms))))
    return prepared.filled(cms)


def stamp_report(pdf: bytes, stamper: Stamper, *, material: Material = _NOTHING) -> bytes:
    """Return a signed report with a time stamp over all of it: level B-LTA, or its renewal.

    Raises:
        SigningError: the file is no signed report, or nobody stamps it.
    """
    prepared = _room_for_archive(pdf, material)
    return prepared.filled(stamper(prepared.digest))


def query_for(pdf: bytes, *, archive: bool, material: Material = _NOTHING) -> bytes:
    """Return a query for a time stamp: over the last signature, or over the whole report.

    Raises:
        SigningError: the file is no signed report, or its last signature has no room.
    """
    if archive:
        return query(_room_for_archive(pdf, material).digest)
    hole = last_hole(pdf)
    cms, free = _held(hole)
    if free < TOKEN_ROOM or has_time_stamp(cms):
        raise SigningError(
            "The last signature kept no room for a time stamp: ask for one over the whole report."
        )
    return query(_sha256(signature_of(cms)))


def with_answer(
    pdf: bytes, reply: bytes, *, material: Material = _NOTHING, more: tuple[bytes, ...] = ()
) -> bytes:
    """Return a report with the answer to a query of ``query_for`` put in, wherever it belongs.

    Raises:
        SigningError: the answer is about something else, or has no form that can be put in.
    """
    imprint = imprint_of(reply)
    hole = last_hole(pdf)
    cms, free = _held(hole)
    if free >= TOKEN_ROOM and not has_time_stamp(cms) and imprint == _sha256(signature_of(cms)):
        return hole.filled(with_time_stamp(cms, taken_in(reply, imprint, more=more)))
    prepared = _room_for_archive(pdf, material)
    return prepared.filled(taken_in(reply, prepared.digest, more=more))


def _room_for_archive(pdf: bytes, material: Material) -> Prepared:
    return prepare_stamp(pdf, reserved=TOKEN_ROOM, material=material)


def _held(hole: Prepared) -> tuple[bytes, int]:
    """Return the CMS in a hole, and how many bytes behind it are free."""
    held = hole.held
    size = 2 + held[1] if held[1] < 0x80 else _long_size(held)
    return held[:size], len(held) - size


def _long_size(held: bytes) -> int:
    octets = held[1] & 0x7F
    return 2 + octets + int.from_bytes(held[2 : 2 + octets], "big")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _require_certificate(key: SigningKey) -> x509.Certificate:
    if key.certificate is None:
        raise SigningError("A report is signed with a certificate, and this key comes without one.")
    if not belongs(key.certificate, key.private_key.public_key()):
        raise SigningError("The certificate belongs to another key than the one given.")
    return key.certificate


def _require_strong(certificate: x509.Certificate) -> None:
    match certificate.public_key():
        case EllipticCurvePublicKey(curve=curve) if curve.name in CURVES:
            return
        case RSAPublicKey(key_size=bits) if bits >= MINIMUM_RSA_BITS:
            return
    raise SigningError(
        f"A report is signed with ECDSA P-256 or P-384, or RSA of {MINIMUM_RSA_BITS} bits or more."
    )


def _require_purpose(certificate: x509.Certificate) -> None:
    """Check key usage and extended key usage (RFC 5280 4.2.1.3, 4.2.1.12)."""
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        raise SigningError("The certificate does not say that it may sign documents.") from None
    if not (usage.digital_signature or usage.content_commitment):
        raise SigningError("The certificate may not sign (key usage).")
    if not DOCUMENT_PURPOSES & {purpose.dotted_string for purpose in purposes}:
        raise SigningError("The certificate may not sign documents (extended key usage).")


def _require_valid(certificate: x509.Certificate, moment: datetime) -> None:
    if moment < certificate.not_valid_before_utc:
        raise SigningError(
            f"The certificate is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}."
        )
    if moment > certificate.not_valid_after_utc:
        raise SigningError(
            f"The certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}."
        )
