"""Ask for time stamps and take them in (RFC 3161): by file, from a server, by a key of one's own.

A token that comes from elsewhere is put into the one form that a report's has (``verify.report``):
nothing that its authority signed changes, and what nobody signed is written in a single way. So a
report stays one that cannot be changed in any byte, whoever stamped it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, core, tsp  # type: ignore[import-untyped]  # it ships no types
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from workbench.errors import SigningError
from workbench.model.report_signature import ORDER_ONLY_POLICY
from workbench.sign.cms import content_info, issuer_and_serial, issuers, stamped, time_stamp
from workbench.sign.der import CONTEXT_0, OCTET_STRING, SEQUENCE, element, integer, null, oid
from workbench.sign.keys import SigningKey

#: Makes a token over a SHA-256.
Stamper = Callable[[bytes], bytes]

_GRANTED = {0, 1}
_HASHES = {
    "sha256": ("2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"),
    "sha384": ("2.16.840.1.101.3.4.2.2", "1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12"),
    "sha512": ("2.16.840.1.101.3.4.2.3", "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13"),
}
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
_ACCURACY = timedelta(seconds=1)

#: A value of asn1crypto, which ships no types.
_Value = Any


def query(imprint: bytes) -> bytes:
    """Return a request for a time stamp over a SHA-256: what goes into a ``.tsq`` file (2.4.1).

    Its nonce is made from the imprint, so that an answer can be held against it without the file.
    """
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": imprint,
            },
            "nonce": _nonce(imprint),
            "cert_req": True,
        }
    )
    return bytes(request.dump())


def taken_in(reply: bytes, imprint: bytes, *, more: Sequence[bytes] = ()) -> bytes:
    """Return the token in an answer (``.tsr``), or a bare one, in the form that a report has.

    Args:
        reply: what the authority answered.
        imprint: SHA-256 that it was asked to stamp.
        more: DER certificates among which the authority's or its issuers may be.

    Raises:
        SigningError: the authority refused, stamped something else, or its token has no such form.
    """
    try:
        info = _content_info(reply)
        stated = tsp.TSTInfo.load(info["content"]["encap_content_info"]["content"].contents)
        found = stated["message_imprint"]
        if (found["hash_algorithm"]["algorithm"].native, found["hashed_message"].native) != (
            "sha256",
            imprint,
        ):
            raise SigningError(
                "The answer is a time stamp over something else: give the same report, and the "
                "same options, as when the query was made."
            )
        nonce = stated["nonce"].native
        if nonce is not None and nonce != _nonce(imprint):
            raise SigningError("The answer is to another query: its nonce is not the one asked.")
        return _in_our_form(info["content"], more)
    except (*_UNREADABLE, RecursionError) as error:
        raise SigningError("The answer cannot be read as a time stamp (RFC 3161).") from error


def imprint_of(reply: bytes) -> bytes:
    """Return the digest that an answer is about.

    Raises:
        SigningError: it cannot be read, or the authority refused.
    """
    try:
        info = _content_info(reply)
        stated = tsp.TSTInfo.load(info["content"]["encap_content_info"]["content"].contents)
        return bytes(stated["message_imprint"]["hashed_message"].native)
    except (*_UNREADABLE, RecursionError) as error:
        raise SigningError("The answer cannot be read as a time stamp (RFC 3161).") from error


@dataclass(frozen=True, slots=True)
class OwnStamper:
    """A time-stamping unit that the signer keeps: it proves an order of events, and no time.

    Attributes:
        key: its key; the certificate is for time stamping and nothing else.
        clock: tells the time, aware.
    """

    key: SigningKey
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        if self.key.certificate is None or not _is_for_stamps(self.key.certificate):
            raise SigningError(
                "That key is not for time stamps: its certificate must be for them alone "
                "(extended key usage timeStamping, critical)."
            )

    def __call__(self, imprint: bytes) -> bytes:
        """Return a token over a SHA-256 (RFC 3161 2.4.2, RFC 5816)."""
        own = self.key.certificate
        assert own is not None  # noqa: S101 - looked at above
        moment = self.clock().astimezone(UTC).replace(microsecond=0)
        if not own.not_valid_before_utc <= moment <= own.not_valid_after_utc:
            raise SigningError("The certificate of the time-stamping key is not valid now.")
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": ORDER_ONLY_POLICY,
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": imprint,
                },
                "serial_number": x509.random_serial_number(),
                "gen_time": moment,
                "accuracy": {"seconds": int(_ACCURACY.total_seconds())},
                "nonce": _nonce(imprint),
            }
        ).dump()
        return time_stamp(info, self.key)


def _content_info(reply: bytes) -> _Value:
    """Return the ContentInfo in an answer, or the one that it is (2.4.2)."""
    inside = core.Sequence.load(reply, strict=True).contents
    if inside[:1] == b"\x06":
        return asn1_cms.ContentInfo.load(reply, strict=True)
    response = tsp.TimeStampResp.load(reply, strict=True)
    status = response["status"]
    if int(status["status"]) not in _GRANTED:
        why = status["fail_info"].native or status["status_string"].native or "no reason"
        raise SigningError(f"The time-stamping authority refused: {why}.")
    return response["time_stamp_token"]


def _in_our_form(data: _Value, more: Sequence[bytes]) -> bytes:
    """Write a token anew: what is signed as it is, all else in the one way that we read."""
    (signer,) = data["signer_infos"]
    name = str(signer["digest_algorithm"]["algorithm"].native)
    scheme = str(signer["signature_algorithm"].signature_algo)
    if name not in _HASHES or scheme not in {"rsassa_pkcs1v15", "ecdsa"}:
        raise SigningError(f"A time stamp signed with {scheme} and {name} is not taken.")
    digest_id, ecdsa_id, rsa_id = _HASHES[name]
    digest = element(SEQUENCE, oid(digest_id), null())
    by_rsa = scheme == "rsassa_pkcs1v15"
    algorithm = (oid(rsa_id), null()) if by_rsa else (oid(ecdsa_id),)
    chain = _chain(signer["sid"], _certificates(data, more))
    signed = bytes(signer["signed_attrs"].contents)
    written = element(
        SEQUENCE,
        integer(1),
        issuer_and_serial(chain[0]),
        digest,
        element(CONTEXT_0, signed),
        element(SEQUENCE, *algorithm),
        element(OCTET_STRING, bytes(signer["signature"].native)),
    )
    info = bytes(data["encap_content_info"]["content"].contents)
    return content_info(3, digest, stamped(info), chain, written)


def _certificates(data: _Value, more: Sequence[bytes]) -> list[x509.Certificate]:
    embedded = data["certificates"]
    own = [] if isinstance(embedded, core.Void) else [c.chosen.dump() for c in embedded]
    return [x509.load_der_x509_certificate(der) for der in dict.fromkeys((*own, *more))]


def _chain(sid: _Value, found: Sequence[x509.Certificate]) -> list[bytes]:
    """Return the authority's certificate and its issuers, without a root and nothing else."""
    own = [c for c in found if _is_called(sid, c)]
    if not own:
        raise SigningError(
            "The answer does not bring the certificate of its authority: add it to what you trust."
        )
    chain = [own[0]]
    for issuer in issuers(own[0], found):
        try:
            chain[-1].verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            break
        chain.append(issuer)
    return [c.public_bytes(Encoding.DER) for c in chain]


def _is_called(sid: _Value, certificate: x509.Certificate) -> bool:
    """Tell whether a SignerInfo names a certificate (RFC 5652 5.3)."""
    if sid.name == "issuer_and_serial_number":
        same = bytes(sid.chosen["issuer"].dump()) == certificate.issuer.public_bytes()
        return same and int(sid.chosen["serial_number"]) == certificate.serial_number
    try:
        key = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return False
    return key.digest == bytes(sid.chosen.native)


def _is_for_stamps(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return found.critical and list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _nonce(imprint: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"nonce" + imprint).digest()[:8], "big")
