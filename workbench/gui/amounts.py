"""Amounts in words: bytes, rates, spans of time, counts."""

from enum import StrEnum

_BYTES = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000))


class Unit(StrEnum):
    """What a job counts."""

    BYTES = "bytes"
    RECORDS = "records"
    CHECKS = "checks"
    PAGES = "pages"
    ITEMS = "items"


def size(count: int | float) -> str:
    """Return bytes as ``318.4 MB``."""
    for unit, factor in _BYTES:
        if count >= factor:
            share = count / factor
            return f"{share:,.2f} {unit}" if unit == "GB" else f"{share:,.1f} {unit}"
    return f"{count:,.0f} B"


def amount(count: int, unit: Unit) -> str:
    """Return a count with its unit."""
    return size(count) if unit is Unit.BYTES else f"{count:,} {unit.value}"


def done_of(done: int, total: int | None, unit: Unit) -> str:
    """Return ``489,600 of 786,491 records``; without a total, what is done."""
    if total is None:
        return amount(done, unit)
    if unit is Unit.BYTES:
        factor, name = next(((f, n) for n, f in _BYTES if total >= f), (1, "B"))
        places = 2 if name == "GB" else 0 if name == "B" else 1
        return f"{done / factor:,.{places}f} of {total / factor:,.{places}f} {name}"
    return f"{done:,} of {total:,} {unit.value}"


def rate(per_second: float, unit: Unit) -> str:
    """Return ``412.0 MB/s`` or ``31,400 records/s``."""
    if unit is Unit.BYTES:
        return f"{size(per_second)}/s"
    return f"{per_second:,.0f} {unit.value}/s"
