"""Refuse a rule that could cost too much before it is run: a static bound, from its text alone.

CEL has no loops but macros over lists, so nesting of macros and the length of lists bound it
(CEL language definition, "Macros"). A list given to a rule has at most ``MOST_ITEMS`` entries.
"""

import re

from workbench.errors import ProfileError

MOST_CHARACTERS = 1_000
MOST_MACROS = 6
MOST_NESTED = 2
MOST_ITEMS = 500

_TEXT = re.compile(r"""[rR]?"(?:[^"\\\n]|\\.)*"|[rR]?'(?:[^'\\\n]|\\.)*'""")
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")


def require_cheap(expression: str, what: str) -> None:
    """Raise unless the expression stays within the bounds.

    Args:
        expression: CEL.
        what: how to name the rule in an error.

    Raises:
        ProfileError: it is too long, or has too many macros or too deep ones.
    """
    if len(expression) > MOST_CHARACTERS:
        raise ProfileError(f"{what} has more than {MOST_CHARACTERS} characters.")
    if "'''" in expression or '"""' in expression:
        raise ProfileError(f"{what} has a text in three quotes, which is not read here.")
    bare = _TEXT.sub("''", expression)
    starts = [match.end() - 1 for match in _MACRO.finditer(bare)]
    if len(starts) > MOST_MACROS:
        raise ProfileError(f"{what} has more than {MOST_MACROS} macros over lists.")
    deepest = max((sum(_holds(bare, other, at) for other in starts) for at in starts), default=0)
    if deepest > MOST_NESTED:
        raise ProfileError(f"{what} nests macros over lists more than {MOST_NESTED} deep.")


def _holds(text: str, opening: int, place: int) -> bool:
    """Tell whether the bracket that opens at ``opening`` is still open at ``place``, or is it."""
    if place < opening:
        return False
    depth = 0
    for character in text[opening : place + 1]:
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return False
    return True
