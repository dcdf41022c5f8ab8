"""What a reader of archives yields: members, and what is wrong with the archive."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from workbench.errors import SourceError
from workbench.evidence.file import BLOCK
from workbench.model.source import ProblemCode

_LZMA_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with an archive or a member.

    Attributes:
        code: what it is.
        message: what is said about the place, without a full stop.
        rest: whether part of the archive was not read because of it.
    """

    code: ProblemCode
    message: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One member as its archive lists it.

    Attributes:
        name: as stored; undecodable bytes as lone surrogates.
        content: returns its bytes in blocks, raising ``Damage`` where they end or do not agree
            with the archive's own checks; None where there is nothing to read.
        packed: bytes it takes in the archive, which bound what may come out; None where it is
            stored as it is.
        flaw: what keeps it from being green whatever its bytes are, or None.
        link: target of a symbolic link, or None.
    """

    name: str
    content: Callable[[], Iterator[bytes]] | None
    packed: int | None = None
    flaw: Flaw | None = None
    link: str | None = None


class Damage(SourceError):  # noqa: N818 - found in the archive, not made here
    """Bytes that end early, go on too long or fail the archive's own check."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class Engine(Protocol):
    """What undoes a compression, as the standard library's decompressors do."""

    @property
    def eof(self) -> bool:
        """Whether the compressed stream has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether all that can be had of what was put in is out."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was put in after the end."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Put in ``data`` and take at most ``max_length`` bytes out."""
        ...


class _Zlib:
    """zlib in the manner of the others."""

    def __init__(self, window: int) -> None:
        self._engine = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def needs_input(self) -> bool:
        return not self._engine.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._engine.decompress(self._engine.unconsumed_tail + data, max_length)


def gzip_engine() -> Engine:
    """Return an engine for one gzip member (RFC 1952), which checks CRC-32 and length."""
    return _Zlib(zlib.MAX_WBITS | 16)


def deflate_engine() -> Engine:
    """Return an engine for raw deflate (RFC 1951)."""
    return _Zlib(-zlib.MAX_WBITS)


def bzip2_engine() -> Engine:
    """Return an engine for one bzip2 stream."""
    return bz2.BZ2Decompressor()


def xz_engine() -> Engine:
    """Return an engine for one xz stream, in bounded memory."""
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)


def expanded(source: Iterator[bytes], engine: Engine) -> Iterator[bytes]:
    """Yield what comes out of one compressed stream, in blocks of bounded size.

    Raises:
        Damage: it is cut off, corrupt, or something comes after its end.
    """
    try:
        for block in source:
            yield engine.decompress(block, BLOCK)
            while not (engine.eof or engine.needs_input):
                yield engine.decompress(b"", BLOCK)
            if engine.eof:
                break
        while not engine.eof and (block := engine.decompress(b"", BLOCK)):
            yield block
    except (zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise Damage(ProblemCode.CORRUPT, f"cannot be decompressed: {error}") from error
    if not engine.eof:
        raise Damage(ProblemCode.TRUNCATED, "ends before its compressed data does")
    if engine.unused_data or next(source, b""):
        raise Damage(ProblemCode.TRAILING_DATA, "goes on after the end of its compressed data")


def span(stream: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    """Yield ``length`` bytes at ``offset`` in blocks; fewer where the stream ends."""
    try:
        stream.seek(offset)
    except (OSError, OverflowError):  # further than any file can reach: nothing lies there
        return
    while length > 0 and (block := stream.read(min(BLOCK, length))):
        length -= len(block)
        yield block


def whole_span(stream: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    """Yield exactly ``length`` bytes at ``offset`` in blocks.

    Raises:
        Damage: the stream ends before.
    """
    for block in span(stream, offset, length):
        length -= len(block)
        yield block
    if length > 0:
        raise Damage(ProblemCode.TRUNCATED, f"ends {length} bytes too early")


def exactly(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Return exactly ``length`` bytes at ``offset``; for headers of bounded size.

    Raises:
        Damage: the stream ends before.
    """
    return b"".join(whole_span(stream, offset, length))
