"""Preimages that are JSON: members of the record in every style.

The previous digest stands in the object, beside it or in one around it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product
from typing import cast

from workbench.model.recipe import (
    JsonObject,
    JsonStyle,
    Literal,
    Numbers,
    Part,
    Previous,
    PreviousForm,
    Sort,
    TimeStyle,
)
from workbench.verify.chain.render import UnrenderableError, render
from workbench.verify.chain.times import rendered
from workbench.verify.infer.rows import Row
from workbench.verify.infer.target import SEPARATORS, Target

_JSON_SEPARATORS = ((",", ":"), (", ", ": "), (",", ": "), (", ", ":"))
_SORTS = (Sort.CODE_POINT, Sort.FILE, Sort.UTF16, Sort.TOP_LEVEL)
Times = tuple[tuple[str, TimeStyle], ...]
#: Name and source of each member of an object around the record.
Outer = tuple[tuple[str, str], ...]
#: Members up to which every choice of them is tried.
_ALL_CHOICES = 13
#: How many members are left out, or kept, of a larger record.
_FEW = 5
#: How many members are left out of all at first, whether they vary or not.
_LEFT_OUT = 2
#: Of how many pairs of names also a third member beside them is tried.
_WIDER = 4 * 13
_PREVIOUS_NAMES = (
    "prev", "previous", "prev_hash", "previous_hash", "prevHash", "previousHash", "parent",
    "parent_hash", "parentHash", "hash", "last", "last_hash", "chain", "chain_prev",
)  # fmt: skip
_REST_NAMES = (
    "payload", "data", "entry", "event", "record", "body", "content", "message", "log", "value",
    "fields", "detail", "details",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """The members of a record in one style, in the order of that style."""

    style: JsonStyle
    names: tuple[str, ...]
    members: dict[str, bytes]
    times: Times = ()

    def object(self, names: Iterable[str]) -> bytes:
        """Return the JSON object of some members, in the order given."""
        comma = self.style.item_separator.encode()
        return b"{" + comma.join([self.members[name] for name in names]) + b"}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the previous digest stands beside the JSON: bytes and parts before and after it."""

    before: bytes = b""
    after: bytes = b""
    first: tuple[Part, ...] = ()
    last: tuple[Part, ...] = ()


def styles() -> Iterator[JsonStyle]:
    """Yield every style, the likeliest first."""
    for numbers, ascii_only, separators, sort in product(
        (Numbers.PYTHON, Numbers.ECMASCRIPT, Numbers.AS_SPELLED, Numbers.INTEGRAL_TO_INT),
        (True, False),
        _JSON_SEPARATORS,
        _SORTS,
    ):
        yield JsonStyle(sort, *separators, ascii_only, numbers=numbers)


def time_styles() -> Iterator[TimeStyle]:
    """Yield every way to write a time, the likeliest first."""
    for unit in ("s", "ms", "us", "ns", "python", "python-utc"):
        yield TimeStyle(unit)
    for zone, digits, between in product(("Z", "+00:00", ""), (6, 3, 0, 9), ("T", " ")):
        yield TimeStyle("iso", digits, zone, between)


def written(target: Target, names: Sequence[str], times: Times = ()) -> list[Written]:
    """Return some members of a record in every style that makes a difference for it."""
    key = target.row.raw, tuple(names)
    if key not in target.kept:
        target.kept[key] = list(_written(target.row, names))
    found = cast("list[Written]", target.kept[key])
    return [_dated(target, each, times) for each in found] if times else found


def _written(row: Row, names: Sequence[str]) -> Iterator[Written]:
    seen: set[object] = set()
    for style in styles():
        value = row.exact if style.numbers is Numbers.AS_SPELLED else row.value
        try:
            members = {name: render({name: value[name]}, style)[1:-1] for name in names}
        except UnrenderableError:
            continue
        order = ordered(names, style.sort)
        key = order, style.item_separator, tuple(members[name] for name in order)
        if key not in seen:
            seen.add(key)
            yield Written(style, order, members)


def _dated(target: Target, found: Written, times: Times) -> Written:
    """Return members with times in another style: such a text is the same in all of JSON."""
    value = target.row.value
    texts = {name: {name: rendered(value.get(name), style)} for name, style in times}
    anew = {name: render(member, found.style)[1:-1] for name, member in texts.items()}
    return replace(found, members={**found.members, **anew}, times=times)


def ordered(names: Sequence[str], sort: Sort) -> tuple[str, ...]:
    """Return member names in the order of a style."""
    if sort is Sort.FILE:
        return tuple(names)
    if sort is Sort.UTF16:
        return tuple(sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass")))
    return tuple(sorted(names))


def places(target: Target, separators: Sequence[bytes] = SEPARATORS) -> list[Place]:
    """Return where the previous digest may stand before or after something, the likeliest first."""
    found = []
    for separator in separators:
        between: tuple[Part, ...] = (Literal(separator),) if separator else ()
        for data, part in _forms(target):
            found.append(Place(data + separator, b"", (part, *between)))
            found.append(Place(b"", separator + data, (), (*between, part)))
    return found


def marked(target: Target) -> list[Place]:
    """Return the same with a byte first that tells kinds of preimages apart."""
    found = []
    for mark, (data, part) in product((b"\x00", b"\x01", b"\x02"), _forms(target)):
        literal = Literal(mark)
        found.append(Place(mark + data, b"", (literal, part)))
        found.append(Place(mark, data, (literal,), (part,)))
    return found


def _forms(target: Target) -> list[tuple[bytes, Part]]:
    forms: list[tuple[bytes, Part]] = [(target.previous.encode(), Previous())]
    if target.raw_previous:
        forms.append((target.raw_previous, Previous(PreviousForm.RAW)))
    return forms


def whole(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search the record as it is, or without the fields that come after the digest."""
    names = target.every_name
    chain = _chain_names(target)
    late = {name[0] for name in target.roles.digests}
    drops = [frozenset[str](), chain, late, chain | late, *(frozenset({n}) for n in names)]
    drops += [chain | {name} for name in names]
    around = [*places(target), *marked(target)]
    for style in written(target, names):
        for drop in dict.fromkeys(map(frozenset, drops)):
            yield from _objects(target, style, [n for n in style.names if n not in drop], around)


def inside(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search every choice of members that holds the previous digest, with nothing around them."""
    return _chosen(target, (), (), _choices(target, every=True))


def timed_inside(target: Target, *, every: bool = False) -> Iterator[tuple[Part, ...]]:
    """Search such choices with the time written in another way.

    ``every``: also each of the members that say the same in all records.
    """
    choices = list(_choices(target, every=every))
    for times in _times(target):
        yield from _chosen(target, times, (), choices)


def chosen(target: Target, *, every: bool = False) -> Iterator[tuple[Part, ...]]:
    """Search choices of members, in the order of the file and sorted."""
    around = places(target, SEPARATORS[:14])
    return _chosen(target, (), around, _choices(target, every=every))


def timed(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search the same with the time written in another way."""
    choices = list(_choices(target))
    for times in _times(target):
        yield from _chosen(target, times, places(target, SEPARATORS[:4]), choices)


def _times(target: Target) -> Iterator[Times]:
    """Yield the ways to write the time that differ from how it stands in the record."""
    time = target.roles.time
    seen: set[object] = set()
    for style in time_styles() if time and len(time) == 1 else ():
        name = time[0] if time else ""
        text = rendered(target.row.value.get(name), style)
        if text not in {None, target.row.value[name], *seen}:
            seen.add(text)
            yield ((name, style),)


def _chosen(
    target: Target,
    times: Times,
    around: Sequence[Place],
    choices: Iterable[tuple[str, ...]],
) -> Iterator[tuple[Part, ...]]:
    dated = {name for name, _ in times}
    needed = dated if around else dated | _chain_names(target)
    if not around and target.roles.previous is None:
        return
    every = [choice for choice in choices if needed <= set(choice)]
    for style in written(target, target.every_name, times):
        place_of = {name: n for n, name in enumerate(style.names)}
        for choice in every:
            kept = sorted(choice, key=place_of.__getitem__)
            yield from _objects(target, style, kept, around)


def arranged(
    target: Target, size: int, most: int, *, apart: int | None, within: int
) -> Iterator[tuple[Part, ...]]:
    """Search so many members in any order.

    Args:
        target: the record.
        size: so many.
        most: of how many at most.
        apart: separators of the previous digest beside members without it; None: not without it.
        within: separators of the previous digest beside members that hold it.
    """
    previous = target.roles.previous
    names = [n for n in target.names if n not in target.constant or (n,) == previous]
    held = places(target, SEPARATORS[:within])
    beside = None if apart is None else places(target, SEPARATORS[:apart])
    if size > len(names) or len(names) > most:
        return
    for style in written(target, names):
        if style.style.sort is Sort.FILE:
            for order in permutations(names, size):
                around = held if previous and previous[0] in order else beside
                if around is not None:
                    yield from _objects(target, style, order, around, declared=True)


def _objects(
    target: Target,
    style: Written,
    names: Sequence[str],
    around: Sequence[Place],
    *,
    declared: bool = False,
) -> Iterator[tuple[Part, ...]]:
    text, is_right = style.object(names), target.is_right
    stored = target.roles.previous
    inside = stored is not None and stored[0] in names
    if inside and is_right(text):
        yield (_part(target, style, names, declared=declared),)
    for place in around:
        if is_right(place.before + text + place.after):
            yield (*place.first, _part(target, style, names, declared=declared), *place.last)


def _part(target: Target, style: Written, names: Sequence[str], *, declared: bool) -> JsonObject:
    """Return the part: a list of what is in it, or of what is not, whichever says less."""
    left_out = [name for name in target.row.value if name not in names]
    times = tuple((name, style) for name, style in style.times if name in names)
    if declared:
        order = JsonStyle(Sort.DECLARED, *_rest_of(style.style))
        return JsonObject(include=tuple(names), style=order, times=times)
    if len(left_out) > max(4, len(names)):
        return JsonObject(include=tuple(names), style=style.style, times=times)
    return JsonObject(exclude=tuple(left_out), style=style.style, times=times)


def _rest_of(style: JsonStyle) -> tuple[str, str, bool, bool, Numbers]:
    return (
        style.item_separator,
        style.key_separator,
        style.ensure_ascii,
        style.keep_nulls,
        style.numbers,
    )


def wrapped(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search shapes that the log does not have: ``{"prev": …, "payload": {…}}``."""
    chain, names = _chain_names(target), target.every_name
    late = {name[0] for name in target.roles.digests}
    rests = [chain, chain | late, frozenset[str]()]
    extra = [n[0] for n in (target.roles.sequence, target.roles.time) if n and len(n) == 1]
    rests += [chain | {name} for name in extra] + [chain | set(extra)]
    kept = [[n for n in names if n not in rest] for rest in dict.fromkeys(map(frozenset, rests))]
    yield from _wrapped(target, kept, list(_outers(target, extra)))


def rewrapped(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search the same with a few members left out."""
    chain, least = _chain_names(target), len(target.names) - _FEW
    kept = [c for c in _choices(target) if len(c) >= least and not chain & set(c)]
    yield from _wrapped(target, kept, list(_outers(target, ())))


def _wrapped(
    target: Target, choices: Sequence[Sequence[str]], outers: Sequence[Outer]
) -> Iterator[tuple[Part, ...]]:
    for style in written(target, target.every_name):
        place_of = {name: n for n, name in enumerate(style.names)}
        for choice in choices:
            inner = style.object(sorted(choice, key=place_of.__getitem__))
            for sort, outer in _sorted_outers(style.style.sort, outers):
                if target.is_right(_outer(style, outer, inner, target)):
                    left_out = tuple(n for n in target.row.value if n not in choice)
                    shape = replace(style.style, sort=sort)
                    yield (JsonObject(exclude=left_out, wrap=outer, style=shape),)


def _sorted_outers(sort: Sort, outers: Sequence[Outer]) -> Iterator[tuple[Sort, Outer]]:
    """Yield the outer members in each order that goes with the order of those within."""
    for outer in outers:
        in_order = tuple(sorted(outer))
        if sort is Sort.FILE:
            yield sort, outer
        if in_order == outer:
            yield (Sort.TOP_LEVEL if sort is Sort.FILE else sort), outer


def _outers(target: Target, extra: Sequence[str]) -> Iterator[Outer]:
    own = target.roles.previous
    previous = dict.fromkeys((*([own[-1]] if own else []), *_PREVIOUS_NAMES))
    for place, (name, rest) in enumerate(product(previous, _REST_NAMES)):
        if name == rest:
            continue
        pair = ((name, "$previous"), (rest, "$rest"))
        yield pair
        yield pair[::-1]
        for more in extra if place < _WIDER else ():
            yield from permutations(((more, more), *pair))


def _outer(style: Written, outer: Outer, inner: bytes, target: Target) -> bytes:
    colon = style.style.key_separator.encode()
    members = []
    for name, source in outer:
        if source in style.members:
            member = style.members[source]
        else:
            value = inner if source == "$rest" else b'"' + target.previous.encode() + b'"'
            member = b'"' + name.encode() + b'"' + colon + value
        members.append(member)
    return b"{" + style.style.item_separator.encode().join(members) + b"}"


def _chain_names(target: Target) -> frozenset[str]:
    previous = target.roles.previous
    return frozenset({previous[0]} if previous else ())


def _choices(target: Target, *, every: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield choices of members that vary, alone and with those that do not; and nearly all members.

    ``every``: then choices of them all, and of tags beside the chain too.
    """
    varying = [name for name in target.names if name not in target.constant]
    valued = [name for name in target.names if name not in target.empty]
    beside = [[n for n in names if n not in varying] for names in (valued, target.names)]
    seen: set[frozenset[str]] = set()
    likely = [(*choice, *more) for more in ([], *beside) for choice in _choices_of(varying)]
    for names in (valued, target.names, target.every_name):
        least = 0 if every else len(names) - _LEFT_OUT
        likely += [choice for choice in _choices_of(names) if len(choice) >= least]
    for choice in likely:
        kept = frozenset(choice)
        if kept not in seen:
            seen.add(kept)
            yield choice


def _choices_of(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield choices: nearly all of them first, then few, then the rest."""
    count = len(names)
    sizes = [
        n for n in range(1, count + 1) if count <= _ALL_CHOICES or n < _FEW or n >= count - _FEW
    ]
    for size in sorted(sizes, key=lambda n: min(count - n, n + 2)):
        yield from combinations(names, size)
