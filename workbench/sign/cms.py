"""Write the one form of CMS that a signature on a report has (ETSI EN 319 142-1 6.3, RFC 5652).

Nothing in it has two spellings, so that whoever verifies can refuse every other: definite lengths,
certificates in order, each of them named by a signed digest, no time that the signer claims among
what is signed (``verify.report``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from workbench.errors import SigningError
from workbench.sign.der import (
    CONTEXT_0,
    CONTEXT_1,
    OCTET_STRING,
    SEQUENCE,
    SET,
    element,
    integer,
    null,
    oid,
    set_of,
    utc_time,
)
from workbench.sign.keys import SigningKey

_SIGNED_DATA, _DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
SHA256 = element(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"), null())
_ECDSA_WITH_SHA256 = element(SEQUENCE, oid("1.2.840.10045.4.3.2"))  # RFC 5758 3.2
_SHA256_WITH_RSA = element(SEQUENCE, oid("1.2.840.113549.1.1.11"), null())  # RFC 4055 5


def issuers(
    certificate: x509.Certificate, chain: Iterable[x509.Certificate]
) -> Iterator[x509.Certificate]:
    """Yield the issuers of a certificate from ``chain``, upwards: no root, nothing else of it.

    A reader who trusts the root has it already; one who does not must not get it from us.
    """
    by_subject = {issuer.subject: issuer for issuer in chain if issuer.subject != issuer.issuer}
    while issuer := by_subject.pop(certificate.issuer, None):
        yield issuer
        certificate = issuer


def detached(digest: bytes, key: SigningKey, *, at: datetime | None = None) -> bytes:
    """Return the detached CMS over the SHA-256 ``digest`` of a document.

    Args:
        digest: what is signed.
        key: who signs.
        at: time of signing as the signer claims it: CAdES asks for it among what is signed
            (EN 319 122-1 6.3), PAdES forbids it there.

    Raises:
        SigningError: the key comes without a certificate, or does not sign.
    """
    certificates = _path(key)
    attributes = _attributes(_DATA, digest, certificates, at=at)
    signature = key.sign_sha256(attributes)
    return _signed_data(1, element(SEQUENCE, oid(_DATA)), attributes, certificates, key, signature)


def room_for(key: SigningKey) -> int:
    """Return how many bytes ``detached`` gives at most; nothing is signed to find out."""
    certificates = _path(key)
    attributes = _attributes(_DATA, bytes(32), certificates)
    signature, content = bytes(key.signature_room), element(SEQUENCE, oid(_DATA))
    return len(_signed_data(1, content, attributes, certificates, key, signature))


def time_stamp(info: bytes, key: SigningKey) -> bytes:
    """Return a time-stamp token with a TSTInfo by a key of one's own (RFC 3161, RFC 5816)."""
    certificates = _path(key)
    attributes = _attributes(TST_INFO, hashlib.sha256(info).digest(), certificates)
    signature = key.sign_sha256(attributes)
    return _signed_data(3, stamped(info), attributes, certificates, key, signature)


def stamped(info: bytes) -> bytes:
    """Return the EncapsulatedContentInfo of a TSTInfo."""
    return element(SEQUENCE, oid(TST_INFO), element(CONTEXT_0, element(OCTET_STRING, info)))


def _attributes(
    kind: str, digest: bytes, certificates: Sequence[bytes], *, at: datetime | None = None
) -> bytes:
    """Return the attributes as they are signed: with the tag of a SET OF (RFC 5652 5.4)."""
    claimed = [] if at is None else [attribute(_SIGNING_TIME, utc_time(at))]
    return set_of(
        (
            *claimed,
            attribute(_CONTENT_TYPE, oid(kind)),
            attribute(_MESSAGE_DIGEST, element(OCTET_STRING, digest)),
            attribute(_SIGNING_CERTIFICATE_V2, _named(certificates)),
        )
    )


def _signed_data(
    version: int,
    encapsulated: bytes,
    attributes: bytes,
    certificates: Sequence[bytes],
    key: SigningKey,
    signature: bytes,
) -> bytes:
    """Return a ContentInfo whose one signer is ``certificates[0]`` (RFC 5652 5.1, 5.3)."""
    signer = element(
        SEQUENCE,
        integer(1),
        issuer_and_serial(certificates[0]),
        SHA256,
        bytes([CONTEXT_0]) + attributes[1:],
        _SHA256_WITH_RSA if key.is_rsa else _ECDSA_WITH_SHA256,
        element(OCTET_STRING, signature),
    )
    return content_info(version, SHA256, encapsulated, certificates, signer)


def content_info(
    version: int, digest: bytes, encapsulated: bytes, certificates: Iterable[bytes], signer: bytes
) -> bytes:
    """Put the parts of a SignedData with one signer together."""
    data = element(
        SEQUENCE,
        integer(version),
        element(SET, digest),
        encapsulated,
        set_of(certificates, CONTEXT_0),
        element(SET, signer),
    )
    return element(SEQUENCE, oid(_SIGNED_DATA), element(CONTEXT_0, data))


def with_time_stamp(cms: bytes, token: bytes) -> bytes:
    """Return a CMS of ours with a time stamp over its signature (EN 319 122-1 5.3: level B-T).

    Raises:
        SigningError: it has unsigned attributes already.
    """
    from asn1crypto import cms as asn1_cms  # type: ignore[import-untyped]  # it ships no types

    data = asn1_cms.ContentInfo.load(cms)["content"]
    (signer,) = data["signer_infos"]
    if signer["unsigned_attrs"].contents:
        raise SigningError("The signature has a time stamp already.")
    stamp = attribute(_SIGNATURE_TIME_STAMP, token)
    longer = element(SEQUENCE, signer.contents, set_of((stamp,), CONTEXT_1))
    certificates = [certificate.dump() for certificate in data["certificates"]]
    encapsulated = data["encap_content_info"].dump()
    return content_info(1, SHA256, encapsulated, certificates, longer)


def has_time_stamp(cms: bytes) -> bool:
    """Tell whether a CMS has unsigned attributes, or is itself a time stamp."""
    from asn1crypto import cms as asn1_cms

    data = asn1_cms.ContentInfo.load(cms)["content"]
    is_stamp = data["encap_content_info"]["content_type"].native == "tst_info"
    return is_stamp or any(s["unsigned_attrs"].contents for s in data["signer_infos"])


def signature_of(cms: bytes) -> bytes:
    """Return the signature value of a CMS of ours: what a time stamp of level B-T is over."""
    from asn1crypto import cms as asn1_cms

    (signer,) = asn1_cms.ContentInfo.load(cms)["content"]["signer_infos"]
    return bytes(signer["signature"].native)


def _named(certificates: Iterable[bytes]) -> bytes:
    """Return a SigningCertificateV2 that names the signer and every issuer embedded.

    RFC 5035 asks only for the signer. What is named is signed: so no byte of the certificates
    can change, be they on the reader's path or not.
    """
    ids = [
        element(SEQUENCE, element(OCTET_STRING, hashlib.sha256(der).digest()))
        for der in certificates
    ]
    return element(SEQUENCE, element(SEQUENCE, *ids))


def issuer_and_serial(certificate: bytes) -> bytes:
    """Return how a SignerInfo names a certificate."""
    loaded = x509.load_der_x509_certificate(certificate)
    return element(SEQUENCE, loaded.issuer.public_bytes(), integer(loaded.serial_number))


def attribute(kind: str, value: bytes) -> bytes:
    """Return an attribute with one value."""
    return element(SEQUENCE, oid(kind), element(SET, value))


def _path(key: SigningKey) -> tuple[bytes, ...]:
    """Return the DER of the signer's certificate and of its issuers."""
    if key.certificate is None:
        raise SigningError("A report is signed with a certificate, and this key comes without one.")
    path = (key.certificate, *issuers(key.certificate, key.chain))
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in path)
