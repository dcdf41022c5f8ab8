"""Read the fields of a line of text: ``key=value`` pairs, CEF (Common Event Format), syslog.

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
_PAIR = re.compile(r'(?<!\S)[^\s="]++=(?:"(?:[^"\\]|\\.)*+"|[^\s"]*+)(?!\S)', re.DOTALL)
_PRIORITY = re.compile(r"<(\d{1,3})>")
_NEW = re.compile(r"1 (\S+) (\S+) (\S+) (\S+) (\S+) ?")
_OLD = re.compile(
    r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (\S+) "
    r"(?:([^\s\[\]:]++)(?:\[([^\]]*+)\])?: ?)?"
)
_ELEMENT = re.compile(r"\[([^\s=\]\"]++)")
_PARAMETER = re.compile(r' ([^\s=\]"]++)="((?:[^"\\\]]|\\.)*+)"', re.DOTALL)
_ESCAPED_VALUE = re.compile(r'\\(["\\\]])')
_FACILITIES = 24


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


def words_of(raw: bytes) -> str:
    """Return what of a line is no pair, so that nothing of it is lost."""
    return " ".join(_PAIR.sub("", _decoded(raw)).split())


def before_cef(raw: bytes) -> str:
    """Return what stands before the CEF header: most often a header of syslog."""
    return _decoded(raw).partition("CEF:")[0].strip()


def syslog_of(raw: bytes) -> dict[str, object]:
    """Return the parts of a syslog message: RFC 5424 section 6, or as RFC 3164 describes them.

    Raises:
        TextError: it is neither.
    """
    text = _decoded(raw)
    priority = _PRIORITY.match(text)
    at = 0 if priority is None else priority.end()
    fields = {} if priority is None else _priority(priority[1])
    new = _NEW.match(text, at)
    if new is not None and priority is not None:
        names = ("timestamp", "hostname", "app_name", "procid", "msgid")
        fields |= {n: v for n, v in zip(names, new.groups(), strict=True) if v != "-"}
        data, end = _structured(text, new.end())
        message = text[end:].removeprefix(" ").removeprefix("\ufeff")
        return {**fields, "version": "1", **({"sd": data} if data else {}), "message": message}
    old = _OLD.match(text, at)
    if old is None:
        raise TextError("the line is no syslog message")
    named = zip(("timestamp", "hostname", "app_name", "procid"), old.groups(), strict=True)
    return {**fields, **{n: v for n, v in named if v}, "message": text[old.end() :]}


def _priority(digits: str) -> dict[str, object]:
    facility, severity = divmod(int(digits), 8)
    if facility >= _FACILITIES:
        raise TextError("the priority is none")
    return {"priority": digits, "facility": str(facility), "severity": str(severity)}


def _structured(text: str, at: int) -> tuple[dict[str, object], int]:
    """Return the structured data (RFC 5424 section 6.3) and where it ends."""
    if text[at : at + 1] == "-":
        return {}, at + 1
    data: dict[str, object] = {}
    while (element := _ELEMENT.match(text, at)) is not None:
        at = element.end()
        parameters: list[tuple[str, str]] = []
        while (one := _PARAMETER.match(text, at)) is not None:
            parameters.append((one[1], _ESCAPED_VALUE.sub(r"\1", one[2])))
            at = one.end()
        if text[at : at + 1] != "]" or element[1] in data:
            raise TextError("the structured data cannot be read")
        data[element[1]] = _grouped(parameters)
        at += 1
    if not data:
        raise TextError("the structured data cannot be read")
    return data, at


def _grouped(parameters: list[tuple[str, str]]) -> dict[str, object]:
    """Return parameters by name; one name may stand more than once (RFC 5424 section 6.3.3)."""
    found: dict[str, object] = {}
    for name, value in parameters:
        before = found.get(name)
        if before is None:
            found[name] = value
        else:
            found[name] = [*(before if isinstance(before, list) else [before]), value]
    return found


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
