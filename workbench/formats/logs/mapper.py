"""Make an event of a record by a mapping, and say what of the record the mapping does not read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.evidence.linear_regex import pattern_of
from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.event_columns import MOST_TEXT, meaning_of
from workbench.formats.logs.clock import Clock
from workbench.formats.part import escaped
from workbench.model.catalog import Attribute, AttributeGroup
from workbench.model.event import Outcome
from workbench.model.event_batch import OUTCOMES
from workbench.model.event_mapping import EventMapping, OutcomeRule, Told
from workbench.model.recipe import Name

Members = Mapping[str, JsonValue]


class Mapped(NamedTuple):
    """What a mapping reads in a record.

    Attributes:
        time_ns: when, or None.
        time_text: as the record writes it, or "".
        actor: who, or None.
        action: what was done, or None.
        object: to what, or None.
        outcome: whether it was done.
        key: what no two events share, or "".
        is_naive: the time states no zone: that of the mapping was taken.
        is_odd: in that zone there is no such time, or it is there twice.
    """

    time_ns: int | None
    time_text: str
    actor: str | None
    action: str | None
    object: str | None
    outcome: Outcome
    key: str
    is_naive: bool = False
    is_odd: bool = False


class Mapper:
    """A mapping, made ready."""

    def __init__(self, mapping: EventMapping) -> None:
        """Take a mapping.

        Raises:
            ProfileError: its zone, pattern of time or regular expressions are none.
        """
        self.mapping = mapping
        self._clock = Clock(mapping.time_rule, what=mapping.id)
        self._extracts = [(e.place, pattern_of(e.pattern)) for e in mapping.extracts]

    def prepared(self, record: Members) -> Members:
        """Return a record with what is taken out of its texts; its own members go before it."""
        if not self._extracts:
            return record
        found: dict[str, JsonValue] = {}
        for place, pattern in self._extracts:
            text = value_at(record, place)
            groups = pattern.named(text) if isinstance(text, str) else None
            found |= groups or {}
        return {**found, **record}

    def map(self, record: Members) -> Mapped:
        """Return what is read in a record."""
        whole = self.prepared(record)
        mapping = self.mapping
        told = _value(mapping.time, whole)
        moment = self._clock.read(told)
        return Mapped(
            moment.ns,
            "" if told is None else plain_text(told)[:MOST_TEXT],
            _text(mapping.actor, whole),
            _text(mapping.action, whole),
            _text(mapping.object, whole),
            _outcome(mapping.outcome, whole),
            _text(mapping.key, whole) or "",
            moment.is_naive,
            moment.is_odd,
        )

    def places(self, record: Members) -> dict[str, Name]:
        """Return where each part of the event was read in a record, by a name for each place."""
        mapping, whole = self.mapping, self.prepared(record)
        parts = {
            "time": mapping.time,
            "actor": mapping.actor,
            "action": mapping.action,
            "object": mapping.object,
            "outcome": mapping.outcome.told,
            "key": mapping.key,
        }
        found: dict[str, Name] = {}
        for part, told in parts.items():
            chosen = next((t for t in told if _filled(t, whole) is not None), ())
            places = [place for place in chosen if isinstance(place, tuple)]
            found |= {part if n == 0 else f"{part}.{n}": p for n, p in enumerate(places)}
        return found

    def unmapped(self, record: Members) -> list[Attribute]:
        """Return every value that is no part of the event, verbatim, with its place."""
        taken = set(self.places(record).values())
        return [
            Attribute(AttributeGroup.FIELD, ".".join(place), plain_text(value), pointer_to(place))
            for place, value in leaves(dict(record))
            if not any(place[: len(t)] == t for t in taken)
        ]


def pointer_to(place: Name) -> str:
    """Return a place as a JSON pointer."""
    return "".join(f"/{escaped(step)}" for step in place)


def leaves(value: JsonValue, above: Name = ()) -> Iterator[tuple[Name, JsonValue]]:
    """Yield every value of a record that holds no other, with its place; empty ones too."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*above, name))
    elif isinstance(value, list) and value:
        for n, inner in enumerate(value):
            yield from leaves(inner, (*above, str(n)))
    else:
        yield above, value


def value_at(record: JsonValue | Members, place: Name) -> JsonValue:
    """Return the value at a place; None where there is none."""
    value: object = record
    for step in place:
        if type(value) is dict:
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if len(step) < 7 and int(step) < len(value) else None
        else:
            return None
    return value  # type: ignore[return-value]  # whatever a record holds: no step makes another


def _value(told: Sequence[Told], record: Members) -> JsonValue:
    """Return what the first alternative that a record can fill says."""
    for each in told:
        found = _filled(each, record)
        if found is not None:
            return found
    return None


def _filled(told: Told, record: Members) -> JsonValue:
    """Return a lone value as it is, several as one text; None where one of them is not there."""
    if len(told) == 1 and isinstance(told[0], tuple):
        found = value_at(record, told[0])
        return found if _says(found) else None
    parts: list[str] = []
    for part in told:
        value = part if isinstance(part, str) else value_at(record, part)
        if not _says(value):
            return None
        parts.append(plain_text(value))
    return "".join(parts)


def _says(value: JsonValue) -> bool:
    """Tell whether a value says anything: none, and what is empty, does not."""
    return bool(value) or value is False or value == 0


def _text(told: Sequence[Told], record: Members) -> str | None:
    found = _value(told, record)
    if found is None:
        return None
    text = found if type(found) is str else plain_text(found)
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def _outcome(rule: OutcomeRule, record: Members) -> Outcome:
    if not rule.told:
        return Outcome.UNKNOWN
    text = _text(rule.told, record)
    if text is None:
        return rule.absent
    if text in rule.success:
        return Outcome.SUCCESS
    if text in rule.failure:
        return Outcome.FAILURE
    return rule.other if rule.other is not None else OUTCOMES[meaning_of(text)]
