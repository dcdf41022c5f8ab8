"""The bytes that a detached signature is over: hashed once for each way of hashing, or whole."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from workbench.evidence.file import BLOCK, EvidenceFile, blocks, read_whole
from workbench.evidence.limits import LIMITS
from workbench.model.progress import Cancel

_BOM = b"\xef\xbb\xbf"


class Content(Protocol):
    """Bytes, wherever they are."""

    def digest(self, algorithm: str, trailer: bytes = b"") -> bytes:
        """Return the digest of the bytes, and of ``trailer`` after them (``hashlib`` names)."""
        ...

    def whole(self) -> bytes:
        """Return the bytes themselves.

        Raises:
            LimitError: there are too many of them.
        """
        ...


@dataclass(slots=True)
class FileContent:
    """The bytes of a file; a large one is never held whole."""

    file: EvidenceFile
    cancel: Cancel
    _states: dict[str, "hashlib._Hash"] = field(default_factory=dict)

    def digest(self, algorithm: str, trailer: bytes = b"") -> bytes:
        """Return the digest of the bytes, and of ``trailer`` after them."""
        if algorithm not in self._states:
            state = hashlib.new(algorithm)
            for block in blocks(self.file, cancel=self.cancel, size=4 * BLOCK):
                state.update(block)
            self._states[algorithm] = state
        state = self._states[algorithm].copy()
        state.update(trailer)
        return state.digest()

    def whole(self) -> bytes:
        """Return the bytes themselves."""
        return read_whole(self.file)


@dataclass(frozen=True, slots=True)
class BytesContent:
    """Bytes at hand."""

    data: bytes

    def digest(self, algorithm: str, trailer: bytes = b"") -> bytes:
        """Return the digest of the bytes, and of ``trailer`` after them."""
        return hashlib.new(algorithm, self.data + trailer).digest()

    def whole(self) -> bytes:
        """Return the bytes themselves."""
        return self.data


def known_digest(
    file: EvidenceFile, algorithm: str, known: Mapping[tuple[EvidenceFile, str], bytes]
) -> bytes | None:
    """Return a digest that was made on another way through a file; None: there is none.

    Raises:
        SourceError: it is no longer the file that was hashed.
    """
    found = known.get((file, algorithm))
    if found is not None:
        with file.open():
            pass
    return found


def innocent_variants(file: EvidenceFile) -> Iterator[tuple[str, BytesContent]]:
    """Yield what a file may have been before somebody's tool changed it in a known way.

    Nothing is tried on what is too large to be held whole.
    """
    if file.size > LIMITS.document:
        return
    data = read_whole(file)
    plain = data.replace(b"\r\n", b"\n")
    tried = {
        "with line ends LF where they are CRLF now": plain,
        "with line ends CRLF where they are LF now": plain.replace(b"\n", b"\r\n"),
        "without the byte-order mark that it begins with now": data.removeprefix(_BOM),
        "with a byte-order mark before it": _BOM + data,
        "without the newline at its end": data.removesuffix(b"\n"),
        "with a newline at its end": data + b"\n",
    }
    for how, before in tried.items():
        if before != data:
            yield how, BytesContent(before)
