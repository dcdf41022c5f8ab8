"""Replace names by keyed hashes, wherever they stand in a text.

Whoever has the key can say which pseudonym is whose; nobody else can, nor try names out (HMAC,
RFC 2104). The same name has the same pseudonym, however it is capitalised, so that it can still be
seen who did what.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from unicodedata import normalize

from workbench.analysis.spelling import decoded, plain, readings
from workbench.evidence.linear_regex import LinearPattern, pattern_of

KEY_BYTES = 32
#: Names shorter than this stand in other words: they are replaced as whole words only.
_SHORT = 4
#: Names in one pattern: more would not fit into the engine's memory.
_AT_ONCE = 100
_DIGITS = 16
#: Private code points that stand for a place while other names are still looked for.
_OPEN, _CLOSE, _ZERO = "\ue000", "\ue001", 0xE010
_SPECIAL = frozenset(r"\.+*?()|[]{}^$")
_PARTS = ":/@\\|<"
#: What of a distinguished name is a person's (RFC 4519).
_DISTINGUISHED = re.compile(r"(?i)(?:^|[,/+])\s*(?:cn|uid|mail|e|emailaddress)=([^,/+]+)")
#: A text within a text within a text is read, and no more.
_ROUNDS = 4
_OURS = re.compile(f"~[0-9a-f]{{{_DIGITS}}}")


@dataclass(slots=True)
class Pseudonyms:
    """Names, and what stands for them.

    Attributes:
        key: secret of the hash.
        used: what each pseudonym that was given out stands for.
    """

    key: bytes
    used: dict[str, str] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)
    _whole: frozenset[str] = frozenset()
    _patterns: list[LinearPattern] = field(default_factory=list)

    def know(self, names: Iterable[str]) -> None:
        """Learn every name that is to be replaced, before the first text is."""
        whole = {name for name in names if name.strip()}
        parts = {part for name in whole for part in _parts_of(name)}
        every = {normalize("NFC", name) for name in whole | parts} | whole
        every |= {form for name in whole | parts if (form := plain(name)).strip()}
        self._names = sorted(every, key=lambda name: (-len(name), name))
        self._whole = frozenset(self._names)
        self._patterns = [pattern_of(_any_of(some)) for some in _batches(self._names)]

    @property
    def names(self) -> Sequence[str]:
        """Return every name that is replaced, the longest first."""
        return self._names

    def replaced(self, text: str) -> str:
        """Return a text with a pseudonym for each name in it."""
        if text in self._whole:
            return self.of(text)
        text = self._put(text.translate(_CLEARED))
        for _ in range(_ROUNDS):
            hidden = next((read for read in readings(text) if self._stands_in(read)), None)
            if hidden is None:
                break
            text = self._put(hidden)
        for run, name in self._encoded(text):
            text = text.replace(run, self.of(name))
        return text

    def _put(self, text: str) -> str:
        """Return a text with a pseudonym for each name that stands in it as it is."""
        put: list[str] = []

        def stand_in(name: str) -> str:
            put.append(self.of(name))
            number = "".join(chr(_ZERO + int(digit)) for digit in str(len(put) - 1))
            return f"{_OPEN}{number}{_CLOSE}"

        for pattern in self._patterns:
            text = pattern.replaced(text, stand_in)
        return _put_in(text, put) if put else text

    def of(self, name: str) -> str:
        """Return what stands for a name."""
        folded = normalize("NFC", name).casefold()
        digest = hmac.new(self.key, folded.encode("utf-8", "surrogatepass"), hashlib.sha256)
        pseudonym = f"~{digest.hexdigest()[:_DIGITS]}"
        self.used.setdefault(pseudonym, name)
        return pseudonym

    def left_in(self, text: str) -> str:
        """Return a name that still stands in a text, however it is spelled there, or ""."""
        text = _OURS.sub("~", text)
        texts = (text, *readings(text))
        found = next((name for one in texts if (name := self._stands_in(one))), "")
        return found or next((name for _, name in self._encoded(text)), "")

    def _stands_in(self, text: str) -> str:
        text = _OURS.sub("~", text)
        return next((name for pattern in self._patterns for name in pattern.found(text)), "")

    def _encoded(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield what of a text is base64 of a name long enough that nothing else looks like it."""
        for run, held in decoded(text):
            found = self._stands_in(held)
            if len(found) > _SHORT:
                yield run, found


#: Private code points of a text itself would be taken for ours.
_CLEARED = dict.fromkeys((ord(_OPEN), ord(_CLOSE), *range(_ZERO, _ZERO + 10)), "\ufffd")


def _parts_of(name: str) -> Iterator[str]:
    """Yield what of a name may stand elsewhere by itself: ``jo.doe`` of ``did:mesh:jo.doe``."""
    found = [match[1] for match in _DISTINGUISHED.finditer(name)]
    for mark in _PARTS:
        first, there, last = name.rpartition(mark)
        if there:
            found += (first, last) if mark == "<" else (first if mark == "@" else last,)
    for part in (each.strip(" <>\"'") for each in found):
        long = len(part) >= _SHORT or (len(part) == _SHORT - 1 and part.isalpha())
        if long and part != name:
            yield part
            yield from _parts_of(part)


def _any_of(names: Iterable[str]) -> str:
    return "(?i)" + "|".join(_one(name) for name in names)


def _one(name: str) -> str:
    quoted = "".join(f"\\{c}" if c in _SPECIAL else c for c in name)
    if len(name) >= _SHORT:
        return quoted
    begin = r"\b" if name[0].isascii() and name[0].isalnum() else ""
    end = r"\b" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{begin}{quoted}{end}"


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _put_in(text: str, put: Sequence[str]) -> str:
    """Return a text with the pseudonyms in their places."""
    parts = text.split(_OPEN)
    done = [parts[0]]
    for part in parts[1:]:
        number, _, rest = part.partition(_CLOSE)
        done.append(put[int("".join(str(ord(digit) - _ZERO) for digit in number))] + rest)
    return "".join(done)
