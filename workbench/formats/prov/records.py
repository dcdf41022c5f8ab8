"""What a document or bundle describes, by kind and id, and the statements that relate it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.part import Part, escaped
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import Attribute

KINDS = ("entity", "activity", "agent")


@dataclass(slots=True)
class Record:
    """One entity, activity or agent; PROV-JSON may describe it more than once.

    Attributes:
        kind: which of the three.
        id: as it is written.
        parts: its descriptions.
        facets: the statements that name it first.
        ended: an activity was ended by something, an entity was invalidated.
    """

    kind: str
    id: str
    parts: list[Part]
    facets: list[Attribute] = field(default_factory=list)
    ended: bool = False


@dataclass(slots=True)
class Scope:
    """A document, or a bundle in it.

    Attributes:
        sheet: the document.
        root: its members.
        bundle: id of the bundle, or "".
        outer: the document around a bundle.
        records: what it describes, by key.
    """

    sheet: Sheet
    root: Part
    bundle: str
    outer: "Scope | None"
    records: dict[str, Record] = field(default_factory=dict)

    def own_key(self, kind: str, name: str) -> str:
        """Return the key of something that is described here."""
        return key_of("bundle", self.bundle, kind, name) if self.bundle else key_of(kind, name)

    def key(self, kinds: tuple[str, ...], name: str) -> str:
        """Return the key of what an id means here: described here, or in the document around."""
        for scope in filter(None, (self, self.outer)):
            for kind in kinds:
                key = scope.own_key(kind, name)
                if key in scope.records:
                    return key
        return (self.outer or self).own_key(kinds[0], name)

    def record(self, key: str) -> Record | None:
        """Return what is described under a key here."""
        return self.records.get(key)

    def statements(self, name: str) -> Iterator[tuple[str, Part]]:
        """Yield each statement of a kind with its id; one id may make several."""
        for key, part in _each(self.sheet, self.root, name):
            self.sheet.count(name)
            yield key, part


def scope_of(sheet: Sheet, root: Part, bundle: str, outer: Scope | None) -> Scope:
    """Return what a document or bundle describes."""
    scope = Scope(sheet, root, bundle, outer)
    for kind in KINDS:
        for name, part in _each(sheet, root, kind):
            sheet.count(kind)
            key = scope.own_key(kind, name)
            known = scope.records.get(key)
            if known is None:
                scope.records[key] = Record(kind, name, [part])
            else:
                known.parts.append(part)
    return scope


def _each(sheet: Sheet, root: Part, name: str) -> Iterator[tuple[str, Part]]:
    """Yield the objects below each id: one, or a list of them."""
    value = root.members.get(name)
    if not isinstance(value, dict) or not value:
        if value is not None and value != {}:
            root.odd(name, "an object")
        return
    root.take(name)
    for key, described in value.items():
        place = f"{root.at(name)}/{escaped(key)}"
        values: list[tuple[JsonValue, str]] = [(described, place)]
        if isinstance(described, list) and described:
            values = [(one, f"{place}/{n}") for n, one in enumerate(described)]
        for part in Part.each_apart(sheet, values):
            yield key, part


def plain(value: JsonValue) -> str:
    """Return a value of PROV as text: a literal, or one with its type or language."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("$")
    return plain_text(value) if isinstance(value, str | int | float) else ""
