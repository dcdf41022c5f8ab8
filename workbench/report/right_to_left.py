"""Words of scripts that run from right to left, in the order and the forms in which they are drawn.

Not the bidirectional algorithm of Unicode, on purpose: a report sets evidence from left to right,
and each phrase of Hebrew or Arabic within it as its readers read it. What would turn the order of
anything else, as U+202E, is printed by its number.
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
#: Arabic presentation forms: of each letter how it looks alone, and beside others.
_FORMS = range(0xFB50, 0xFEFD)
_ALONE, _LAST, _FIRST, _WITHIN = "<isolated>", "<final>", "<initial>", "<medial>"


def as_drawn(text: str) -> str:
    """Return a text with each phrase from right to left in visual order."""
    return text if text.isascii() else _PHRASE.sub(lambda found: _turned(found[0]), text)


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
