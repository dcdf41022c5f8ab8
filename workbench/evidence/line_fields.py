"""Read the fields of a line of text: ``key=value`` pairs, and CEF (Common Event Format)."""

import re

#: A pair as logfmt and syslog writers have it; a quoted value escapes quotes by a backslash.
_PAIR = re.compile(r'([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?=\s|$)')
_UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CEF = re.compile(r"CEF:(\d+)\|((?:[^|\\]|\\.)*\|){6}")
_HEADER = ("version", "vendor", "product", "product_version", "signature", "name", "severity")
_EXTENSION = re.compile(r"(?:^|(?<=\s))([^\s=|\\]+)=((?:[^=\\]|\\.)*?)(?=\s+[^\s=|\\]+=|\s*$)")
_PIPES = re.compile(r"(?<!\\)\|")


class TextError(ValueError):
    """A line that has no such fields; the message says why."""


def pairs_of(raw: bytes) -> dict[str, object]:
    """Return the pairs of a line; other words in it are passed over.

    Raises:
        TextError: it has none, or one name twice.
    """
    found = _PAIR.findall(_decoded(raw))
    return _unique([(k, _plain(quoted) if quoted else bare) for k, quoted, bare in found])


def cef_of(raw: bytes) -> dict[str, object]:
    """Return the fields of a CEF line: its header by name, and its extension.

    Raises:
        TextError: it is no CEF, or has one name twice.
    """
    text = _decoded(raw)
    begin = _CEF.search(text)
    if begin is None:
        raise TextError("the line is no CEF")
    head = _PIPES.split(text[begin.start() + 4 : begin.end() - 1])
    fields = [(name, _plain(value)) for name, value in zip(_HEADER, head, strict=True)]
    extension = _EXTENSION.findall(text[begin.end() :])
    return _unique([*fields, *((name, _plain(value)) for name, value in extension)])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError(f"the bytes are not UTF-8 at byte {error.start}") from error


def _plain(value: str) -> str:
    return _UNESCAPED.sub(lambda m: m[1], value)


def _unique(pairs: list[tuple[str, str]]) -> dict[str, object]:
    fields: dict[str, object] = dict(pairs)
    if not fields:
        raise TextError("the line has no fields")
    if len(fields) != len(pairs):
        raise TextError("a field stands twice")
    return fields
