"""What the auditor says of evidence beside findings: tags and notes.

The journal keeps them, and nothing else does: what was said cannot be changed without breaking
its chain, and what was taken back is still on record.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.errors import UsageError

MOST_TAG, MOST_NOTE = 60, 10_000
_PLACE = re.compile(r"([0-9]{1,9})(?:/(.+)|:([1-9][0-9]{0,17}))?", re.DOTALL)


class RemarkKind(StrEnum):
    """A word by which rows are found again, or sentences."""

    TAG = "tag"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class On:
    """What a remark is on, whatever the numbers of the case: a source, or something in it.

    Attributes:
        sha256: digest of the source.
        key: key of a thing within it, or "".
        record: number of a record of it, or 0.
    """

    sha256: str
    key: str = ""
    record: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A tag or a note that holds.

    Attributes:
        number: act of the journal that recorded it; by this number it is taken back.
        kind: which of the two.
        on: what it is on.
        place: how that was named: ``3``, ``3/model/x`` or ``3:1845``.
        text: what it says.
        who: who said it.
        at: when, aware UTC.
    """

    number: int
    kind: RemarkKind
    on: On
    place: str
    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A source by its number, a thing of it by key, or a record of it: ``3``, ``3/x``, ``3:5``."""

    source: int
    key: str = ""
    record: int = 0

    def __str__(self) -> str:
        """Return it as the command line takes it."""
        if self.key:
            return f"{self.source}/{self.key}"
        return f"{self.source}:{self.record}" if self.record else str(self.source)


def place_of(text: str) -> Place:
    """Return the place that a text names.

    Raises:
        UsageError: it names none.
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UsageError(
            f"A source is named by its number (3), a thing by source and key (3/run/abc), an event "
            f"by source and record (3:1845); {text} is none of these."
        )
    return Place(int(found[1]), found[2] or "", int(found[3] or 0))


def writable(text: str) -> str:
    """Return text that can be written as UTF-8: lone surrogates as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def said(kind: RemarkKind, text: str) -> str:
    """Return what is kept of a text: without space around it, composed; a tag in one line.

    What is no UTF-8 on a command line is kept as the journal writes it.

    Raises:
        UsageError: nothing is left, or it is too long.
    """
    clean = unicodedata.normalize("NFC", writable(text)).strip()
    if kind is RemarkKind.TAG:
        clean = " ".join(clean.split())
    most = MOST_TAG if kind is RemarkKind.TAG else MOST_NOTE
    if not clean:
        raise UsageError(f"Say what the {kind.value} is: it is empty.")
    if len(clean) > most:
        raise UsageError(f"A {kind.value} has at most {most:,} characters, not {len(clean):,}.")
    return clean
