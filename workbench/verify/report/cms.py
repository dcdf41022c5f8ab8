"""Read the one form of CMS that our signer writes, and refuse every other.

RFC 5652 leaves much of a SignedData unsigned: versions, algorithm identifiers, the certificates,
their order, unsigned attributes, of which only a time stamp over the signature may be there (its
form is that of ``token_form``). Each of these has a single admissible value here, so that a CMS
which passes cannot be changed in any byte and still pass. What remains is signed: the attributes
by the signer, and each certificate through its digest in the attribute signing-certificate-v2
(RFC 5035). The one freedom left is the known one of ECDSA, whose value (r, s) may also be written
(r, n - s): that changes half of its bytes, and nothing that is signed.
"""

from dataclasses import dataclass

from workbench.verify.report.der import (
    CONTEXT_0,
    CONTEXT_1,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    elements,
    exactly,
    only,
    require,
)

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SHA256 = bytes.fromhex("0609608648016503040201") + NULL
_SIGNATURE_ALGORITHMS = (
    bytes.fromhex("06082a8648ce3d040302"),  # ecdsa-with-SHA256, RFC 5758 3.2: no parameters
    bytes.fromhex("06092a864886f70d01010b") + NULL,  # sha256WithRSAEncryption, RFC 4055 5
)
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_SIGNATURE_TIME_STAMP = bytes.fromhex("060b2a864886f70d010910020e")
_SIGNING_TIME = bytes.fromhex("06092a864886f70d010905")


@dataclass(frozen=True, slots=True)
class SignedCms:
    """What a CMS of ours holds.

    Attributes:
        certificates: DER certificates in ascending order, each once.
        signer: DER of the certificate that the SignerInfo names.
        message_digest: the signed SHA-256 of the document.
        named: the signed SHA-256 of certificates, the signer's among them (RFC 5035).
        states_time: it has the attribute signing-time, which PAdES B-B forbids.
        signature: the signature value.
        time_stamp: token over that value, not yet read, or None.
        signed: the attributes as they are signed: a SET OF (RFC 5652 5.4).
    """

    certificates: tuple[bytes, ...]
    signer: bytes
    message_digest: bytes
    named: frozenset[bytes]
    states_time: bool
    signature: bytes
    time_stamp: bytes | None
    signed: bytes


def read_cms(der: bytes) -> SignedCms:
    """Return what a CMS holds.

    Raises:
        DerError: it is not exactly what our signer writes.
    """
    kind, content = exactly(only(der, SEQUENCE), OID, CONTEXT_0)
    require(kind.whole == _SIGNED_DATA, "it is no signed data")
    version, digests, encapsulated, certificates, signers = exactly(
        only(content.content, SEQUENCE), INTEGER, SET, SEQUENCE, CONTEXT_0, SET
    )
    require(version.content == b"\x01", "its version is not 1")
    require(only(digests.content, SEQUENCE) == _SHA256, "its digest is not SHA-256")
    require(encapsulated.content == _DATA, "it is not detached")
    found = tuple(element.whole for element in elements(certificates.content))
    # X.690 11.6 orders a SET OF; one certificate twice would be a byte nobody needs.
    require(list(found) == sorted(set(found)), "its certificates are not in order")
    return _read_signer(only(signers.content, SEQUENCE), found)


def _read_signer(signer_info: bytes, certificates: tuple[bytes, ...]) -> SignedCms:
    """Read a SignerInfo (RFC 5652 5.3), of whose unsigned attributes there is at most one."""
    tags = (INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTET_STRING)
    time_stamp: bytes | None = None
    found = elements(signer_info)
    if found[-1:] and found[-1].tag == CONTEXT_1:
        time_stamp = _time_stamp(found[-1].content)
        signer_info = signer_info[: -len(found[-1].whole)]
    version, name, digest, attributes, algorithm, signature = exactly(signer_info, *tags)
    require(version.content == b"\x01", "the version of its signer is not 1")
    require(digest.content == _SHA256, "the digest of its signer is not SHA-256")
    require(algorithm.content in _SIGNATURE_ALGORITHMS, "its signature algorithm is not ours")
    require(signature.content != b"", "its signature is empty")
    signer = [der for der in certificates if _issuer_and_serial(der) == name.content]
    require(len(signer) == 1, "the signer's certificate is not in it")
    values = _attributes(attributes.content)
    require(_MESSAGE_DIGEST in values, "it states no digest of the document")
    return SignedCms(
        certificates=certificates,
        signer=signer[0],
        message_digest=only(values[_MESSAGE_DIGEST], OCTET_STRING),
        named=_named(values.get(_SIGNING_CERTIFICATE_V2)),
        states_time=_SIGNING_TIME in values,
        signature=signature.content,
        time_stamp=time_stamp,
        signed=bytes([SET]) + attributes.whole[1:],
    )


def _time_stamp(content: bytes) -> bytes:
    """Return the token in unsigned attributes, which hold nothing else (EN 319 122-1 5.3)."""
    kind, values = exactly(only(content, SEQUENCE), OID, SET)
    require(kind.whole == _SIGNATURE_TIME_STAMP, "it has an unsigned attribute of another kind")
    (token,) = exactly(values.content, SEQUENCE)
    return token.whole


def _attributes(content: bytes) -> dict[bytes, bytes]:
    """Return the value of each attribute by its DER type; each type occurs once."""
    values: dict[bytes, bytes] = {}
    for attribute in elements(content):
        kind, value = exactly(attribute.content, OID, SET)
        require(attribute.tag == SEQUENCE and kind.whole not in values, "an attribute is repeated")
        values[kind.whole] = value.content
    return values


def _named(value: bytes | None) -> frozenset[bytes]:
    """Return the SHA-256 digests in a SigningCertificateV2 (RFC 5035 3)."""
    if value is None:
        return frozenset()
    certificates, *_policies = elements(only(value, SEQUENCE))
    # An ESSCertIDv2 starts with its digest where the algorithm is the default, SHA-256.
    identified = [elements(entry.content)[0] for entry in elements(certificates.content)]
    return frozenset(digest.content for digest in identified if digest.tag == OCTET_STRING)


def _issuer_and_serial(certificate: bytes) -> bytes:
    """Return issuer and serial number of a version 3 certificate, each in DER (RFC 5280 4.1)."""
    signed, *_rest = elements(only(certificate, SEQUENCE))
    fields = elements(signed.content)
    tags = [field.tag for field in fields[:4]]
    require(tags == [CONTEXT_0, INTEGER, SEQUENCE, SEQUENCE], "a certificate is not of version 3")
    serial = int.from_bytes(fields[1].content, "big", signed=True)
    require(serial > 0, "the serial number of a certificate is not positive")  # 4.1.2.2
    return fields[3].whole + fields[1].whole
