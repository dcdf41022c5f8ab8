"""Plain reading of one JSON text (RFC 8259; no duplicate names, RFC 7493 2.3)."""

import json
import math
from typing import NoReturn

DEEPEST = 200


class BadJsonError(ValueError):
    """It is no JSON that all programs read alike."""


class Spelled(str):
    """A number as it is spelled."""

    __slots__ = ()


def read(data: bytes, *, spelled: bool) -> object:
    """Return the value of a text; numbers by their spelling, or as Python has them.

    Raises:
        BadJsonError: it is none, or nested too deep.
    """
    number = Spelled if spelled else None
    try:
        text = data.decode("utf-8", "strict")
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=number,
            parse_float=number or _float,
            parse_constant=_constant,
        )
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no bytes
    except (ValueError, RecursionError) as error:
        raise BadJsonError(str(error)) from error
    if _depth(value) > DEEPEST:
        raise BadJsonError("too deep")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise BadJsonError("a name stands twice")
    return dict(pairs)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadJsonError("beyond all doubles")
    return number


def _constant(text: str) -> NoReturn:
    raise BadJsonError(f"{text} is no number")


def _depth(value: object) -> int:
    """Return how deep a value is nested, counted level by level."""
    depth, level = 0, [value]
    while level := [v for v in level if isinstance(v, dict | list)]:
        depth += 1
        level = [inner for v in level for inner in (v.values() if isinstance(v, dict) else v)]
    return depth
