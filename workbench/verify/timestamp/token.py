"""Read a time-stamp token, in its response or bare (RFC 3161 2.4.2), believing nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]  # it ships no types

from workbench.verify.keys.rsa_padding import pss_of
from workbench.verify.trust.object_identifiers import bound_object_identifiers
from workbench.verify.trust.x509 import MOST_CERTIFICATES

bound_object_identifiers()

#: A value of asn1crypto, which ships no types.
_Value = Any

_STATUS_GRANTED = {0, 1}  # granted, grantedWithMods
_SEQUENCE, _OBJECT_ID, _SET = 0x30, 0x06, 0x31
_MOST_BYTES = 1024 * 1024
_LAST_YEAR, _LONGEST = 9000, timedelta(days=366)
#: RFC 3161 2.4.2: no fraction, or one that does not end in 0; always in UTC.
_TIME = re.compile(rb"(\d{14})(?:\.(\d*[1-9]))?Z")
#: How the library says that bytes are not what they should be.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class CertificateId:
    """A digest of the signer's certificate among what is signed (RFC 2634 5.4, RFC 5035 4)."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class SignerName:
    """Which certificate a signature names: issuer and serial number, or a key identifier."""

    issuer: bytes
    serial: int
    key_identifier: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """A time-stamp token.

    Attributes:
        imprint_algorithm: hash of the imprint, as ``hashlib`` calls it.
        imprint: the digest of what was stamped.
        time: the time that it states, aware UTC, cut to microseconds.
        accuracy: how far that may be off to either side.
        policy: object identifier of the authority's policy.
        authority: DER of the directory name that the token gives its authority, or None.
        info: the signed content (TSTInfo), DER.
        signer: which certificate the signature names.
        named: digest of the signer's certificate among what is signed, or None.
        content_type: object identifier that is signed for the content.
        content_digest: digest of ``info`` that is signed.
        digest_algorithm: hash that made ``content_digest``.
        signed: exactly the bytes that are signed.
        signature: the signature value.
        scheme: kind of signature.
        hash_algorithm: hash that is signed.
        salt: bytes of the salt of RSA-PSS as stated, or None.
        critical: it has an extension that has to be understood, and is not understood here.
        certificates: DER certificates that travel along, in no order.
        bare: it came without a response around it.
    """

    imprint_algorithm: str
    imprint: bytes
    time: datetime
    accuracy: timedelta
    policy: str
    authority: bytes | None
    info: bytes
    signer: SignerName
    named: CertificateId | None
    content_type: str
    content_digest: bytes
    digest_algorithm: str
    signed: bytes
    signature: bytes
    scheme: str
    hash_algorithm: str
    salt: int | None
    critical: bool
    certificates: tuple[bytes, ...]
    bare: bool

    @property
    def latest(self) -> datetime:
        """Return not later than when what it is over existed."""
        return self.time + self.accuracy


@dataclass(frozen=True, slots=True)
class TokenProblem:
    """Why bytes are no time-stamp token: a sentence."""

    message: str


class _MalformedError(ValueError):
    """The token is not what the standard says."""


def read_token(data: bytes) -> Token | TokenProblem:
    """Return the token in ``data``, or why there is none. It never raises."""
    try:
        small = data.startswith(b"\x30") and len(data) <= _MOST_BYTES
        _require(small, "It is no DER of a time-stamp token or response.")
        content, bare = _content_info(data)
        _require(content["content_type"].native == "signed_data", "It is no signed data.")
        return _token(content["content"], bare=bare)
    except _MalformedError as error:
        return TokenProblem(str(error))
    except (*_UNREADABLE, RecursionError):
        return TokenProblem("Its DER cannot be read as a time-stamp token.")


def _content_info(data: bytes) -> tuple[_Value, bool]:
    """Return the ContentInfo, and whether it stood alone (RFC 3161 2.4.2, 3.4)."""
    inside = core.Sequence.load(data, strict=True).contents
    if inside[:1] == bytes([_OBJECT_ID]):
        return cms.ContentInfo.load(data, strict=True), True
    response = tsp.TimeStampResp.load(data, strict=True)
    status = int(response["status"]["status"])
    if status not in _STATUS_GRANTED:
        raise _MalformedError(f"The authority refused: its status is {status}, and no token came.")
    token = response["time_stamp_token"]
    if isinstance(token, core.Void):
        raise _MalformedError("The response holds no token.")
    return token, False


def _token(signed_data: _Value, *, bare: bool) -> Token:
    content = signed_data["encap_content_info"]
    _require(content["content_type"].native == "tst_info", "What is signed is no time stamp.")
    signers = list(signed_data["signer_infos"])
    _require(len(signers) == 1, f"It has {len(signers)} signers, and must have one.")
    info = bytes(content["content"].contents)
    stated = tsp.TSTInfo.load(info, strict=True)
    _require(int(stated["version"]) == 1, "It is of an unknown version.")
    signer = signers[0]
    signed = _signed_bytes(signer)
    attributes = _attributes(signer)
    digest_name = str(signer["digest_algorithm"]["algorithm"].native)
    imprint, padded = stated["message_imprint"], pss_of(signer["signature_algorithm"])
    authority = stated["tsa"]
    time, accuracy = _time(bytes(stated["gen_time"].contents)), _accuracy(stated["accuracy"])
    _require(time.year < _LAST_YEAR and accuracy < _LONGEST, "Its time or accuracy is no time.")
    return Token(
        imprint_algorithm=str(imprint["hash_algorithm"]["algorithm"].native),
        imprint=bytes(imprint["hashed_message"].native),
        time=time,
        accuracy=accuracy,
        policy=str(stated["policy"].native),
        authority=_directory_name(authority),
        info=info,
        signer=_signer_name(signer["sid"]),
        named=_named(attributes),
        content_type=str(_only(attributes, "content_type").native),
        content_digest=bytes(_only(attributes, "message_digest").native),
        digest_algorithm=digest_name,
        signed=signed,
        signature=bytes(signer["signature"].native),
        scheme=_scheme(signer),
        hash_algorithm=_signature_hash(signer, digest_name),
        salt=padded.salt if padded else None,
        critical=_is_critical(stated["extensions"]),
        certificates=_certificates(signed_data["certificates"]),
        bare=bare,
    )


def _is_critical(extensions: _Value) -> bool:
    """Tell whether an extension of what is stated has to be understood (RFC 5280 4.2)."""
    found = () if isinstance(extensions, core.Void) else extensions
    return any(bool(one["critical"].native) for one in found)


def _directory_name(general: _Value) -> bytes | None:
    """Return the DER of a directory name; other forms name no subject of a certificate."""
    if isinstance(general, core.Void) or general.name != "directory_name":
        return None
    return bytes(general.chosen.untag().dump())


def _signed_bytes(signer: _Value) -> bytes:
    """Return the attributes as they are signed: as a SET OF, as they stand (RFC 5652 5.4).

    They must not have been looked at yet: the library would write them anew.
    """
    dumped = bytes(signer["signed_attrs"].dump())
    return bytes([_SET]) + dumped[1:]


def _attributes(signer: _Value) -> dict[str, Sequence[_Value]]:
    if isinstance(signer["signed_attrs"], core.Void):
        raise _MalformedError("It signs no attributes, so nothing binds its certificate.")
    found: dict[str, Sequence[_Value]] = {}
    for attribute in signer["signed_attrs"]:
        kind = str(attribute["type"].native)
        _require(kind not in found, f"Its attribute {kind} stands twice.")
        found[kind] = list(attribute["values"])
    return found


def _only(attributes: dict[str, Sequence[_Value]], kind: str) -> _Value:
    values = attributes.get(kind, ())
    if len(values) != 1:
        raise _MalformedError(f"Its signed attribute {kind} is not there exactly once.")
    return values[0]


def _named(attributes: dict[str, Sequence[_Value]]) -> CertificateId | None:
    """Return the first certificate id, which is the signer's (RFC 5035 3)."""
    if "signing_certificate_v2" in attributes:
        first = _only(attributes, "signing_certificate_v2")["certs"][0]
        algorithm = str(first["hash_algorithm"]["algorithm"].native)
        return CertificateId(algorithm, bytes(first["cert_hash"].native))
    if "signing_certificate" in attributes:
        first = _only(attributes, "signing_certificate")["certs"][0]
        return CertificateId("sha1", bytes(first["cert_hash"].native))
    return None


def _signer_name(sid: _Value) -> SignerName:
    if sid.name == "issuer_and_serial_number":
        issuer = bytes(sid.chosen["issuer"].dump())
        return SignerName(issuer, int(sid.chosen["serial_number"]), b"")
    return SignerName(b"", 0, bytes(sid.chosen.native))


def _scheme(signer: _Value) -> str:
    algorithm = signer["signature_algorithm"]
    padded = pss_of(algorithm)
    if padded is not None and padded.mask_name != padded.hash_name:
        return f"{algorithm.signature_algo} with a mask of {padded.mask_name}"
    return str(algorithm.signature_algo)


def _signature_hash(signer: _Value, digest_name: str) -> str:
    """Return the hash that the signature algorithm names, else that of the content (RFC 5652)."""
    algorithm = signer["signature_algorithm"]
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return digest_name


def _certificates(found: _Value) -> tuple[bytes, ...]:
    if isinstance(found, core.Void):
        return ()
    _require(len(found) <= MOST_CERTIFICATES, f"It carries over {MOST_CERTIFICATES} certificates.")
    return tuple(bytes(one.chosen.dump()) for one in found if one.name == "certificate")


def _time(written: bytes) -> datetime:
    match = _TIME.fullmatch(written)
    if match is None:
        raise _MalformedError("Its time is not written as the standard says.")
    whole = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    fraction = (match[2] or b"").decode()[:6].ljust(6, "0")
    return whole.replace(microsecond=int(fraction))


def _accuracy(accuracy: _Value) -> timedelta:
    """Return how far the time may be off; what is not stated counts as nothing (2.4.2)."""
    if isinstance(accuracy, core.Void):
        return timedelta()
    seconds, *small = (int(accuracy[name].native or 0) for name in ("seconds", "millis", "micros"))
    _require(seconds >= 0 and all(0 <= part <= 999 for part in small), "Its accuracy is no span.")
    return timedelta(seconds=seconds, milliseconds=small[0], microseconds=small[1])


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise _MalformedError(message)
