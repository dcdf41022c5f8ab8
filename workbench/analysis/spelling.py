"""Read a text as it says once escapes are undone: what is looked for in it may hide behind them.

Undone are the escapes of addresses and forms (RFC 3986, HTML 4.01 17.13.4), of JSON and of markup,
also one within the other; Unicode is taken in its form NFKC, without signs that nobody sees.
"""

import base64
import re
from collections.abc import Callable, Iterator
from html import unescape
from unicodedata import category, normalize
from urllib.parse import unquote, unquote_plus

_ROUNDS = 4
_JSON = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([\"\\/]))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
#: So much text in a row is hardly ever chance.
_TEXT = re.compile(r"[^\x00-\x1f\x7f\ufffd]{5}")
#: Without one of these, plain ASCII says what it says.
_ESCAPES = re.compile(r"[%+\\&]")
_URL_SAFE = str.maketrans("-_", "+/")


def plain(name: str) -> str:
    """Return a name in the one form that texts are taken in here."""
    return normalize("NFKC", _seen(normalize("NFKC", name)).casefold())


def readings(text: str) -> Iterator[str]:
    """Yield a text with its escapes undone, where that is another text, whatever its capitals."""
    if text.isascii() and not _ESCAPES.search(text):
        return
    read = {_undone(text, unquote), _undone(text, unquote_plus)}
    yield from sorted(one for one in read if one.lower() != text.lower())


def decoded(text: str) -> Iterator[tuple[str, str]]:
    """Yield each run of text that may be base64 of text, with that, wherever in it that begins.

    Zero bytes are left out, so that UTF-16 is read too.
    """
    for found in _BASE64.finditer(text):
        run = found[0].translate(_URL_SAFE)
        for start in range(4):
            part = run[start:]
            held = base64.b64decode(part + "A" * (-len(part) % 4))
            said = held.replace(b"\0", b"").decode("utf-8", "replace")
            if _TEXT.search(said):
                yield found[0], said


def _undone(text: str, unquoted: Callable[[str], str]) -> str:
    for _ in range(_ROUNDS):
        before, text = text, unescape(unquoted(_JSON.sub(_character, text)))
        if text == before:
            break
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text if text.isascii() else normalize("NFKC", _seen(normalize("NFKC", text)))


def _character(found: re.Match[str]) -> str:
    number, sign = found.groups()
    return chr(int(number, 16)) if number else str(sign)


def _seen(text: str) -> str:
    return "".join(sign for sign in text if category(sign) != "Cf")
