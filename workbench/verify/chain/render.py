"""JSON and numbers as bytes, in the styles in which logs are hashed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from workbench.evidence.strict_json import Number
from workbench.model.recipe import JsonStyle, Numbers, Sort


class UnrenderableError(ValueError):
    """A value has no form in the style asked for, so no digest over it can be right."""


def render(value: object, style: JsonStyle) -> bytes:
    """Return ``value`` as JSON bytes in ``style``.

    Numbers are Python numbers; for ``Numbers.AS_SPELLED`` they are ``Number`` texts.

    Raises:
        UnrenderableError: the value has no such form (infinity, a lone surrogate).
    """
    if style.listed and isinstance(value, Mapping):
        value = _listed(value, frozenset(value))
    try:
        return _text(_shaped(value, style, top=True), style).encode("utf-8")
    except (ValueError, OverflowError) as error:
        raise UnrenderableError(str(error)) from error


def _listed(value: object, names: frozenset[str]) -> object:
    """Return ``value`` without the members, at any depth, that have none of the names."""
    match value:
        case dict():
            return {name: _listed(below, names) for name, below in value.items() if name in names}
        case list():
            return [_listed(item, names) for item in value]
        case _:
            return value


def _text(value: object, style: JsonStyle) -> str:
    if style.numbers in {Numbers.AS_SPELLED, Numbers.ECMASCRIPT}:
        return "".join(_write(value, style))
    return json.dumps(
        value,
        sort_keys=style.sort is Sort.CODE_POINT,
        ensure_ascii=style.ensure_ascii,
        separators=(style.item_separator, style.key_separator),
        allow_nan=False,
    )


def _shaped(value: object, style: JsonStyle, *, top: bool) -> object:
    """Return ``value`` with members in order and numbers replaced where ``json`` cannot do it."""
    plain = style.sort in {Sort.CODE_POINT, Sort.FILE, Sort.DECLARED}
    if plain and style.numbers is not Numbers.INTEGRAL_TO_INT:
        return value
    match value:
        case dict():
            names = _ordered(cast("Mapping[str, object]", value), style, top=top)
            return {name: _shaped(value[name], style, top=False) for name in names}
        case list():
            return [_shaped(item, style, top=False) for item in value]
        case float() if style.numbers is Numbers.INTEGRAL_TO_INT and value.is_integer():
            return int(value)
        case _:
            return value


def _ordered(value: Mapping[str, object], style: JsonStyle, *, top: bool) -> Sequence[str]:
    match style.sort:
        case Sort.CODE_POINT:
            return sorted(value)
        case Sort.UTF16:  # RFC 8785 3.2.3
            return sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        case Sort.TOP_LEVEL:
            return sorted(value) if top else list(value)
        case Sort.DECLARED | Sort.FILE:
            return list(value)


def _write(value: object, style: JsonStyle) -> Iterator[str]:
    """Yield the text of ``value`` where numbers need a form that ``json`` does not write."""
    match value:
        case Number():
            yield str(value)
        case bool() | None:
            yield json.dumps(value)
        case int() | float():
            yield ecmascript(value)
        case str():
            yield json.dumps(value, ensure_ascii=style.ensure_ascii)
        case dict():
            yield from _write_object(cast("Mapping[str, object]", value), style)
        case list():
            yield "["
            for n, item in enumerate(value):
                yield style.item_separator if n else ""
                yield from _write(item, style)
            yield "]"
        case _:
            raise UnrenderableError(f"no JSON for {type(value).__name__}")


def _write_object(value: Mapping[str, object], style: JsonStyle) -> Iterator[str]:
    names = sorted(value) if style.sort is Sort.CODE_POINT else list(value)
    yield "{"
    for n, name in enumerate(names):
        yield style.item_separator if n else ""
        yield json.dumps(name, ensure_ascii=style.ensure_ascii) + style.key_separator
        yield from _write(value[name], style)
    yield "}"


def ecmascript(value: float) -> str:
    """Return a number as ECMAScript writes it (RFC 8785 3.2.2.3, ECMA-262 Number::toString).

    Raises:
        UnrenderableError: it is no finite double.
    """
    try:
        number = float(value)
    except OverflowError as error:
        raise UnrenderableError("a number beyond all doubles") from error
    if number != number or number in {float("inf"), float("-inf")}:
        raise UnrenderableError("not a finite number")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Return ``0.digits`` times ten to the ``point`` in the form that ECMA-262 prescribes."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
