"""Keys that stay in a token: a smart card, a hardware module, SoftHSM (PKCS #11).

A token is named by a URI (RFC 7512): ``pkcs11:token=Audit;object=ada?module-path=/usr/lib/…so``.
The module is native code of the token's maker, which the auditor named and nobody else. The token
is opened twice, to read and to sign, and closed each time: one that was taken out meanwhile, or is
shared with another program, is noticed and not waited for.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from workbench.errors import SigningError
from workbench.model.report_signature import CURVES, MINIMUM_RSA_BITS
from workbench.sign.keys import Passphrase, SigningKey, belongs

SCHEME = "pkcs11:"

#: PKCS #1 v1.5 DigestInfo of a SHA-256 (RFC 8017 9.2, note 1): tokens hash little or nothing.
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")

#: A session, key or object of the library, which ships types that say too little.
_Object = Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is: module of the token, and as far as stated token, label and id of the key."""

    module: str
    token: str | None = None
    label: str | None = None
    id: bytes | None = None


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key in a token, which never leaves it."""

    place: Place
    id: bytes
    public: EllipticCurvePublicKey | RSAPublicKey
    pin: bytes = field(repr=False)

    def public_key(self) -> EllipticCurvePublicKey | RSAPublicKey:
        """Return its public half, as its certificate states it."""
        return self.public

    def sign_sha256(self, data: bytes) -> bytes:
        """Return ECDSA (DER) or RSA PKCS #1 v1.5 over the SHA-256 of ``data``.

        Raises:
            SigningError: the token is gone, or does not sign.
        """
        from pkcs11 import Mechanism

        digest = hashlib.sha256(data).digest()
        with _session(self.place, self.pin) as session:
            key = _private_key(session, self.place, self.id)
            if isinstance(self.public, RSAPublicKey):
                signed = key.sign(_DIGEST_INFO + digest, mechanism=Mechanism.RSA_PKCS)
                return bytes(signed)
            raw = bytes(key.sign(digest, mechanism=Mechanism.ECDSA))
        half = len(raw) // 2
        return encode_dss_signature(*(int.from_bytes(n, "big") for n in (raw[:half], raw[half:])))


def means_token(source: str) -> bool:
    """Tell whether a key is named by the URI of a token, not by the path of a file."""
    return source.startswith(SCHEME)


def load_token_key(uri: str, pin: Passphrase) -> SigningKey:
    """Return a key in a token with the certificates that the token holds.

    Raises:
        SigningError: no such module, token or key, several of them, a wrong PIN, no certificate.
    """
    place = read_uri(uri)
    secret = pin()
    with _session(place, secret) as session:
        certificates = tuple(_certificates(session))
        key = _private_key(session, place, place.id)
        id_ = bytes(key.id)
        own = next((c for i, c in certificates if i == id_), None)
    if own is None:
        raise SigningError("The token holds no certificate for that key (of the same id).")
    public = own.public_key()
    curve = isinstance(public, EllipticCurvePublicKey) and public.curve.name in CURVES
    if not curve and not (isinstance(public, RSAPublicKey) and public.key_size >= MINIMUM_RSA_BITS):
        raise SigningError(
            "The key in the token does not sign here: it takes ECDSA P-256 or P-384, or RSA of "
            f"{MINIMUM_RSA_BITS} bits or more."
        )
    assert isinstance(public, EllipticCurvePublicKey | RSAPublicKey)  # noqa: S101 - for the types
    kept = TokenKey(place, id_, public, secret)
    return SigningKey(kept, own, tuple(c for _, c in certificates if not belongs(c, public)))


def read_uri(uri: str) -> Place:
    """Return what a PKCS #11 URI names (RFC 7512 2.3).

    Raises:
        SigningError: it is none, or names no module.
    """
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    named = dict(_attribute(part) for part in path.split(";") if part)
    asked = dict(_attribute(part) for part in query.split("&") if part)
    if unknown := (named.keys() - {"token", "object", "id", "type"}) | (
        asked.keys() - {"module-path"}
    ):
        raise SigningError(f"{sorted(unknown)[0]} is not known in the name of a token's key.")
    if not asked.get("module-path"):
        raise SigningError(
            "Name the module of the token: pkcs11:token=NAME;object=KEY?module-path=/path/to.so"
        )
    id_ = unquote_to_bytes(named["id"]) if "id" in named else None
    token, label = (unquote(named[n]) if n in named else None for n in ("token", "object"))
    return Place(unquote(asked["module-path"]), token, label, id_)


def _attribute(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals:
        raise SigningError(f"{part} is no part of the name of a token's key: NAME=VALUE.")
    return name, value


@contextmanager
def _session(place: Place, pin: bytes) -> Iterator[_Object]:
    """Open a token with its PIN, and close it; say in one sentence what it does not do."""
    import pkcs11
    from pkcs11 import exceptions

    try:
        library = pkcs11.lib(place.module)
        library.reinitialize()  # else a token that was put in or taken out stays unnoticed
        slots = library.get_slots(token_present=True)
        tokens = [slot.get_token() for slot in slots]
        found = [t for t in tokens if place.token in (None, t.label.rstrip())]
        found = [t for t in found if t.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED]
        if len(found) != 1:
            what = "no token" if not found else f"{len(found)} tokens"
            called = f" called {place.token}" if place.token else ""
            raise SigningError(f"There is {what}{called} in the readers of {place.module}.")
        with found[0].open(user_pin=pin.decode("utf-8", "surrogateescape")) as session:
            yield session
    except exceptions.PinIncorrect as error:
        raise SigningError("The token says that the PIN is wrong. Few tries are left.") from error
    except exceptions.PinLocked as error:
        raise SigningError("The token has locked its PIN after too many wrong ones.") from error
    except (exceptions.PinLenRange, exceptions.PinInvalid) as error:
        raise SigningError("The token takes no such PIN.") from error
    except (exceptions.PKCS11Error, RuntimeError, OSError, UnicodeError) as error:
        said = str(error) or type(error).__name__
        raise SigningError(f"The token does not answer: {said}.") from error


def _private_key(session: _Object, place: Place, id_: bytes | None) -> _Object:
    from pkcs11 import Attribute, ObjectClass

    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    if place.label is not None:
        wanted[Attribute.LABEL] = place.label
    if id_ is not None:
        wanted[Attribute.ID] = id_
    keys = list(session.get_objects(wanted))
    if len(keys) != 1:
        what = "no private key" if not keys else f"{len(keys)} private keys"
        raise SigningError(f"The token holds {what} of that name; one is needed (object= or id=).")
    return keys[0]


def _certificates(session: _Object) -> Iterator[tuple[bytes, x509.Certificate]]:
    from pkcs11 import Attribute, ObjectClass

    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            yield bytes(each[Attribute.ID]), x509.load_der_x509_certificate(each[Attribute.VALUE])
        except ValueError as error:
            raise SigningError("A certificate in the token cannot be read.") from error
