"""One record of the Linux audit system: its type, its number, its fields, decoded.

What a program could choose freely (names, commands, titles) is quoted, or in hexadecimal digits
where it holds a blank, a quote or worse; both are read, and the digits are kept beside.
"""

import re
from typing import NamedTuple

from workbench.evidence.strict_json import JsonValue

_HEAD = re.compile(
    r"(?:node=(\S+) )?type=([^\s=]{1,64}) (?:msg=)?audit\((\d{1,12}\.\d{1,9}):(\d{1,20})\):?"
)
_OLD_HEAD = re.compile(r"audit\((\d{1,12}\.\d{1,9}):(\d{1,20})\):")
_FIELD = re.compile(r"(?<![^\s\x1d'(,])([A-Za-z][\w.-]{0,63})=(\"[^\"]*+\"|'|[^\s\x1d']*+)")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
#: Fields that the kernel or a program writes in digits where they are not plain.
_ENCODED = frozenset(
    {
        *("acct", "cmd", "comm", "cwd", "data", "device", "dir", "exe", "file", "grp", "key"),
        *("name", "new_disk", "new_group", "old_disk", "path", "proctitle", "sw", "vm", "watch"),
    }
)
#: Arguments of a command; in a system call they are numbers.
_ARGUMENT = re.compile(r"a\d{1,4}(?:\[\d+\])?")
_UNSET = {"4294967295", "-1", "unset", "?", "(none)", "(null)", ""}
_MOST_FIELDS = 2000


class Line(NamedTuple):
    """A record as its line has it.

    Attributes:
        node: the machine, or "".
        type: what kind of record.
        time: seconds since 1970, as written.
        serial: number that all records of one event share.
        fields: its fields, decoded.
        rest: words that are no fields, and what stands before the record.
    """

    node: str
    type: str
    time: str
    serial: str
    fields: dict[str, JsonValue]
    rest: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the records of one event share."""
        return self.node, self.time, self.serial


def line_of(text: str) -> Line | None:
    """Return the record in a line, or None where there is none."""
    head = _HEAD.search(text)
    if head is not None:
        node, kind, time, serial = head.groups()
    else:
        head = _OLD_HEAD.search(text)
        if head is None:
            return None
        node, kind, (time, serial) = "", "KERNEL", head.groups()
    body, before = text[head.end() :], text[: head.start()].strip()
    fields = _fields(kind, body)
    words = " ".join(_FIELD.sub(" ", body).replace("'", " ").replace("\x1d", " ").split())
    return Line(node or "", kind, time, serial, fields, " ".join(filter(None, (before, words))))


def is_set(value: JsonValue) -> bool:
    """Tell whether a value says anything: numbers and words for "unset" do not."""
    return isinstance(value, str) and value not in _UNSET


def _fields(kind: str, body: str) -> dict[str, JsonValue]:
    """Return the fields of a record; a name that stands twice is kept with a number."""
    found: dict[str, JsonValue] = {}
    for n, field in enumerate(_FIELD.finditer(body)):
        name, value = field[1], field[2]
        if value == "'" or n >= _MOST_FIELDS:
            continue
        is_quoted = value.startswith('"')
        if not is_quoted and "(" not in value:  # (hostname=?, res=success)
            value = value.rstrip("),")
        label = name if name not in found else f"{name}#{n}"
        found[label] = value[1:-1] if is_quoted else value
        if not is_quoted and _is_encoded(kind, name) and _HEX.fullmatch(value):
            found[label] = _decoded(value)
            found[f"{label}.hex"] = value
    return found


def _is_encoded(kind: str, name: str) -> bool:
    return name in _ENCODED or (kind == "EXECVE" and _ARGUMENT.fullmatch(name) is not None)


def _decoded(digits: str) -> str:
    """Return the text of hexadecimal digits; arguments are parted by NUL, keys by 0x01."""
    data = bytes.fromhex(digits).rstrip(b"\0")
    return data.replace(b"\0", b" ").replace(b"\1", b" ").decode("utf-8", "backslashreplace")
