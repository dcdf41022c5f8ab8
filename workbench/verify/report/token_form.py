"""Require of a time-stamp token the one form that our importer writes, and refuse every other.

What its authority signed is as the authority wrote it; ``verify.timestamp`` judges that. Of the
rest, nothing has two spellings (RFC 5652 5.1, 5.3): versions, algorithms, order of certificates. A
certificate that the signature does not name by digest has to lie on the path that was judged, and
its outer parts have to repeat what is signed within it. So a token that passes cannot be changed in
any byte and still pass, but for (r, n - s) of ECDSA, as in ``cms``.
"""

from collections.abc import Collection

from workbench.verify.report.der import (
    BIT_STRING,
    CONTEXT_0,
    INTEGER,
    NULL,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    DerError,
    elements,
    exactly,
    only,
    require,
)

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
_SHA2 = {n: bytes.fromhex(f"0609608648016503040{n}") for n in ("201", "202", "203")}
_DIGESTS = {digest + NULL: n for n, digest in _SHA2.items()}
_ALGORITHMS = {
    "201": (bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06092a864886f70d01010b") + NULL),
    "202": (bytes.fromhex("06082a8648ce3d040303"), bytes.fromhex("06092a864886f70d01010c") + NULL),
    "203": (bytes.fromhex("06082a8648ce3d040304"), bytes.fromhex("06092a864886f70d01010d") + NULL),
}


def is_token(der: bytes) -> bool:
    """Tell whether a CMS is, by what it says it signs, a time-stamp token."""
    return _TST_INFO in der[:160]


def certificates_of(token: bytes) -> tuple[bytes, ...]:
    """Return the DER certificates in a token that has our form.

    Raises:
        DerError: it has another.
    """
    kind, content = exactly(only(token, SEQUENCE), OID, CONTEXT_0)
    require(kind.whole == _SIGNED_DATA, "it is no signed data")
    version, digests, encapsulated, certificates, signers = exactly(
        only(content.content, SEQUENCE), INTEGER, SET, SEQUENCE, CONTEXT_0, SET
    )
    require(version.content == b"\x03", "its version is not 3")
    stated, info = exactly(encapsulated.content, OID, CONTEXT_0)
    require(stated.whole == _TST_INFO, "it signs no time stamp")
    only(info.content, OCTET_STRING)
    found = tuple(element.whole for element in elements(certificates.content))
    require(list(found) == sorted(set(found)), "its certificates are not in order")
    _require_signer(only(signers.content, SEQUENCE), only(digests.content, SEQUENCE))
    for certificate in found:
        _require_repeated(certificate)
    return found


def oddity(token: bytes, path: Collection[bytes]) -> str:
    """Return how a token could be changed without being worth less, in words, or "".

    Args:
        token: DER of it.
        path: DER certificates from its authority's to that of somebody trusted.
    """
    try:
        embedded = certificates_of(token)
    except DerError as error:
        return f"it is not in the one form that ours have ({error})"
    if not set(embedded) <= set(path):
        return "it carries a certificate that is not on the path to whom you trust"
    return ""


def _require_signer(signer_info: bytes, digest: bytes) -> None:
    version, _name, own, _attributes, algorithm, _signature = exactly(
        signer_info, INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTET_STRING
    )
    require(version.content == b"\x01", "the version of its signer is not 1")
    require(own.content == digest and digest in _DIGESTS, "its digest is not SHA-2, or two")
    admitted = _ALGORITHMS[_DIGESTS[digest]]
    require(algorithm.content in admitted, "its signature algorithm is not one of ours")


def _require_repeated(certificate: bytes) -> None:
    """RFC 5280 4.1.1.2: the algorithm outside is that within; a signature is whole octets."""
    signed, algorithm, value = exactly(only(certificate, SEQUENCE), SEQUENCE, SEQUENCE, BIT_STRING)
    within = [field.whole for field in elements(signed.content)]
    require(algorithm.whole in within[:4], "a certificate names two algorithms")
    require(value.content[:1] == b"\x00", "the signature of a certificate is no whole octets")
