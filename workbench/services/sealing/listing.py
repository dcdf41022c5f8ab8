"""Write the tag files of a bag (RFC 8493): what lies in it, with two digests each.

Kept apart from the code that reads bags, so that each checks the other.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from workbench import __version__

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: RFC 8493 2.1.3: what would end a line, and the sign of an escape.
_ESCAPES = str.maketrans({"%": "%25", "\n": "%0A", "\r": "%0D"})


@dataclass(frozen=True, slots=True)
class Digested:
    """A file with its size and its digests by algorithm, lower hex."""

    size: int
    digests: Mapping[str, str]


def digested(data: bytes) -> Digested:
    """Return what the lists say of some bytes."""
    found = {name: hashlib.new(name, data).hexdigest() for name in ALGORITHMS}
    return Digested(len(data), found)


def list_of(files: Mapping[str, Digested], algorithm: str) -> bytes:
    """Return a list of digests, by the bytes of the names."""
    ordered = sorted(files.items(), key=lambda item: item[0].encode())
    lines = (f"{one.digests[algorithm]}  {name.translate(_ESCAPES)}\n" for name, one in ordered)
    return "".join(lines).encode()


def tag_files(
    payload: Mapping[str, Digested], heads: Mapping[str, bytes], *, at: datetime, source: str
) -> dict[str, bytes]:
    """Return every tag file of a bag but the signature, the lists of tag files last.

    Args:
        payload: files below ``data/`` by their path in the bag.
        heads: signed heads by their path in the bag.
        at: when it is sealed.
        source: who seals it, one line, or "".
    """
    tags = {"bagit.txt": DECLARATION, "bag-info.txt": _information(payload, at, source), **heads}
    tags |= {f"manifest-{name}.txt": list_of(payload, name) for name in ALGORITHMS}
    listed = {name: digested(data) for name, data in tags.items()}
    return tags | {f"tagmanifest-{name}.txt": list_of(listed, name) for name in ALGORITHMS}


def _information(payload: Mapping[str, Digested], at: datetime, source: str) -> bytes:
    """Return ``bag-info.txt`` (RFC 8493 2.2.2)."""
    total = sum(one.size for one in payload.values())
    lines = [f"Source-Organization: {source}"] if source else []
    lines += [
        f"Bagging-Date: {at:%Y-%m-%d}",
        f"Payload-Oxum: {total}.{len(payload)}",
        f"Bag-Software-Agent: Audit Workbench {__version__}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def odd_names(names: Iterable[str]) -> list[str]:
    """Return the paths that are none in a bag on any system (RFC 8493 5.1)."""
    from workbench.verify.bagit.tags import lies_in_bag

    return [name for name in names if not lies_in_bag(f"data/{name}", payload=True)]
