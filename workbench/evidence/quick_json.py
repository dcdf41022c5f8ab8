"""The fast way through JSON: it proves that the strict way would read the same, or is not taken.

``orjson`` parses a text and writes it back. Where that gives the same text but for white space, no
name stood twice and every number was spelled as ``orjson`` spells it. Everything else (other
spellings, escapes, depth, any doubt) is left to the strict way.
"""

from functools import cache

import orjson

from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.strict_json import JsonValue, Number, parse_exact

_SPACE = b" \t\r\n"
#: Digits that fit into 64 bits, whichever they are.
_SHORT = 18


def parse_quickly(data: bytes, *, limits: Limits = LIMITS, what: str) -> JsonValue:
    """Return the value that ``data`` holds; ``json_text`` spells its numbers as they were.

    A number is a ``Number`` (which is a ``str``) where Python would spell it otherwise.

    Raises:
        JsonError: it is not strict JSON, or nested too deep.
    """
    try:
        value: JsonValue = orjson.loads(data)
        written = _written(value, data, limits)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return as_usual(parse_exact(data, limits=limits, what=what))
    if written.translate(None, _SPACE) == data.translate(None, _SPACE):
        return value
    return as_usual(parse_exact(data, limits=limits, what=what))


def as_usual(value: JsonValue) -> JsonValue:
    """Return a value that was read exactly with the numbers that Python spells alike as such."""
    match value:
        case Number():
            return _number(value)
        case list():
            return [as_usual(inner) for inner in value]
        case dict():
            return {name: as_usual(inner) for name, inner in value.items()}
        case _:
            return value


def _number(spelling: Number) -> JsonValue:
    if len(spelling) > _SHORT:
        return spelling
    if spelling.removeprefix("-").isdecimal():
        return spelling if spelling.startswith("-0") else int(spelling)
    number = float(spelling)
    return number if repr(number) == spelling and "e" not in spelling else spelling


def _written(value: JsonValue, data: bytes, limits: Limits) -> bytes:
    """Write a value back; what is nested deeper than the limit fails."""
    if data.count(b"[") + data.count(b"{") <= limits.json_depth:
        return orjson.dumps(value)
    spare = _deepest_written() - limits.json_depth
    for _ in range(spare):
        value = [value]
    return orjson.dumps(value)[spare:-spare]


@cache
def _deepest_written() -> int:
    """Return how deep ``orjson`` writes: it refuses what is nested deeper, and so measures."""
    value: JsonValue = []
    deepest = 0
    try:
        while deepest < 10_000:
            orjson.dumps(value)
            value, deepest = [value], deepest + 1
    except orjson.JSONEncodeError:
        return deepest
    raise NotImplementedError("this orjson writes to any depth")


def json_text(value: JsonValue) -> str:
    """Return a value that was read as JSON text, its numbers spelled as they were."""
    return orjson.dumps(value, default=_spelled, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode()


def in_order(value: JsonValue) -> JsonValue:
    """Return a value with the members of every object in the order of their names."""
    match value:
        case dict():
            return {name: in_order(value[name]) for name in sorted(value)}
        case list():
            return [in_order(item) for item in value]
        case _:
            return value


def plain_text(value: JsonValue) -> str:
    """Return a text as it is and anything else as JSON text."""
    return value if type(value) is str else json_text(value)


def _spelled(value: object) -> orjson.Fragment:
    if not isinstance(value, Number):
        raise TypeError(f"{type(value)} is no JSON value")
    return orjson.Fragment(value.encode())
