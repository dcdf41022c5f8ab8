"""What a service says of a signature, without the options of the command line."""

import re

#: ``(--trust tsa=FILE)``, ``: say --allow-network``, ``with --report FILE``.
_OPTION = re.compile(
    r",?\s*(?:\((?:[^()]* )?--[^()]*\)|(?:with|: say| or say) --[\w-]+(?: [A-Z]+)?)"
)


def windowed(sentence: str) -> str:
    """Return a sentence with the names of options left out: the window has fields."""
    return _OPTION.sub("", sentence)
