"""One digest for a subject of many files, which ``sha256sum`` can reproduce."""

import hashlib
from collections.abc import Iterable

from workbench.evidence.file import EvidenceFile, sha256_of
from workbench.evidence.names import raw_path
from workbench.evidence.subject import Subject
from workbench.verify.content import known_digest
from workbench.verify.verifier import Bench


def listing_digest(subject: Subject, bench: Bench) -> str:
    r"""Return the SHA-256 of a single file, or of the listing of a folder's files.

    By hand: ``(cd FOLDER && find . -type f | cut -c3- | LC_ALL=C sort | xargs -d '\n' sha256sum)
    | sha256sum``.
    """
    digests = {f: _sha256_of(f, bench) for f in subject.files}
    if not subject.base and len(digests) == 1:
        return next(iter(digests.values()))
    return digest_of_listing(
        ((f.path if f.member is None else f"{f.path}/{f.member}")[len(subject.base) :], digest)
        for f, digest in digests.items()
    )


def _sha256_of(file: EvidenceFile, bench: Bench) -> str:
    known = known_digest(file, "sha256", bench.digests)
    return sha256_of(file, cancel=bench.cancel) if known is None else known.hex()


def digest_of_listing(files: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of lines ``HEX  NAME`` sorted by the bytes of the name."""
    ordered = sorted((_bytes_of(name), digest) for name, digest in files)
    lines = b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in ordered)
    return hashlib.sha256(lines).hexdigest()


def _bytes_of(name: str) -> bytes:
    """Return the bytes of a name as the file system has them, which ``sha256sum`` prints."""
    try:
        return raw_path(name).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # of Windows, and no Unicode text
        return name.encode()
