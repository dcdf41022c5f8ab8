"""What stands at the top of a JSON document, as far as its first bytes show it.

A document is told by its names. They are read leniently, so that one that is long, cut off or
damaged further on is still known for what it was meant to be: whoever reads it says what is wrong.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.formats.reader import Look

_BOM = b"\xef\xbb\xbf"
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
#: Of a value, so many bytes are kept: enough to know a word by.
_KEPT = 4096


class Glimpse(NamedTuple):
    """The names at the top of a document.

    Attributes:
        is_list: the document is a list; the names are those of its first object.
        members: the value of each, as bytes of JSON, cut off where it is long.
        ended: its end was seen: the names are all that there are (of a list, of its first object).
        goes_on: something follows the document: it is none, but records one a line.
    """

    is_list: bool
    members: Mapping[str, bytes]
    ended: bool
    goes_on: bool

    def says(self, name: str, *words: bytes) -> bool:
        """Tell whether a member is there and holds one of some words."""
        value = self.members.get(name)
        return value is not None and any(word in value for word in words)

    def has(self, *names: str) -> bool:
        """Tell whether all of some members are there."""
        return all(name in self.members for name in names)


@lru_cache(maxsize=1)
def glimpse(head: bytes) -> Glimpse | None:
    """Return what the first bytes of a document show, or None where it is no object or list."""
    text = head.removeprefix(_BOM)
    start = text.lstrip()[:1]
    if start not in {b"{", b"["}:
        return None
    wanted = 1 if start == b"{" else 2
    members: dict[str, bytes] = {}
    end = -1
    for name, value, after in _members(text, wanted):
        if name is not None:
            members.setdefault(name, value)
        end = after
    goes_on = wanted == 1 and end >= 0 and bool(text[end:].strip())
    return Glimpse(start == b"[", members, end >= 0, goes_on)


def is_document(look: Look) -> bool:
    """Tell whether a file may be one JSON document: an object or a list, and nothing after it."""
    top = glimpse(look.head)
    return top is not None and not top.goes_on


def _members(text: bytes, wanted: int) -> Iterator[tuple[str | None, bytes, int]]:
    """Yield the members of the first object that is so deep; at its end None, where it ends."""
    depth, inside, begin = 0, False, -1
    name: bytes | None = None
    last = b""
    for token in _TOKENS.finditer(text):
        mark = token[0]
        ends = inside and depth == wanted and mark in {b",", b"}"}
        if ends and name is not None and begin >= 0:
            yield _name(name), text[begin : token.start()].strip()[:_KEPT], -1
            name, begin = None, -1
        if mark in {b"{", b"["}:
            depth += 1
            inside = inside or (mark == b"{" and depth == wanted)
        elif mark in {b"}", b"]"}:
            if inside and depth == wanted:
                yield None, b"", token.end()
                return
            depth -= 1
        elif mark == b":" and inside and depth == wanted and name is None:
            name, begin = last, token.end()
        last = mark
    if name is not None:
        yield _name(name), text[begin:].strip()[:_KEPT], -1


def _name(token: bytes) -> str | None:
    try:
        value = parse(token, what="name")
    except SourceError:
        return None
    return value if isinstance(value, str) else None
