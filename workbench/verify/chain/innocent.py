"""Test innocent causes on the bytes before they are named (VERDICTS section 4).

Each cause is a change that a tool makes without meaning harm. It is tested by undoing it: where
the digest then reproduces, the cause explains the break; it does not excuse it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from workbench.evidence.strict_json import Number
from workbench.model.recipe import JsonObject, Numbers, Sort
from workbench.verify.chain.engine import Engine, MalformedError

MOST_VARIANTS = 64
EXPLAINS, DOES_NOT = "tested: explains it", "tested: does not explain it"


def causes_of(engine: Engine, raw: bytes, stored: str | None) -> Iterator[str]:
    """Yield a sentence for each innocent cause of a record that is not reproduced."""
    try:
        record = engine.parse(raw)
    except MalformedError:
        return
    if not engine.recomputable or stored is None:
        yield "Innocent causes: not tested, the digest cannot be recomputed."
        return
    tests: Mapping[str, bool] = {
        "Re-serialised JSON (spacing, order of members)": _reshaped(engine, record, raw, stored),
        "Characters beyond ASCII escaped or unescaped": _escaped(engine, record, raw, stored),
        "Numbers re-rendered (1.0 and 1, exponents)": _numbers(engine, record, raw, stored),
        "Times re-rendered (Z and +00:00, T and space, cut zeros)": any(
            engine.recompute(variant, raw) == stored for variant in _time_variants(record)
        ),
        "CRLF line ends": engine.recompute(record, raw + b"\r") == stored,
    }
    for cause, explains in tests.items():
        yield f"{cause}: {EXPLAINS if explains else DOES_NOT}."


def _reshaped(engine: Engine, record: dict[str, object], raw: bytes, stored: str) -> bool:
    """Tell whether only the form of the line differs, or only the order of its members."""
    if engine.recompute(record, raw) == stored:
        return True
    orders = (Sort.CODE_POINT, Sort.UTF16, Sort.FILE)
    return any(_with_style(engine, sort=order).recompute(record, raw) == stored for order in orders)


def _escaped(engine: Engine, record: dict[str, object], raw: bytes, stored: str) -> bool:
    return (
        any(
            _with_style(engine, ensure_ascii=flag).recompute(record, raw) == stored
            for flag in (True, False)
        )
        and engine.recompute(record, raw) != stored
    )


def _numbers(engine: Engine, record: dict[str, object], raw: bytes, stored: str) -> bool:
    if engine.recompute(record, raw) == stored:
        return False
    if any(engine.recompute(variant, raw) == stored for variant in _number_variants(record)):
        return True
    styles = (Numbers.ECMASCRIPT, Numbers.INTEGRAL_TO_INT)
    plain = not any(isinstance(value, Number) for value in record.values())
    return plain and any(
        _with_style(engine, numbers=style).recompute(record, raw) == stored for style in styles
    )


def _with_style(
    engine: Engine,
    *,
    sort: Sort | None = None,
    ensure_ascii: bool | None = None,
    numbers: Numbers | None = None,
) -> Engine:
    """Return the engine of a recipe that writes JSON in another style."""

    def restyled(part: JsonObject) -> JsonObject:
        style = part.style
        style = style if sort is None else replace(style, sort=sort)
        style = style if ensure_ascii is None else replace(style, ensure_ascii=ensure_ascii)
        return replace(part, style=style if numbers is None else replace(style, numbers=numbers))

    preimage = tuple(
        restyled(part) if isinstance(part, JsonObject) else part for part in engine.profile.preimage
    )
    return Engine(replace(engine.profile, preimage=preimage), engine.secrets)


def _number_variants(record: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the record with one number at a time written another way."""
    return _variants(record, _other_number)


def _time_variants(record: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the record with one time at a time written another way."""
    return _variants(record, _other_times)


def _other_number(value: object) -> Iterator[object]:
    match value:
        case bool():
            return
        case Number():
            number = float(value)
            yield Number(repr(number))
            if number.is_integer() and abs(number) < 1e15:
                yield Number(str(int(number)))
        case float() if value.is_integer() and abs(value) < 1e15:
            yield int(value)
        case int() if abs(value) < 10**15:
            yield float(value)
        case _:
            return


def _other_times(value: object) -> Iterator[object]:
    if not isinstance(value, str) or isinstance(value, Number) or not value[:4].isdigit():
        return
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return
    for separator in ("T", " "):
        for spec in ("seconds", "milliseconds", "microseconds"):
            text = time.isoformat(separator, timespec=spec)
            yield text
            yield text.replace("+00:00", "Z")
            yield text.replace("+00:00", "")
            yield text if time.tzinfo else text + "Z"
            yield text if time.tzinfo else text + "+00:00"


def _variants(
    record: dict[str, object], others: Callable[[object], Iterator[object]]
) -> Iterator[dict[str, object]]:
    for variant in islice(_replaced(record, others), MOST_VARIANTS):
        if isinstance(variant, dict):
            yield variant


def _replaced(value: object, others: Callable[[object], Iterator[object]]) -> Iterator[object]:
    """Yield ``value`` with one leaf at a time replaced by another form of it."""
    match value:
        case dict():
            for name, below in value.items():
                for other in _replaced(below, others):
                    yield {**value, name: other}
        case list():
            for n, below in enumerate(value):
                for other in _replaced(below, others):
                    yield [*value[:n], other, *value[n + 1 :]]
        case _:
            yield from others(value)
