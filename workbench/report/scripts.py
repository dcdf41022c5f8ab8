"""Hebrew, Arabic and Devanagari, in the order and the forms in which they are drawn.

Not the bidirectional algorithm of Unicode, on purpose: a report sets evidence from left to right,
and each phrase of Hebrew or Arabic within it as its readers read it. What would turn the order of
anything else, as U+202E, is printed by its number. Devanagari is legible, not beautiful: its
consonants are not joined, the virama between them is seen.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

#: Longest phrase that is turned as a whole, as short enough for one line; of a longer one each
#: word is.
_TURNED = 40

_LETTER = "[\u0590-\u05ff\u0620-\u06ff\u0750-\u077f]"
_PHRASE = re.compile(f"{_LETTER}+(?: {_LETTER}+)*")
#: The sign of a short i is written before the consonants that it is spoken after.
_I_SIGN = re.compile(
    "((?:[\u0915-\u0939\u0958-\u095f]\u093c?\u094d)*[\u0915-\u0939\u0958-\u095f]\u093c?)(\u093f)"
)
_MARK = re.compile("[\u0900-\u0902\u093c\u0941-\u0948\u094d\u0962\u0963]")
_BASE = re.compile("[\u0904-\u0939\u093e-\u0940\u0949-\u094c\u0958-\u0961]")
#: Arabic presentation forms: of each letter how it looks alone, and beside others.
_FORMS = range(0xFB50, 0xFEFD)
_ALONE, _LAST, _FIRST, _WITHIN = "<isolated>", "<final>", "<initial>", "<medial>"


def as_drawn(text: str) -> str:
    """Return a text in visual order."""
    if text.isascii():
        return text
    return _I_SIGN.sub(r"\2\1", _PHRASE.sub(lambda found: _turned(found[0]), text))


def joins(mark: str, before: str) -> bool:
    """Tell whether a mark of Devanagari stands at a letter, where it is read and hides nothing."""
    return bool(_MARK.match(mark)) and bool(_BASE.match(before))


def _turned(phrase: str) -> str:
    if len(phrase) > _TURNED:
        return " ".join(_joined(word)[::-1] for word in phrase.split(" "))
    return " ".join(_joined(word) for word in phrase.split(" "))[::-1]


def _joined(word: str) -> str:
    """Return a word with each Arabic letter in the form that its neighbours give it."""
    letters = list(_letters(word))
    found = []
    for at, letter in enumerate(letters):
        after_one = at > 0 and _LAST in _forms(letter) and _FIRST in _forms(letters[at - 1])
        before_one = (
            at + 1 < len(letters) and _FIRST in _forms(letter) and _LAST in _forms(letters[at + 1])
        )
        kind = {(False, False): _ALONE, (True, False): _LAST, (False, True): _FIRST}.get(
            (after_one, before_one), _WITHIN
        )
        found.append(_forms(letter).get(kind, letter))
    return "".join(found)


def _letters(word: str) -> Iterator[str]:
    """Yield letters; lam with alef is one (Unicode 9.2, ligatures that must be)."""
    rest = word
    while rest:
        wide = 2 if len(rest) > 1 and _ALONE in _forms(rest[:2]) and rest[0] == "\u0644" else 1
        yield rest[:wide]
        rest = rest[wide:]


def _forms(letters: str) -> dict[str, str]:
    return _all_forms().get(letters, {})


@cache
def _all_forms() -> dict[str, dict[str, str]]:
    """Return the forms of each letter, as the character data of Unicode has them."""
    found: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        kind, *codes = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in {_ALONE, _LAST, _FIRST, _WITHIN}:
            letters = "".join(chr(int(each, 16)) for each in codes)
            found.setdefault(letters, {})[kind] = chr(code)
    return found
