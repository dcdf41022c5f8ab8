"""Keys as in-toto and TUF describe them: a kind, and a PEM text or the bytes in hexadecimal."""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.model.json_place import MalformedSignature, Place
from workbench.model.layout import LayoutKey, key_from
from workbench.model.trust import AnchorKind
from workbench.verify.keys.openpgp_parts import bare_key
from workbench.verify.keys.public import PublicKey, PublicMaterial, spki_of
from workbench.verify.keys.signable import usable_key


def key_of(described: LayoutKey) -> PublicKey | None:
    """Return a key as it is described; None where it is of no kind that is checked here."""
    if described.openpgp:
        bare = bare_key(described.numbers)
        return None if bare is None else usable_key(bare)
    try:
        if described.keytype == "ed25519":
            return usable_key(Ed25519PublicKey.from_public_bytes(bytes.fromhex(described.public)))
        return usable_key(load_pem_public_key(described.public.encode()))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def means_in_toto_key(data: bytes) -> bool:
    """Tell whether bytes mean to be the file of such a key, sound or not."""
    return data.lstrip()[:1] == b"{" and b'"keyval"' in data and b'"keytype"' in data


def load_in_toto_key(data: bytes, *, path: str) -> PublicMaterial:
    """Return the key of such a file as trust.

    Raises:
        SourceError: it holds none that can be trusted, or its private half too.
    """
    try:
        place = Place(parse(data, what=path), "")
        private = place.object("keyval").get("private")
        key = key_of(key_from(place))
    except MalformedSignature as error:
        raise SourceError(f"{path} holds no key: {error}.", path=path) from error
    if private:
        raise SourceError(
            f"{path} holds a private key: trust needs only the public one.", path=path
        )
    if key is None:
        raise SourceError(f"{path} holds a key that cannot be read or is too weak.", path=path)
    spki = spki_of(key)
    fingerprint = hashlib.sha256(spki).hexdigest()
    return PublicMaterial(AnchorKind.PUBLIC_KEY, spki, fingerprint, fingerprint)
