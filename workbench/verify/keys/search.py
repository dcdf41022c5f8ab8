"""Search bytes of any size for a few keys in every form, in one pass of bounded memory.

Raw keys are searched for as they are. Of a text everything but the base64 alphabet is taken out
first: line ends, indentation, quotes, the colons of hexadecimal, the zeros of UTF-16. In what is
left a key is at least 42 characters in a row, so that of words of eight characters, one taken every
32, at least one lies wholly within it: only these words are looked up. Where bytes are no text, as
in weights and databases, text forms are looked for as they stand, in one piece.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.evidence.bytes_in import is_in
from workbench.evidence.textual import is_text
from workbench.verify.keys.forms import KeyForms

_WORD, _EVERY = 8, 4
#: Of so many bytes it is asked whether they are text.
_PART = 256 * 1024
#: So much of a part is looked at again with the next one at least; no text of a key is longer.
_TAIL = 256
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET))
_SAFE_TO_PLAIN = bytes.maketrans(b"-_", b"+/")
#: JSON escapes that leave letters behind; of ``\/`` the backslash is taken out.
_ESCAPES = {b"\\n": b"", b"\\r": b"", b"\\t": b""}
#: JSON escapes that hide a letter (RFC 8259 section 7).
_HEX_ESCAPE = re.compile(rb"\\u00([0-7][0-9a-fA-F])")
_LONGEST_ESCAPE = 6


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of the keys that lie in bytes; whether a part was searched for raw ones only."""

    keys: frozenset[int] = frozenset()
    thinned: bool = False

    def __or__(self, other: "Found") -> "Found":
        return Found(self.keys | other.keys, self.thinned or other.thinned)


@dataclass(frozen=True, slots=True)
class Sought:
    """The keys of a search.

    Attributes:
        forms: how each is written.
        words: every word of eight characters in the text forms.
        longest: bytes of the longest form.
    """

    forms: tuple[KeyForms, ...]
    words: frozenset[int]
    longest: int


def sought(forms: Iterable[KeyForms]) -> Sought:
    """Prepare the search for keys written in ``forms``."""
    keys = tuple(forms)
    spelt = (spelling for form in keys for text in form.texts for spelling in _spellings(text))
    words = frozenset(word for spelling in spelt for word in _words_in(spelling))
    return Sought(keys, words, max([_TAIL, *(len(form.raw) for form in keys)]))


@dataclass(slots=True)
class Search:
    """A search through bytes that come in blocks.

    Attributes:
        sought: the keys.
        sparing: where bytes are no text, search for raw keys only.
    """

    sought: Sought
    sparing: bool = False
    _tail: bytes = field(default=b"", init=False)
    _text: bytes = field(default=b"", init=False)
    _held: bytes = field(default=b"", init=False)
    _keys: set[int] = field(default_factory=set, init=False)
    _thinned: bool = field(default=False, init=False)

    def through(self, blocks: Iterable[bytes]) -> Found:
        """Return what lies in the bytes of ``blocks``, one after the other."""
        for block in blocks:
            self._take(block)
        self._take_text(b"", last=True)
        return Found(frozenset(self._keys), self._thinned)

    def _take(self, block: bytes) -> None:
        seam = self._tail + block[: self.sought.longest]
        for n, form in enumerate(self.sought.forms):
            if form.raw in seam or is_in(form.raw, block):
                self._keys.add(n)
        for start in range(0, len(block), _PART):
            self._take_part(block, start, min(start + _PART, len(block)))

    def _take_part(self, block: bytes, start: int, end: int) -> None:
        """Look for text forms in a part of a block."""
        before = self._tail
        longest = self.sought.longest
        self._tail = (before + block[max(start, end - longest) : end])[-longest:]
        if is_text(block, start, end):
            part = block[start:end]
            self._take_text(part if self._text else before + part)
            return
        self._text = self._held = b""
        if self.sparing:
            self._thinned = True
            return
        window = before + block[start:end]
        if self._has_word(window):
            self._look_into(_only_alphabet(window))

    def _take_text(self, block: bytes, *, last: bool = False) -> None:
        block = self._held + block
        escape = -1 if last else block.rfind(b"\\", -_LONGEST_ESCAPE + 1)
        block, self._held = (block, b"") if escape < 0 else (block[:escape], block[escape:])
        text = self._text + _only_alphabet(block)
        if self._has_word(text):
            self._look_into(text)
        self._text = text[-_TAIL:]

    def _has_word(self, text: bytes) -> bool:
        whole = text + bytes(-len(text) % _WORD)
        return not self.sought.words.isdisjoint(memoryview(whole).cast("Q")[::_EVERY])

    def _look_into(self, text: bytes) -> None:
        """Keep the keys one of whose forms really stands in ``text``."""
        found = (
            n for n, form in enumerate(self.sought.forms) if any(t in text for t in form.texts)
        )
        self._keys.update(found)


def _only_alphabet(data: bytes) -> bytes:
    """Return the base64 characters of a text, its safe alphabet made the plain one."""
    if b"\\" in data:
        for escape, meaning in _ESCAPES.items():
            data = data.replace(escape, meaning)
        if b"\\u00" in data:
            data = _HEX_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
    return data.translate(_SAFE_TO_PLAIN, _NOT_ALPHABET)


def _spellings(text: bytes) -> Iterator[bytes]:
    """Yield how a text may stand among bytes that are not text."""
    yield text
    yield text.translate(bytes.maketrans(b"+/", b"-_"))
    yield text.replace(b"/", b"\\/")


def _words_in(text: bytes) -> Iterator[int]:
    """Yield every word of eight characters in ``text``, as this machine reads it."""
    for start in range(len(text) - _WORD + 1):
        yield int.from_bytes(text[start : start + _WORD], sys.byteorder)
