"""Preimages that are texts joined: fields one after the other, lines as they stand, mixtures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, permutations, product

from workbench.model.profile import get
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
from workbench.verify.infer.objects import Place, places, time_styles, written
from workbench.verify.infer.rows import DEEPEST
from workbench.verify.infer.target import SEPARATORS, Target

#: Fields up to which every choice of them is joined; of more, few or nearly all.
_ALL_CHOICES = 13
_FEW = 4
_LEFT_OUT = 2
#: What stands between fields that are joined in an order of their own, or with another time.
_LIKELY = (*SEPARATORS[:9], b"::", b"||", b"\t", b"_")
#: Bytes that tell versions or kinds of preimages apart.
_MARKS = (b"", b"\x00", b"\x01", b"\x02")
_PREFIXES = (LengthPrefix.U32BE, LengthPrefix.NETSTRING, LengthPrefix.U64BE)
NULLS = ("", "NULL", "null", "None")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be joined: its bytes and its part."""

    data: bytes
    part: Part


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


def joined(
    target: Target, *, deep: bool = False, every: bool = False, most: int | None = None
) -> Iterator[tuple[Part, ...]]:
    """Search choices of fields, joined in the order of the file or sorted by name.

    Args:
        target: the record.
        deep: those of objects in the record one by one.
        every: also fields that say the same in all records.
        most: of more fields than so many, all but two or fewer are joined; None: any choice.
    """
    previous = _previous(target)
    for items in _item_sets(target, deep=deep, every=every):
        for order in _two_orders(items):
            left_out = None if most is None or len(order) <= most else _LEFT_OUT
            for choice in _choices(order, left_out=left_out):
                yield from _join(target, [items[name] for name in choice], previous)


def measured(
    target: Target, *, deep: bool = False, every: bool = False
) -> Iterator[tuple[Part, ...]]:
    """Search fields with their length before each."""
    for prefix in _PREFIXES:
        yield from _measured(target, None, prefix, deep=deep, every=every)


def dated(target: Target, *, deep: bool = False, every: bool = False) -> Iterator[tuple[Part, ...]]:
    """Search the same with the time written in another way, with a length before each or not."""
    previous = _previous(target)
    for style in _other_styles(target):
        for items in _item_sets(target, style, deep=deep, every=every):
            for order in _two_orders(items):
                for choice in _choices(order):
                    if target.roles.time in choice:
                        chosen = [items[name] for name in choice]
                        yield from _join(target, chosen, previous, _LIKELY)
    for style, prefix in product(_other_styles(target), _PREFIXES):
        yield from _measured(target, style, prefix, deep=deep, every=every)


def arranged(
    target: Target, size: int, *, dated: bool = False, deep: bool = False, most: int = 12
) -> Iterator[tuple[Part, ...]]:
    """Search so many fields, joined in any order or with their lengths; ``most``: of how many."""
    previous, time = _previous(target), target.roles.time
    for style in _other_styles(target) if dated else (None,):
        for items in _first_set(target, style, deep=deep):
            for order in permutations(items, size) if size <= len(items) <= most else ():
                if not dated or time in order:
                    yield from _join(target, [items[n] for n in order], previous, _LIKELY)
        for prefix in _PREFIXES[:2]:
            firsts = [*_previous(target, prefix), *previous]
            for items in _first_set(target, style, prefix, deep=deep):
                for order in permutations(items, size) if size <= len(items) <= most else ():
                    if not dated or time in order:
                        yield from _marked(target, [items[n] for n in order], firsts)


def _other_styles(target: Target) -> list[TimeStyle]:
    """Return the ways to write the time of a record that differ from how it stands there."""
    name = target.roles.time
    if name is None:
        return []
    seen = {target.part(FieldText(name))}
    found = []
    for style in time_styles():
        text = target.part(FieldText(name, Rendering(time=style)))
        if text not in seen:
            seen.add(text)
            found.append(style)
    return found


def _measured(
    target: Target,
    style: TimeStyle | None,
    prefix: LengthPrefix,
    *,
    deep: bool,
    every: bool,
) -> Iterator[tuple[Part, ...]]:
    firsts = [*_previous(target, prefix), *_previous(target)]
    for items in _item_sets(target, style, prefix, deep=deep, every=every):
        for order in _two_orders(items):
            for choice in _choices(order):
                if style is None or target.roles.time in choice:
                    yield from _marked(target, [items[name] for name in choice], firsts)


def mixed(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search a few things joined: previous digest, single fields, the record as JSON."""
    fields = next(_item_sets(target), {})
    others = [*list(fields.values())[:12], *_jsons(target)]
    for first, size in product(_previous(target), (1, 2)):
        for choice in permutations(others, size):
            for place in range(size + 1):
                order = [*choice[:place], first, *choice[place:]]
                datas = [item.data for item in order]
                for separator in SEPARATORS[:8]:
                    if target.is_right(separator.join(datas)):
                        yield _parts(order, separator)


def _item_sets(
    target: Target,
    style: TimeStyle | None = None,
    prefix: LengthPrefix = LengthPrefix.NONE,
    *,
    deep: bool = False,
    every: bool = False,
) -> Iterator[dict[Name, Item]]:
    """Yield the fields that may be joined: of the record, or ``deep``, of objects in it.

    Those that vary; ``every``: with ever more of those that say the same in all records. Each set
    comes with nulls in each way where there are any.
    """
    seen = [names for names in _named(target, 1) if deep]
    for depth in range(2, DEEPEST + 1) if deep else (1,):
        for names in list(_named(target, depth))[: None if every else 1]:
            if names in seen or not names:
                continue
            seen.append(names)
            nulls = NULLS if any(get(target.row.value, n) is None for n in names) else NULLS[:1]
            for null in nulls:
                yield _items(target, names, Rendering(null, style), prefix)


def _first_set(
    target: Target,
    style: TimeStyle | None,
    prefix: LengthPrefix = LengthPrefix.NONE,
    *,
    deep: bool,
) -> Iterator[dict[Name, Item]]:
    """Yield the likeliest fields of a record, or of objects in it."""
    return islice(_item_sets(target, style, prefix, deep=deep), 1)


def _named(target: Target, depth: int) -> Iterator[list[Name]]:
    skipped = {target.roles.own, target.roles.previous}
    late = set(target.roles.digests)
    every = [name for name in _down_to(target.row.value, depth) if name not in skipped]
    timely = [name for name in every if name not in late]
    yield [name for name in timely if name[0] not in target.constant]
    yield [name for name in timely if name[0] not in target.empty]
    yield timely
    yield every


def _down_to(value: Mapping[str, object], depth: int, above: Name = ()) -> Iterator[Name]:
    """Yield every member, that of an object in its place down to a depth."""
    for name, item in value.items():
        if isinstance(item, Mapping) and depth > 1:
            yield from _down_to(item, depth - 1, (*above, name))
        else:
            yield (*above, name)


def _items(
    target: Target, names: Iterable[Name], rendering: Rendering, prefix: LengthPrefix
) -> dict[Name, Item]:
    """Return fields as text."""
    found = {}
    for name in names:
        time = rendering.time if name == target.roles.time else None
        part = FieldText(name, replace(rendering, time=time), prefix)
        found[name] = Item(target.part(part), part)
    return found


def _previous(target: Target, prefix: LengthPrefix = LengthPrefix.NONE) -> list[Item]:
    forms = [PreviousForm.TEXT, *([PreviousForm.RAW] if target.raw_previous else [])]
    parts = [Previous(form, prefix) for form in forms]
    return [Item(target.part(part), part) for part in parts]


def _jsons(target: Target) -> list[Item]:
    chain = {target.roles.previous[0]} if target.roles.previous else set()
    found = []
    for style in written(target, target.names)[:6]:
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


def _choices(names: Sequence[Name], *, left_out: int | None = None) -> Iterator[tuple[Name, ...]]:
    count = len(names)
    sizes = [n for n in range(1, count + 1) if count <= _ALL_CHOICES or min(n, count - n) <= _FEW]
    if left_out is not None:
        sizes = [n for n in sizes if count - n <= left_out]
    for size in sorted(sizes, key=lambda n: min(count - n, n + 1)):
        yield from combinations(names, size)


def _join(
    target: Target,
    items: Sequence[Item],
    previous: Sequence[Item],
    separators: Sequence[bytes] = SEPARATORS,
) -> Iterator[tuple[Part, ...]]:
    """Try fields joined, the previous digest before or after them."""
    datas, is_right = [item.data for item in items], target.is_right
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
