"""Whether a licence, as a catalog names it, allows non-commercial use only."""

import re
from itertools import pairwise

#: What people write where they do not name a licence (SPDX: NOASSERTION, NONE).
_NO_NAME = frozenset({"", "noassertion", "none", "unknown", "other", "tbd", "n a", "null"})
_WORD = re.compile(r"[a-z]+|[0-9]+")
_CHOICE = re.compile(r" or |\|\|?")
#: A word that says so: Creative Commons NC, PolyForm Noncommercial, NCGL.
_NON_COMMERCIAL = frozenset({"nc", "noncommercial", "ncgl"})
_PAIRS = frozenset({("non", "commercial"), ("research", "only"), ("academic", "only")})


def names_licence(text: str) -> bool:
    """Tell whether a text names a licence at all."""
    return " ".join(_WORD.findall(text.casefold())) not in _NO_NAME


def is_non_commercial(text: str) -> bool | None:
    """Return whether all that a licence offers is for non-commercial use; None: nobody can tell.

    Upper and lower case, ``CC-BY-NC-4.0`` and ``CC BY NC 4.0`` are the same. Of a choice (``MIT OR
    CC-BY-NC-4.0``) one that allows it is enough; a nested expression of both kinds is not decided.
    """
    if not names_licence(text):
        return None
    folded = " ".join(text.casefold().split())
    offered = [_says_so(part) for part in _CHOICE.split(folded)]
    if "(" in folded and any(offered) and not all(offered):
        return None
    return all(offered)


def _says_so(text: str) -> bool:
    words = _WORD.findall(text)
    pairs = set(pairwise(words))
    joined = any(word.startswith("ccbync") for word in words)
    return joined or bool(_NON_COMMERCIAL & set(words) or _PAIRS & pairs)
