"""JSON as RFC 8259 has it and nothing else: the one place where evidence becomes JSON values.

Refused, because two programs would read two things: duplicate names, ``NaN`` and ``Infinity``,
lone surrogates (RFC 7493 2.1), bytes that are not UTF-8. Depth is measured before anything is
parsed. The scanning itself is the standard library's, in C.
"""

import json
import math
import re
from collections.abc import Callable
from typing import NoReturn

from workbench.errors import LimitError, SourceError
from workbench.evidence.limits import LIMITS, Limits

MOST_DIGITS = 4300
"""Of an integer, as the interpreter has it; more would take time that grows with the square."""

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

_BOM = b"\xef\xbb\xbf"
#: Strings whole, so that brackets inside them are not seen; one left open runs to the end.
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_STRING_OR_EDGE = re.compile(rb'("(?:[^"\\]++|\\.)*+")\s*+(:?)|[{}]', re.DOTALL)
_STRING_OR_LITERAL = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"|(-?(?:NaN|Infinity|[0-9][-+.0-9eE]*+))', re.DOTALL
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
#: Escapes one by one, a proper pair as one.
_ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)


class JsonError(SourceError):
    """Bytes that are not strict JSON; ``offset`` is where, in bytes from the start."""

    code = "MALFORMED_SOURCE"

    def __init__(self, what: str, offset: int, reason: str) -> None:
        super().__init__(
            f"{what} is not strict JSON at byte {offset}: {reason}.", place=f"byte {offset}"
        )
        self.offset = offset
        self.reason = reason


class NameTwice(JsonError):  # noqa: N818 - named as what was found
    """An object that has a name twice: one program would read the first value, one the last."""


class JsonTooDeep(JsonError, LimitError):  # noqa: N818 - named as the limit that it went over
    """JSON that is nested deeper than is read."""

    code = LimitError.code


class Number(str):
    """A number of a document in its own spelling, as ``parse_exact`` returns it."""

    __slots__ = ()


class NoNumber(JsonError):  # noqa: N818 - it says what is there
    """A literal that Python writes for a number that is none, and JSON does not have."""


_NO_NUMBERS = {b"NaN", b"Infinity", b"-Infinity"}


class _DuplicateError(ValueError):
    """A name that an object has twice."""


class _NumberError(ValueError):
    """A literal that stands for no number, or for one that a double cannot hold."""

    def __init__(self, literal: str, reason: str) -> None:
        super().__init__(reason)
        self.literal = literal.encode()


def parse(
    data: bytes,
    *,
    limits: Limits = LIMITS,
    what: str,
    allow_bom: bool = False,
    allow_halves: bool = False,
) -> JsonValue:
    """Return the value that ``data`` holds, numbers as Python has them.

    Args:
        data: the whole document, UTF-8.
        limits: ``json_depth`` is the deepest nesting.
        what: how to name the document in an error.
        allow_bom: accept a byte order mark at the start.
        allow_halves: accept escapes that are half of a surrogate pair, as we write them for the
            bytes of a file name that is not UTF-8.

    Raises:
        JsonTooDeep: it is nested too deep.
        JsonError: it is not strict JSON, or a number is out of range.
    """
    value: JsonValue = _parse(_FINITE, data, limits, what, allow_bom=allow_bom)
    if not allow_halves:
        _require_scalars(data, what)
    return value


def parse_exact(
    data: bytes, *, limits: Limits = LIMITS, what: str, allow_bom: bool = False
) -> JsonValue:
    """Return the value that ``data`` holds, each number a ``Number`` with its spelling.

    Arguments and errors are those of ``parse``.
    """
    value: JsonValue = _parse(_EXACT, data, limits, what, allow_bom=allow_bom)
    _require_scalars(data, what)
    return value


def parse_twice(data: bytes, *, limits: Limits = LIMITS, what: str) -> JsonValue:
    """Return the value of a document that ``parse_exact`` refused with ``NameTwice``.

    For what is listed and not judged: the last value counts, as nearly every program has it, and
    earlier ones are kept as ``NAME#1``, ``NAME#2``.

    Raises:
        JsonError: it is not strict JSON in another way.
    """
    value: JsonValue = _parse(_KEEPING, data, limits, what, allow_bom=False)
    _require_scalars(data, what)
    return value


def parse_with_no_numbers(data: bytes, *, limits: Limits = LIMITS, what: str) -> JsonValue:
    """Return the value of a document that ``parse_exact`` refused with ``NoNumber``.

    For what is listed and not judged: Python writes ``NaN``, ``Infinity`` and ``-Infinity``, each
    of which is a ``Number`` so spelled.

    Raises:
        JsonError: it is not strict JSON in another way.
    """
    value: JsonValue = _parse(_PYTHON, data, limits, what, allow_bom=False)
    _require_scalars(data, what)
    return value


def _kept(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members: dict[str, JsonValue] = {}
    earlier: dict[str, int] = {}
    for name, value in pairs:
        if name in members:
            n = earlier.get(name, 0) + 1
            while f"{name}#{n}" in members:
                n += 1
            earlier[name] = n
            members[f"{name}#{n}"] = members[name]
        members[name] = value
    return members


def _unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateError
    return members


def _refuse(literal: str) -> NoReturn:
    raise _NumberError(literal, f"{literal} is no number in JSON")


def _finite(spelling: str) -> float:
    number = float(spelling)
    if math.isinf(number):
        raise _NumberError(spelling, "a number is too large for a double")
    return number


_FINITE = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse)
_EXACT = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=Number, parse_int=Number, parse_constant=_refuse
)


_PYTHON = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=Number, parse_int=Number, parse_constant=Number
)
_KEEPING = json.JSONDecoder(
    object_pairs_hook=_kept, parse_float=Number, parse_int=Number, parse_constant=_refuse
)


def _parse(
    decoder: json.JSONDecoder, data: bytes, limits: Limits, what: str, *, allow_bom: bool
) -> JsonValue:
    start = len(_BOM) if data.startswith(_BOM) else 0
    if start and not allow_bom:
        raise JsonError(what, 0, "it starts with a byte order mark")
    body = data[start:] if start else data
    try:
        _require_depth(body, limits.json_depth, what)
        text = body.decode("utf-8")
        value: JsonValue = decoder.decode(text)
    except UnicodeDecodeError as error:
        raise JsonError(what, start + error.start, "the bytes are not UTF-8") from error
    except json.JSONDecodeError as error:
        offset = start + len(error.doc[: error.pos].encode())
        raise JsonError(what, offset, _reason(error.msg)) from error
    except _DuplicateError as error:
        offset, name = _second_name(body)
        raise NameTwice(what, start + offset, f"the name {name} stands twice") from error
    except _NumberError as error:
        offset = _literal(body, error.literal.__eq__)
        kind = NoNumber if error.literal in _NO_NUMBERS else JsonError
        raise kind(what, start + offset, str(error)) from error
    except ValueError as error:  # the interpreter's limit on the digits of an integer
        offset = _literal(body, lambda literal: len(literal) > MOST_DIGITS)
        raise JsonError(what, start + offset, "an integer has too many digits") from error
    return value


def _reason(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(":").removesuffix(" at")


def _require_depth(data: bytes, most: int, what: str) -> None:
    """Raise JsonTooDeep before a parser that calls itself sees what is nested too deep."""
    if data.count(b"[") + data.count(b"{") <= most:
        return
    depth = 0
    for token in _TOKENS.finditer(data):
        character = data[token.start()]
        depth += (character in b"[{") - (character in b"]}")
        if depth > most:
            raise JsonTooDeep(what, token.start(), f"it is nested deeper than {most}")


def _require_scalars(data: bytes, what: str) -> None:
    """Raise JsonError where an escape is half of a surrogate pair; ``data`` is valid JSON."""
    if not _SURROGATE.search(data):
        return
    for escape in _ESCAPES.finditer(data):
        if len(escape[0]) == len(rb"\u0000") and _SURROGATE.match(escape[0]):
            raise JsonError(what, escape.start(), "it holds half of a surrogate pair")


def _literal(data: bytes, wanted: Callable[[bytes], bool]) -> int:
    """Return the offset of the first number or number-like literal that is wanted."""
    for token in _STRING_OR_LITERAL.finditer(data):
        if token[1] and wanted(token[1]):
            return token.start()
    return 0


def _second_name(data: bytes) -> tuple[int, str]:
    """Return the offset of the first name that its object already has, and the name.

    Called once a duplicate is known to be there, in ``data`` of bounded depth; what comes
    before it is valid JSON.
    """
    names: list[set[str]] = []
    for token in _STRING_OR_EDGE.finditer(data):
        if token[0] == b"{":
            names.append(set())
        elif token[0] == b"}":
            names.pop()
        elif token[2]:
            name = str(json.loads(token[1]))
            if name in names[-1]:
                return token.start(), json.dumps(name)
            names[-1].add(name)
    return 0, "?"
