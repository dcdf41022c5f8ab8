"""Which keys lie in the evidence: such a key does not prove who it belongs to (VERDICTS 2).

Every small file is looked at, whatever it was recognised as: a key may lie in a model folder,
in an archive, indented in a text, or under any suffix. Large files are logs and weights.
"""

from collections.abc import Iterable

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.model.progress import Cancel
from workbench.verify.keys import keys_in

MOST_BYTES = MIB
#: A verifier key is one line; longer files without PEM text or DER are not read as keys.
_MOST_LINE = 4096


def evidence_keys(files: Iterable[EvidenceFile], *, cancel: Cancel) -> frozenset[str]:
    """Return the SHA-256 fingerprints of all keys and certificates that lie in ``files``."""
    found: set[str] = set()
    for file in files:
        cancel.check()
        if file.size <= MOST_BYTES:
            found |= _fingerprints(file)
    return frozenset(found)


def _fingerprints(file: EvidenceFile) -> set[str]:
    try:
        data = read_whole(file, limit=MOST_BYTES)
    except SourceError:
        return set()
    if b"-----BEGIN " not in data and data[:1] != b"\x30" and len(data) > _MOST_LINE:
        return set()
    return {fingerprint for _, fingerprint, _ in keys_in(_flush_left(data))}


def _flush_left(data: bytes) -> bytes:
    """Return PEM text without indentation, which would hide a block from a strict reader."""
    if b"-----BEGIN " not in data:
        return data
    return b"\n".join(line.strip() for line in data.splitlines())
