"""Write an ASiC-E container with CAdES (ETSI EN 319 162-1 4.4.4): files, their list, a signature.

Kept apart from the code that reads such containers, so that each checks the other. Members have no
time and no owner, so that the same files and the same signature are the same bytes.
"""

import base64
import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from workbench.errors import SigningError
from workbench.model.package import ASIC, DSIG, META, MIMETYPE, MIMETYPE_FILE
from workbench.output import whole_file
from workbench.sign.cms import detached, signature_of, with_time_stamp
from workbench.sign.keys import SigningKey
from workbench.sign.time_stamp import Stamper

_MANIFEST = f"{META}ASiCManifest001.xml"
_SIGNATURE = f"{META}signature001.p7s"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass(frozen=True, slots=True)
class Content:
    """A file that goes into a container: its bytes, in blocks, and how many there will be."""

    size: int
    read: Callable[[], Iterable[bytes]]


def write_package(
    out: Path,
    files: Mapping[str, Content],
    key: SigningKey,
    *,
    at: datetime,
    stamper: Stamper | None = None,
    replace: bool = False,
) -> dict[str, str]:
    """Write a signed container, whole or not at all; return the SHA-256 of each file in it.

    Args:
        out: the container.
        files: what goes into it by name, in this order.
        key: who signs.
        at: time of signing, as the signer claims it.
        stamper: makes a time stamp over the signature, or None.
        replace: whether a file that is there is replaced.

    Raises:
        SigningError: the key comes without a certificate, or does not sign.
        WorkbenchError: it could not be written.
    """
    if key.certificate is None:
        raise SigningError(
            "A package is signed with a certificate, and this key comes without one."
        )
    with whole_file(out, replace=replace) as temporary, ZipFile(temporary, "x") as archive:
        archive.writestr(_info(MIMETYPE_FILE, len(MIMETYPE), ZIP_STORED), MIMETYPE)
        digests = {name: _put(archive, name, one) for name, one in files.items()}
        manifest = _manifest(digests)
        signature = detached(hashlib.sha256(manifest).digest(), key, at=at)
        if stamper is not None:
            over = hashlib.sha256(signature_of(signature)).digest()
            signature = with_time_stamp(signature, stamper(over))
        for name, data in ((_MANIFEST, manifest), (_SIGNATURE, signature)):
            archive.writestr(_info(name, len(data), ZIP_DEFLATED), data)
    return digests


def _put(archive: ZipFile, name: str, content: Content) -> str:
    digest = hashlib.sha256()
    with archive.open(_info(name, content.size, ZIP_DEFLATED), "w") as member:
        for block in content.read():
            digest.update(block)
            member.write(block)
    return digest.hexdigest()


def _info(name: str, size: int, method: int) -> ZipInfo:
    info = ZipInfo(name, _FIRST_DAY)
    info.compress_type, info.file_size, info.external_attr = method, size, 0o644 << 16
    return info


def _manifest(digests: Mapping[str, str]) -> bytes:
    """Return the ASiCManifest over all files (EN 319 162-1 annex A.4)."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<asic:ASiCManifest xmlns:asic="{ASIC}" xmlns:ds="{DSIG}">',
        f'<asic:SigReference URI="{_SIGNATURE}" MimeType="application/pkcs7-signature"/>',
    ]
    for name, digest in digests.items():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        value = base64.b64encode(bytes.fromhex(digest)).decode()
        lines += [
            f'<asic:DataObjectReference URI="{quote(name)}" MimeType="{kind}">',
            f'<ds:DigestMethod Algorithm="{_SHA256}"/><ds:DigestValue>{value}</ds:DigestValue>',
            "</asic:DataObjectReference>",
        ]
    return "\n".join([*lines, "</asic:ASiCManifest>", ""]).encode()
