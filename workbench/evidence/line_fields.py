"""Read the fields of a line of text: ``key=value`` pairs, and CEF (Common Event Format).

Every character is looked at a bounded number of times, whatever the line holds.
"""

import re

_NAME = re.compile(r'[^\s="]++')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_BARE = re.compile(r'[^\s"]*+')
_WORD = re.compile(r"\S++")
_SPACE = re.compile(r"\s*+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CEF = re.compile(r"CEF:(\d+)\|(?:(?:[^|\\]|\\.)*+\|){6}")
_HEADER = ("version", "vendor", "product", "product_version", "signature", "name", "severity")
_KEY = re.compile(r"(?<!\S)([^\s=|\\]++)=")
_PIPES = re.compile(r"(?<!\\)\|")


class TextError(ValueError):
    """A line that has no such fields; the message says why."""


def pairs_of(raw: bytes) -> dict[str, object]:
    """Return the pairs of a line; a quoted value escapes by a backslash, other words are skipped.

    Raises:
        TextError: it has none, one name twice, or a quoted value without end.
    """
    text, at = _decoded(raw), 0
    pairs: list[tuple[str, str]] = []
    while at < len(text):
        at = _end(_SPACE, text, at)
        start, end = at, _end(_NAME, text, at)
        at = _end(_WORD, text, end)
        if start == end or text[end : end + 1] != "=":
            continue
        if text[end + 1 : end + 2] == '"':
            value = _QUOTED.match(text, end + 1)
            if value is None:
                raise TextError(f"the value of {text[start:end][:50]} has no end")
            at = value.end()
            pairs.append((text[start:end], _plain(value[1])))
        elif _end(_BARE, text, end + 1) == at:
            pairs.append((text[start:end], text[end + 1 : at]))
    return _unique(pairs)


def cef_of(raw: bytes) -> dict[str, object]:
    """Return the fields of a CEF line: its header by name, and its extension.

    Raises:
        TextError: it is no CEF, or has one name twice.
    """
    text = _decoded(raw)
    begin = _CEF.search(text)
    if begin is None:
        raise TextError("the line is no CEF")
    head = _PIPES.split(text[begin.start() + len("CEF:") : begin.end() - 1])
    if len(head) != len(_HEADER):
        raise TextError("the line has another header than CEF")
    rest = text[begin.end() :]
    keys = [*_KEY.finditer(rest)]
    ends = [*(key.start() for key in keys[1:]), len(rest)][: len(keys)]
    values = (rest[key.end() : end].rstrip() for key, end in zip(keys, ends, strict=True))
    extension = [(key[1], value) for key, value in zip(keys, values, strict=True)]
    pairs = [*zip(_HEADER, head, strict=True), *extension]
    return _unique([(name, _plain(value)) for name, value in pairs])


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError(f"the bytes are not UTF-8 at byte {error.start}") from error


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda m: m[1], value)


def _unique(pairs: list[tuple[str, str]]) -> dict[str, object]:
    fields: dict[str, object] = dict(pairs)
    if not fields:
        raise TextError("the line has no fields")
    if len(fields) != len(pairs):
        raise TextError("a field stands twice")
    return fields
