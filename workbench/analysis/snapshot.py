"""A thing as a list of named values, so that two exports can be compared value by value."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.model.catalog import Attribute, AttributeGroup, CatalogRecord, Relation, Thing
from workbench.model.contract import time_to_json

#: Fields of a thing besides its key and kind; a change of these two is no change of a value.
FIELDS = (
    "name", "namespace", "version", "lifecycle", "lifecycle_raw", "state", "created", "ended",
    "owner", "uri",
)  # fmt: skip


@dataclass(slots=True)
class Snapshot:
    """What one export of a catalog says.

    Attributes:
        things: by key; of two with one key, which is a problem of the export, the last.
        relations: in the order of the export.
    """

    things: dict[str, Thing] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)

    def add(self, record: CatalogRecord) -> None:
        """Take in a record of the export."""
        if isinstance(record, Thing):
            self.things[record.key] = record
        else:
            self.relations.append(record)


Values = Mapping[str, Counter[str]]


def values(thing: Thing) -> Values:
    """Return every value of a thing by its label; a label may have several, in any order."""
    found: dict[str, Counter[str]] = {}
    for label, value in _labelled(thing):
        found.setdefault(label, Counter())[value] += 1
    return found


def content(thing: Thing) -> frozenset[tuple[str, str, int]]:
    """Return all values of a thing but its name, to find it again under another one."""
    return frozenset(
        (label, value, count)
        for label, counted in values(thing).items()
        for value, count in counted.items()
        if label != "field name"
    )


def digests(thing: Thing) -> frozenset[tuple[str, str]]:
    """Return the digests that a thing states of itself."""
    return frozenset(
        (a.name, a.value) for a in thing.attributes if a.group is AttributeGroup.DIGEST and a.value
    )


def _labelled(thing: Thing) -> Iterator[tuple[str, str]]:
    for name, value in _fields(thing):
        if value:
            yield f"field {name}", value
    for attribute in thing.attributes:
        yield _label(attribute), _text(attribute)


def _fields(thing: Thing) -> Iterable[tuple[str, str]]:
    for name in FIELDS:
        value = getattr(thing, name)
        yield name, time_to_json(value) or "" if name in {"created", "ended"} else str(value)


def _label(attribute: Attribute) -> str:
    step = "" if attribute.step is None else f" at step {attribute.step}"
    return f"{attribute.group.value} {attribute.name}{step}"


def _text(attribute: Attribute) -> str:
    return attribute.value + (f" ({time_to_json(attribute.time)})" if attribute.time else "")
