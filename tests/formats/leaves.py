"""Find what of a document was told nowhere: every leaf is a field, in an attribute, or an end."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.formats.catalogs import Read
from workbench.errors import SourceError
from workbench.evidence.quick_json import as_usual, parse_quickly, plain_text
from workbench.evidence.strict_json import NameTwice, parse_twice
from workbench.formats.times import EPOCH
from workbench.model.catalog import AttributeGroup

Leaf = tuple[str, str]


def leaves(value: Any, pointer: str = "") -> Iterator[Leaf]:
    """Yield each value that holds no other, as text, with its pointer."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from leaves(inner, f"{pointer}/{escaped}")
    elif isinstance(value, list) and value:
        for n, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{n}")
    else:
        yield pointer, plain_text(value)


def lost(path: Path, read: Read) -> list[Leaf]:
    """Return the leaves of a JSON document that are nowhere in what was read of it."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        value = parse_quickly(data, what="x")
    except NameTwice:
        value = as_usual(parse_twice(data, what="x"))
    return lost_of(value, read)


def lost_of(document: Any, read: Read) -> list[Leaf]:
    """Return the leaves of a value that are nowhere in what was read of it."""
    fields = set(_fields(read))
    held: dict[str, set[str]] = {}
    for thing in read.things.values():
        for attribute in thing.attributes:
            held.setdefault(attribute.pointer, set()).update(_texts(attribute.value))
            held[attribute.pointer].add(attribute.name)
    places = {t.locator.pointer for t in read.things.values()}
    return [
        (pointer, text)
        for pointer, text in leaves(document)
        if text not in fields
        and not (text == "{}" and pointer in places)
        and not any(text in held.get(prefix, ()) for prefix in _prefixes(pointer))
    ]


def unsaid(texts: Iterable[str], read: Read) -> list[str]:
    """Return those of some texts that nothing says that was read, wherever they stood."""
    said = set(_fields(read))
    for thing in read.things.values():
        for attribute in thing.attributes:
            said |= {attribute.name, *_texts(attribute.value)}
    return [text for text in texts if text not in said]


def _prefixes(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


def _texts(value: str) -> Iterator[str]:
    """Yield a value, and the leaves in it where it is JSON."""
    yield value
    if value[:1] in "[{":
        try:
            yield from (text for _, text in leaves(parse_quickly(value.encode(), what="x")))
        except SourceError:
            return


def _fields(read: Read) -> Iterator[str]:
    for thing in read.things.values():
        yield from (thing.name, thing.namespace, thing.version, thing.owner, thing.uri)
        yield from (thing.lifecycle_raw, thing.type, *_names(thing.key))
        yield from (a.name for a in thing.attributes if a.group is not AttributeGroup.FIELD)
        yield from thing.name.split("/")
        yield from _milliseconds(thing.created, thing.ended)
        for a in thing.attributes:
            yield from (*_milliseconds(a.time), *([] if a.step is None else [str(a.step)]))
    for relation in read.relations:
        yield from (*_names(relation.subject), *_names(relation.object), relation.role)
        yield from (*relation.columns, relation.transformation)


def _milliseconds(*times: datetime | None) -> Iterator[str]:
    """Yield times as counts of milliseconds, which a reader takes where they are exact."""
    for time in times:
        if time is not None:
            yield str((time - EPOCH) // timedelta(milliseconds=1))


def _names(key: str) -> list[str]:
    return [key, *(part.replace("%2F", "/").replace("%25", "%") for part in key.split("/"))]


def resolved(document: Any, pointer: str) -> Any:
    """Return what stands at a pointer of a document."""
    value = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def misplaced(document: Any, read: Read) -> list[str]:
    """Return the pointers of attributes that do not lead to the value that they come with."""
    return [
        attribute.pointer
        for thing in read.things.values()
        for attribute in thing.attributes
        if attribute.pointer and not _leads(document, attribute.pointer, attribute.value)
    ]


def _leads(document: Any, pointer: str, value: str) -> bool:
    try:
        found = resolved(document, pointer)
    except (KeyError, IndexError, ValueError, TypeError):
        return False
    return found is not None or value == "null" or json.dumps(found) == value
