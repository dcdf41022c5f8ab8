"""Preimages that are texts joined: fields one after the other, lines as they stand, mixtures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from workbench.model.recipe import (
    FieldText,
    JsonObject,
    LengthPrefix,
    Literal,
    Name,
    OwnField,
    Part,
    Previous,
    PreviousForm,
    RawLine,
    Rendering,
    TimeStyle,
)
from workbench.verify.chain.render import UnrenderableError
from workbench.verify.infer.objects import Place, places, written
from workbench.verify.infer.rows import flat
from workbench.verify.infer.target import SEPARATORS, Target

#: Fields up to which every choice of them is joined.
_ALL_CHOICES = 11
_FEW = 4
#: Fields up to which every choice is joined with its time written in every way.
_ALL_DATED = 9
#: Fields up to which every order of a choice is tried, and of how many at most.
_ALL_ORDERS = 8
_MOST_ORDERED = 6
#: Bytes that tell versions or kinds of preimages apart.
_MARKS = (b"", b"\x00", b"\x01", b"\x02")
_PREFIXES = (LengthPrefix.U32BE, LengthPrefix.NETSTRING, LengthPrefix.U64BE)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be joined: its bytes and its part."""

    data: bytes
    part: Part


def time_styles() -> Iterator[TimeStyle]:
    """Yield every way to write a time, the likeliest first."""
    for unit in ("s", "ms", "us", "ns"):
        yield TimeStyle(unit)
    for zone, digits, between in product(("Z", "+00:00", ""), (6, 3, 0, 9), ("T", " ")):
        yield TimeStyle("iso", digits, zone, between)


def lines(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search the line as it stands, its own digest cut out or blanked."""
    for own in OwnField:
        try:
            bare = target.part(RawLine(own))
        except UnrenderableError:
            continue
        for place in (Place(), *places(target)):
            if target.is_right(place.before + bare + place.after):
                yield (*place.first, RawLine(own), *place.last)


def nearly_all(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search all fields joined, or all but one or two: with separators, or their lengths."""
    for leaves in (False, True):
        items = _items(target, leaves=leaves)
        for order in _two_orders(items):
            for choice in _choices(order, most_left_out=2):
                yield from _join(target, [items[name] for name in choice])
    for prefix in _PREFIXES:
        yield from _measured(target, None, prefix, most_left_out=2)


def joined(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search choices of fields, joined in the order of the file or sorted by name."""
    items = _items(target)
    for order in _two_orders(items):
        for choice in _choices(order):
            yield from _join(target, [items[name] for name in choice])


def dated(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search the same with the time written in another way, with a length before each or not."""
    items, time = _items(target), target.roles.time
    for style in time_styles() if time else ():
        changed = _items(target, style)
        if changed == items:
            continue
        for order in _two_orders(changed):
            most = 3 if len(order) > _ALL_DATED else None
            for choice in _choices(order, most_left_out=most):
                if time in choice:
                    yield from _join(target, [changed[name] for name in choice], SEPARATORS[:9])
    for style, prefix in product(list(time_styles())[:8] if time else (), _PREFIXES):
        yield from _measured(target, style, prefix, most_left_out=2)


def arranged(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search fields joined in any order."""
    items = _items(target)
    names = list(items)
    most = _MOST_ORDERED if len(names) <= _ALL_ORDERS else 4
    for size in range(2, min(most, len(names)) + 1):
        for order in permutations(names, size):
            yield from _join(target, [items[name] for name in order], SEPARATORS[:6])


def measured(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search fields with their length before each."""
    for prefix in _PREFIXES:
        yield from _measured(target, None, prefix)


def _measured(
    target: Target,
    style: TimeStyle | None,
    prefix: LengthPrefix,
    *,
    most_left_out: int | None = None,
) -> Iterator[tuple[Part, ...]]:
    items = _items(target, style, prefix)
    firsts = [*_previous(target, prefix), *_previous(target)]
    for order in _two_orders(items):
        for choice in _choices(order, most_left_out=most_left_out):
            if style is None or target.roles.time in choice:
                yield from _marked(target, [items[name] for name in choice], firsts)


def mixed(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search a few things joined: previous digest, single fields, the record as JSON."""
    others = [*list(_items(target).values())[:12], *_jsons(target)]
    for first, size in product(_previous(target), (1, 2)):
        for choice in permutations(others, size):
            for place in range(size + 1):
                order = [*choice[:place], first, *choice[place:]]
                datas = [item.data for item in order]
                for separator in SEPARATORS[:8]:
                    if target.is_right(separator.join(datas)):
                        yield _parts(order, separator)


def _items(
    target: Target,
    style: TimeStyle | None = None,
    prefix: LengthPrefix = LengthPrefix.NONE,
    *,
    leaves: bool = False,
) -> dict[Name, Item]:
    """Return every member as text, but digests of the chain; times in a style.

    ``leaves``: the fields within objects, not the objects.
    """
    roles, found = target.roles, {}
    named = (name for name, _ in flat(target.row.value)) if leaves else map(_top, target.names)
    for name in named:
        if name not in {roles.own, roles.previous}:
            time = style if name == roles.time else None
            part = FieldText(name, Rendering(time=time), prefix)
            found[name] = Item(target.part(part), part)
    return found


def _top(name: str) -> Name:
    return (name,)


def _previous(target: Target, prefix: LengthPrefix = LengthPrefix.NONE) -> list[Item]:
    forms = [PreviousForm.TEXT, *([PreviousForm.RAW] if target.raw_previous else [])]
    parts = [Previous(form, prefix) for form in forms]
    return [Item(target.part(part), part) for part in parts]


def _jsons(target: Target) -> list[Item]:
    chain = {target.roles.previous[0]} if target.roles.previous else set()
    found = []
    for style in written(target.row, target.names)[:6]:
        for drop in (frozenset[str](), frozenset(chain)):
            kept = [name for name in style.names if name not in drop]
            left_out = tuple(name for name in target.row.value if name not in kept)
            part = JsonObject(exclude=left_out, style=style.style)
            found.append(Item(style.object(kept), part))
    return found


def _two_orders(items: Iterable[Name]) -> Iterator[list[Name]]:
    names = list(items)
    yield names
    if sorted(names) != names:
        yield sorted(names)


def _choices(
    names: Sequence[Name], *, most_left_out: int | None = None
) -> Iterator[tuple[Name, ...]]:
    count = len(names)
    sizes = [n for n in range(1, count + 1) if count <= _ALL_CHOICES or min(n, count - n) <= _FEW]
    if most_left_out is not None:
        sizes = [n for n in sizes if n <= 2 or n >= count - most_left_out]
    for size in sorted(sizes, key=lambda n: min(count - n, n + 1)):
        yield from combinations(names, size)


def _join(
    target: Target, items: Sequence[Item], separators: Sequence[bytes] = SEPARATORS
) -> Iterator[tuple[Part, ...]]:
    """Try fields joined, the previous digest before, after, or not among them."""
    datas, is_right, previous = [item.data for item in items], target.is_right, _previous(target)
    for separator in separators:
        text = separator.join(datas)
        for first in previous:
            if is_right(first.data + separator + text):
                yield _parts([first, *items], separator)
            if is_right(text + separator + first.data):
                yield _parts([*items, first], separator)


def _marked(
    target: Target, items: Sequence[Item], firsts: Sequence[Item]
) -> Iterator[tuple[Part, ...]]:
    text = b"".join([item.data for item in items])
    for first, mark in product(firsts, _MARKS):
        if target.is_right(mark + first.data + text):
            yield _parts([*_literal(mark), first, *items], b"")
        if target.is_right(mark + text + first.data):
            yield _parts([*_literal(mark), *items, first], b"")


def _literal(data: bytes) -> list[Item]:
    return [Item(data, Literal(data))] if data else []


def _parts(items: Sequence[Item], separator: bytes) -> tuple[Part, ...]:
    parts: list[Part] = []
    for item in items:
        if parts and separator:
            parts.append(Literal(separator))
        parts.append(item.part)
    return tuple(parts)
