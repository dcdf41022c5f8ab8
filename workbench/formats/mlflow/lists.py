"""Parameters, metric points, tags and times as MLflow's own JSON writes them.

A REST answer has lists of objects with a name and a value; an export of mlflow-export-import has
objects by name. Both are read here, and where each value stands is kept.
"""

from datetime import datetime

from workbench.evidence.strict_json import JsonValue
from workbench.formats.part import Part
from workbench.formats.times import from_milliseconds
from workbench.model.catalog import Attribute, AttributeGroup

#: Digits of a count of milliseconds or a step: more are no number of this world.
_MOST_DIGITS = 18
#: A number that is none, as Python and JSON of protocol buffers write it.
_NO_NUMBERS = {
    "nan": "NaN",
    "inf": "Infinity",
    "infinity": "Infinity",
    "-inf": "-Infinity",
    "-infinity": "-Infinity",
}
#: YAML shows what is null as a word; a text that is one of these words says as little.
_NULLS = {"", "null", "~"}
#: What a database keeps for a number without end, and a server then answers.
_ENDLESS = {1.7976931348623157e308: "Infinity", -1.7976931348623157e308: "-Infinity"}


def said(part: Part, name: str) -> str:
    """Take a text; what is null, which YAML shows as a word, is none and stays where it is."""
    return part.text(name) if part.see(name) not in _NULLS else ""


def seen(part: Part, name: str) -> str:
    """Return a text without taking it, "" where it is null."""
    found = part.see(name)
    return "" if found in _NULLS else found


def left(part: Part) -> list[Attribute]:
    """Return what nobody took of an object; where none was read there is nothing."""
    return part.rest() if part.members else []


def peek(part: Part, name: str) -> Part:
    """Return an object to look at, of which nothing is told or taken."""
    value = part.members.get(name)
    return Part(part.sheet, value if isinstance(value, dict) else {}, part.at(name))


def whole_number(value: JsonValue) -> int | None:
    """Return a whole number, which may be written as a text (64 bits in JSON are)."""
    if type(value) is int:
        return value
    if isinstance(value, str) and len(value) <= _MOST_DIGITS:
        plain = value.removeprefix("-")
        return int(value) if plain.isascii() and plain.isdecimal() else None
    return None


def moment(part: Part, *names: str) -> datetime | None:
    """Take the first of some members that is a time in milliseconds."""
    for name in names:
        time = from_milliseconds(whole_number(part.members.get(name)))
        if time is not None:
            part.take(name)
            return time
    return None


def labels(part: Part, name: str, group: AttributeGroup) -> list[Attribute]:
    """Take names with values: a list of objects with both, or an object by name."""
    if isinstance(part.members.get(name), dict):
        held = part.part(name)
        found = [(key, held.text(key), held.at(key)) for key in held.members if _plain(held, key)]
    else:
        parts = [p for p in part.parts(name) if "key" in p.members]
        found = [(p.text("key"), p.text("value"), p.at("value")) for p in parts]
    return [Attribute(group, key, value, pointer) for key, value, pointer in found]


def _plain(held: Part, name: str) -> bool:
    return isinstance(held.members[name], str | int | float)


def points(part: Part, name: str) -> list[Attribute]:
    """Take metric points: a list of them, or lists by the name of the metric."""
    if not isinstance(part.members.get(name), dict):
        parts = [p for p in part.parts(name) if "key" in p.members]
        return [_point(p, p.text("key")) for p in parts]
    held = part.part(name)
    return [_point(p, key) for key in held.members for p in held.parts(key)]


def _point(part: Part, name: str) -> Attribute:
    step, time = whole_number(part.members.get("step")), moment(part, "timestamp")
    if step is not None:
        part.take("step")
    value = number(part.text("value"))
    return Attribute(AttributeGroup.METRIC, name, value, part.at("value"), step=step, time=time)


def number(text: str) -> str:
    """Return a number as it is written; one that is none has one spelling."""
    if text.endswith("e+308"):
        try:
            return _ENDLESS.get(float(text), text)
        except ValueError:
            return text
    return _NO_NUMBERS.get(text.lower(), text)


def value_of(attributes: list[Attribute], name: str) -> str:
    """Return the value of the first attribute of a name, or ""."""
    return next((a.value for a in attributes if a.name == name), "")
