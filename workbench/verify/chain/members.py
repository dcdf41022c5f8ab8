"""What of a record is hashed: its members, texts of its fields, its line."""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from workbench.evidence.strict_json import Number
from workbench.model.profile import Genesis, get
from workbench.model.recipe import FieldText, JsonObject, Missing, Numbers, OwnField, Part
from workbench.verify.chain.render import UnrenderableError
from workbench.verify.chain.times import moment, rendered

Record = Mapping[str, object]

#: Where a record is given the previous digest that it does not store: no JSON name has it.
IMPLICIT = "\0previous"
#: Where a record is given what its digest should be, where only the whole log tells.
EXPECTED = "\0expected"


def put(record: Record, name: tuple[str, ...], value: object) -> Record:
    """Return a record with another value at a place."""
    inner = record.get(name[0])
    below = put(inner, name[1:], value) if len(name) > 1 and isinstance(inner, Mapping) else value
    return {**record, name[0]: below}


def _cut(raw: bytes, member: bytes) -> bytes:
    for with_comma in (b", " + member, b"," + member, member + b", ", member + b","):
        if with_comma in raw:
            return raw.replace(with_comma, b"")
    return raw.replace(member, b"")


def is_spelled(part: Part) -> bool:
    """Tell whether a part hashes numbers as they are spelled."""
    return isinstance(part, JsonObject) and part.style.numbers is Numbers.AS_SPELLED


def with_numbers(record: Record) -> Record:
    """Return a record whose numbers are kept as they are spelled with numbers in their place."""
    return {name: _read(value) for name, value in record.items()}


def _read(value: object) -> object:
    match value:
        case Number():
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case dict():
            return {name: _read(below) for name, below in value.items()}
        case list():
            return [_read(item) for item in value]
        case _:
            return value


def plain_text(value: object) -> str | None:
    """Return a text; None for anything else."""
    return value if isinstance(value, str) and not isinstance(value, Number) else None


def text_of(value: object, null: str) -> str:
    """Return a value as text for concatenation: texts as they are, the rest as JSON."""
    if value is None:
        return null
    return value if isinstance(value, str) else json.dumps(value)


def field_text(part: FieldText, record: Record) -> str:
    """Return the text of a field as it is hashed."""
    value, style = get(record, part.name), part.rendering
    styled = None if style.time is None else rendered(value, style.time)
    return text_of(value, style.null) if styled is None else styled


def chosen_of(part: JsonObject, record: Record, hidden: Collection[str]) -> Record:
    """Return the members of a record that are hashed."""
    if part.include is None:
        left_out = {*part.exclude, *hidden}
        return {name: value for name, value in record.items() if name not in left_out}
    lost = [name for name in part.include if name not in record]
    if lost and part.missing is Missing.REFUSED:
        raise UnrenderableError(f"the record lacks {lost[0]!r}")
    names = part.include
    if part.missing is Missing.OMITTED:
        names = tuple(name for name in names if name in record)
    return {name: record.get(name) for name in names}


def timed(part: JsonObject, chosen: Record) -> Record:
    """Return members with times written as they are hashed."""
    times = {n: rendered(chosen[n], style) for n, style in part.times if n in chosen}
    return {**chosen, **{name: time for name, time in times.items() if time is not None}}


def without_own(raw: bytes, name: str, stored: str, how: OwnField) -> bytes:
    """Return a line with its own digest cut out or blanked, or up to it; it must occur once.

    Raises:
        UnrenderableError: it does not.
    """
    if how is OwnField.UP_TO:
        for shown in (
            stored,
            f'"{stored}"',
            stored.replace("=", "\\="),
        ):  # as lines of text have it
            before, mark, _ = raw.partition(f" {name}={shown}".encode())
            if mark:
                return before
        raise UnrenderableError("the own digest is not in the line")
    quoted = json.dumps(name).encode()
    for colon in (b":", b": "):
        member = quoted + colon + json.dumps(stored).encode()
        if raw.count(member) == 1:
            if how is OwnField.BLANKED:
                return raw.replace(member, quoted + colon + b'""')
            return _cut(raw, member)
    raise UnrenderableError("the own digest cannot be cut out of the line")


def day_of(time: object) -> str:
    """Return the day, in UTC, of a time that a log claims."""
    seconds = moment(time)
    if seconds is None:
        return "no day"
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def genesis_data(genesis: Genesis, record: Record) -> bytes:
    """Return what is digested for a first previous digest: a constant, and the text of a field."""
    tail = "" if genesis.field is None else text_of(get(record, genesis.field), "")
    return (genesis.value + tail).encode()
