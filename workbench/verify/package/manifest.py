"""Read a manifest of a container: which files it names with which digest, and who signs it."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from workbench.errors import SourceError
from workbench.evidence.strict_xml import Element, parse
from workbench.model.package import ASIC, DIGESTS, DSIG


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a manifest names: lower hex digest, and the hash, "" for one that is unknown."""

    name: str
    hash_name: str
    digest: str


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """What a manifest says.

    Attributes:
        signature: name of the member that signs it.
        files: what it names.
    """

    signature: str
    files: tuple[Named, ...]


def read_manifest(data: bytes, name: str) -> PackageManifest:
    """Return what a manifest says (EN 319 162-1 annex A.4).

    Raises:
        SourceError: it is none.
    """
    root = parse(data, what=name)
    if root.tag != f"{{{ASIC}}}ASiCManifest":
        raise SourceError(f"{name} is no manifest of a container.")
    signatures = root.findall(f"{{{ASIC}}}SigReference")
    if len(signatures) != 1:
        raise SourceError(f"{name} does not name one signature.")
    files = tuple(_named(root, name))
    if len({one.name for one in files}) != len(files):
        raise SourceError(f"{name} names a file twice.")
    return PackageManifest(_member(signatures[0], name), files)


def _named(root: Element, what: str) -> Iterator[Named]:
    for reference in root.findall(f"{{{ASIC}}}DataObjectReference"):
        methods = reference.findall(f"{{{DSIG}}}DigestMethod")
        values = reference.findall(f"{{{DSIG}}}DigestValue")
        if len(methods) != 1 or len(values) != 1:
            raise SourceError(f"{what} names a file without its one digest.")
        hash_name = DIGESTS.get(methods[0].get("Algorithm", ""), "")
        try:
            digest = base64.b64decode("".join((values[0].text or "").split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise SourceError(f"{what} holds a digest that cannot be read.") from error
        yield Named(_member(reference, what), hash_name, digest.hex())


def _member(element: Element, what: str) -> str:
    """Return the name of a member that an element refers to: a path in the container."""
    place = element.get("URI", "")
    parts = urlsplit(place)
    if not place or parts.scheme or parts.netloc or parts.query or parts.fragment:
        raise SourceError(f"{what} refers to something outside of the container: {place!r}.")
    return unquote(parts.path, errors="surrogateescape").removeprefix("/")
