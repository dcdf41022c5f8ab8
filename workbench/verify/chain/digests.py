"""Digests and tags: computed, written as a log writes them, and read again."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator

import blake3

from workbench.model.recipe import Algorithm, DigestRecipe, Encoding, Key, KeyEncoding
from workbench.verify.chain.render import UnrenderableError

Hash = Callable[[bytes], bytes]

#: Bytes of an Ed25519 key.
_KEY = 32
_HASHES: dict[Algorithm, Hash] = {
    Algorithm.SHA256: lambda data: hashlib.sha256(data).digest(),
    Algorithm.SHA512: lambda data: hashlib.sha512(data).digest(),
    Algorithm.SHA3_256: lambda data: hashlib.sha3_256(data).digest(),
    Algorithm.BLAKE2B: lambda data: hashlib.blake2b(data).digest(),
    Algorithm.BLAKE2S: lambda data: hashlib.blake2s(data).digest(),
    Algorithm.BLAKE3: lambda data: blake3.blake3(data).digest(),
}
_HMAC_NAMES = {
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}


def digest_of(data: bytes, recipe: DigestRecipe) -> bytes:
    """Return the digest of some bytes."""
    return _HASHES[recipe.algorithm](data)


def encode_as(digest: bytes, encoding: Encoding) -> str:
    """Return a digest as text."""
    match encoding:
        case Encoding.HEX:
            return digest.hex()
        case Encoding.UPPER_HEX:
            return digest.hex().upper()
        case Encoding.BASE64:
            return b64encode(digest).decode()


def encode(digest: bytes, recipe: DigestRecipe | None = None) -> str:
    """Return a digest as the log writes it."""
    recipe = recipe or DigestRecipe()
    return recipe.prefix + encode_as(digest, recipe.encoding)[: recipe.length]


def decode(text: str, recipe: DigestRecipe) -> bytes:
    """Return the bytes of a digest that the log wrote.

    Raises:
        UnrenderableError: it is no such text.
    """
    bare = text.removeprefix(recipe.prefix)
    try:
        if recipe.encoding is Encoding.BASE64:
            return b64decode(bare, validate=True)
        return bytes.fromhex(bare)
    except ValueError as error:
        raise UnrenderableError("the previous digest has another form") from error


def read_back(text: str, recipe: DigestRecipe) -> bytes:
    """Return the bytes of a digest that is spelled as the recipe spells it.

    Where bytes are hashed, no digest covers how they are spelled: any other spelling names another
    record, as links are compared as they stand.

    Raises:
        UnrenderableError: it is no such text.
    """
    found = decode(text, recipe)
    if encode(found, recipe) != text:
        raise UnrenderableError("the previous digest is spelled otherwise")
    return found


def decode_secret(secret: bytes, key: Key | None) -> bytes | None:
    """Return the bytes of a secret as the profile means them; None where it is no such text."""
    try:
        match KeyEncoding.TEXT if key is None else key.encoding:
            case KeyEncoding.TEXT:
                return secret
            case KeyEncoding.HEX:
                return bytes.fromhex(secret.decode("ascii"))
            case KeyEncoding.BASE64:
                return b64decode(secret, validate=True)
    except ValueError:
        return None


def tag_of(data: bytes, secret: bytes, recipe: DigestRecipe) -> bytes:
    """Return the HMAC of some bytes."""
    return hmac.digest(secret, data, _HMAC_NAMES[recipe.algorithm])


def hasher(recipe: DigestRecipe, secret: bytes | None) -> Hash:
    """Return what computes many digests or tags."""
    if secret is None:
        return _HASHES[recipe.algorithm]
    begin = getattr(hashlib, _HMAC_NAMES[recipe.algorithm])
    size = begin().block_size
    key = (begin(secret).digest() if len(secret) > size else secret).ljust(size, b"\0")
    inner = begin(bytes(byte ^ 0x36 for byte in key))  # RFC 2104 2: both are begun once
    outer = begin(bytes(byte ^ 0x5C for byte in key))

    def keyed(data: bytes) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(data)
        around.update(within.digest())
        return bytes(around.digest())

    return keyed


def keys_in(joined: bytes) -> Iterator[bytes]:
    """Yield the Ed25519 keys that are put together."""
    return (joined[n : n + _KEY] for n in range(0, len(joined), _KEY))


def has_signed(key: bytes, signature: bytes, signed: bytes) -> bool:
    """Tell whether an Ed25519 key made a signature."""
    # Loaded only for logs with signed records: every worker process imports this module.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from workbench.verify.keys.public import verify_signature

    return verify_signature(Ed25519PublicKey.from_public_bytes(key), signature, signed)
