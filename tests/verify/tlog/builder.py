"""Build tiled logs as C2SP tlog-tiles has them, with heads and witnesses, apart from our code."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "log.example/models"
LOG = Ed25519PrivateKey.from_private_bytes(sha256(b"log").digest())
OTHER = Ed25519PrivateKey.from_private_bytes(sha256(b"other").digest())
WITNESSES = {
    f"witness{n}.example": Ed25519PrivateKey.from_private_bytes(sha256(b"w%d" % n).digest())
    for n in range(3)
}
RECORDS = [b'{"model": "m%d"}' % n for n in range(600)]


def leaf(record: bytes) -> bytes:
    return sha256(b"\0" + record).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    return _root(tuple(leaves))


@cache
def _root(leaves: tuple[bytes, ...]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + _root(leaves[:cut]) + _root(leaves[cut:])).digest()


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    if index < cut:
        return [*inclusion(leaves[:cut], index), root(leaves[cut:])]
    return [*inclusion(leaves[cut:], index - cut), root(leaves[:cut])]


def key_id(name: str, kind: int, key: Ed25519PrivateKey) -> bytes:
    raw = key.public_key().public_bytes_raw()
    return sha256(name.encode() + b"\n" + bytes([kind]) + raw).digest()[:4]


def vkey(name: str, key: Ed25519PrivateKey, kind: int = 1) -> str:
    raw = bytes([kind]) + key.public_key().public_bytes_raw()
    return f"{name}+{key_id(name, kind, key).hex()}+{b64encode(raw).decode()}\n"


def checkpoint(
    records: Sequence[bytes],
    *,
    witnesses: Sequence[str] = (),
    origin: str = ORIGIN,
    key: Ed25519PrivateKey = LOG,
    time: int = 1_780_000_000,
) -> bytes:
    top = b64encode(root([leaf(r) for r in records])).decode()
    text = f"{origin}\n{len(records)}\n{top}\n"
    lines = [(origin, key_id(origin, 1, key) + key.sign(text.encode()))]
    for name in witnesses:
        seen = f"cosignature/v1\ntime {time}\n{text}".encode()
        value = time.to_bytes(8) + WITNESSES[name].sign(seen)
        lines.append((name, key_id(name, 4, WITNESSES[name]) + value))
    signed = "".join(f"\u2014 {name} {b64encode(blob).decode()}\n" for name, blob in lines)
    return f"{text}\n{signed}".encode()


def tiles(records: Sequence[bytes], *, older: Sequence[int] = ()) -> dict[str, bytes]:
    """Return the files of a log of these records, and partial tiles of older sizes."""
    files: dict[str, bytes] = {}
    for size in (*older, len(records)):
        hashes = [leaf(record) for record in records[:size]]
        bundle = [len(r).to_bytes(2) + r for r in records[:size]]
        for number in range(-(-size // 256)):
            part = slice(number * 256, (number + 1) * 256)
            files[path("entries", number, len(bundle[part]))] = b"".join(bundle[part])
        level = 0
        while hashes:
            for number in range(-(-len(hashes) // 256)):
                part = hashes[number * 256 : (number + 1) * 256]
                files[path(str(level), number, len(part))] = b"".join(part)
            full = len(hashes) // 256
            hashes = [root(hashes[n * 256 : (n + 1) * 256]) for n in range(full)]
            level += 1
    return files


def path(level: str, number: int, width: int) -> str:
    return f"tile/{level}/{number:03d}" + (f".p/{width}" if width < 256 else "")


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
