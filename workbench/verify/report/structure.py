"""Find the signatures of a PDF in its bytes alone, so that there is one way to read it.

No PDF library is asked here. What holds of every signature returned:

* its byte range starts at byte 0 and leaves out one hole, the hexadecimal string of the CMS;
* the hole holds upper-case digits, then zeros, and nothing else;
* so the file up to the signature's end is the signed bytes and that string, byte for byte.

Attacks that this stops: bytes before the header or after the last ``%%EOF``, a byte range moved
or widened (universal forgery, signature wrapping), and bytes hidden behind the CMS.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from workbench.verify.report.der import SEQUENCE, DerError, first

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n]")
_BYTE_RANGE = re.compile(rb"/ByteRange ?\[0 ([1-9]\d{0,9}) ([1-9]\d{0,9}) ([1-9]\d{0,9})\]")
_CONTENTS = re.compile(rb"<(?:[0-9A-F]{2})+>")
_END = re.compile(rb"[\r\n]%%EOF(?:\r\n|\r|\n)?\Z")
_END_OF_FILE = b"%%EOF\n"
_REMAINS = (b"/ByteRange", b"/Adobe.PPKLite", b"/ETSI.CAdES.detached")

_HASHES = {"sha256", "sha384", "sha512"}

#: Holes that are looked into, and bytes of one: more is no report of ours, and could cost hours.
MAX_HOLES = 32
MAX_HOLE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignedRange:
    """One signature as it lies in the file.

    Attributes:
        before: signed bytes from the start of the file to the ``<`` of the hole.
        after: offset of the byte after the ``>`` of the hole.
        end: offset where the signed bytes end.
        cms: DER of the CMS, without the zeros behind it.
    """

    before: int
    after: int
    end: int
    cms: bytes

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        """Return the PDF's own way to write it (ISO 32000-1 12.8.1)."""
        return (0, self.before, self.after, self.end - self.after)

    def digest(self, data: bytes, algorithm: str = "sha256") -> bytes:
        """Return the digest of the signed bytes; b"" where the hash is none that still counts."""
        if algorithm not in _HASHES:
            return b""
        view = memoryview(data)
        state = hashlib.new(algorithm, view[: self.before])
        state.update(view[self.after : self.end])
        return state.digest()


def looks_signed(data: bytes) -> bool:
    """Tell whether anything in the bytes speaks of a signature, be it broken."""
    return any(word in data for word in _REMAINS)


def signed_ranges(data: bytes) -> tuple[SignedRange, ...]:
    """Return the well-formed signatures, in the order of signing."""
    return tuple(sorted(_candidates(data), key=lambda found: found.end))


def outer_problem(data: bytes, ranges: tuple[SignedRange, ...]) -> str | None:
    """Return what is wrong around the signatures, as a sentence, or None."""
    if not _HEADER.match(data):
        return "The file does not start with the header of a PDF."
    if not ranges:
        return "No signature lies in the file as we write it: altered, or of another program."
    if rest := len(data) - ranges[-1].end:
        return f"{rest} bytes follow the last signature, which does not cover them."
    if not _END.search(data, max(0, len(data) - 16)):
        return "The file does not end with the mark of its end, %%EOF."
    return None


def unsigned_part(data: bytes) -> bytes:
    """Return what lies before the first signature: the report as it was made.

    A signature is appended as a revision, which begins after the last end of file before it.
    """
    ranges = signed_ranges(data)
    if not ranges:
        return data
    end = data.rfind(_END_OF_FILE, 0, ranges[0].before)
    return data if end < 0 else data[: end + len(_END_OF_FILE)]


def _candidates(data: bytes) -> Iterator[SignedRange]:
    for before, after, end in islice(_holes(data), MAX_HOLES):
        if cms := _cms_in_hole(data, before, after):
            yield SignedRange(before, after, end, cms)


def _holes(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each hole that a byte range states, and the end of the range."""
    for match in _BYTE_RANGE.finditer(data):
        before, after, tail = (int(number) for number in match.groups())
        end = after + tail
        # What states the range is itself signed, so it lies within it and outside the hole.
        stated_inside = match.end() <= before or after <= match.start() < end
        if stated_inside and before < after <= before + MAX_HOLE and end <= len(data):
            yield before, after, end


def _cms_in_hole(data: bytes, before: int, after: int) -> bytes | None:
    """Return the one DER element in the hole if only zeros follow it, else None."""
    if not _CONTENTS.fullmatch(data, before, after):
        return None
    try:
        cms, padding = first(bytes.fromhex(data[before + 1 : after - 1].decode("ascii")), SEQUENCE)
    except DerError:
        return None
    return None if padding.strip(b"\x00") else cms.whole
