"""Preimages that are JSON: members of the record in every style.

The previous digest stands in the object, beside it or in one around it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

from workbench.model.recipe import (
    JsonObject,
    JsonStyle,
    Literal,
    Numbers,
    Part,
    Previous,
    PreviousForm,
    Sort,
)
from workbench.verify.chain.render import UnrenderableError, render
from workbench.verify.infer.rows import Row
from workbench.verify.infer.target import SEPARATORS, Target

_JSON_SEPARATORS = ((",", ":"), (", ", ": "), (",", ": "), (", ", ":"))
_SORTS = (Sort.CODE_POINT, Sort.FILE, Sort.UTF16, Sort.TOP_LEVEL)
#: Members up to which every choice of them is tried.
_ALL_CHOICES = 13
#: How many members are left out, or kept, of a larger record.
_FEW = 5
#: Members up to which every order of every choice is tried.
_ALL_ORDERS = 7
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


def written(row: Row, names: Sequence[str]) -> list[Written]:
    """Return some members of a record in every style that makes a difference for it."""
    found: dict[object, Written] = {}
    for style in styles():
        made = _written(row, names, style)
        if made is not None:
            key = (made.names, style.item_separator, *(made.members[n] for n in made.names))
            found.setdefault(key, made)
    return list(found.values())


def _written(row: Row, names: Sequence[str], style: JsonStyle) -> Written | None:
    value = row.exact if style.numbers is Numbers.AS_SPELLED else row.value
    try:
        members = {name: render({name: value[name]}, style)[1:-1] for name in names}
    except UnrenderableError:
        return None
    return Written(style, ordered(names, style.sort), members)


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
    names = target.names
    chain = _chain_names(target)
    late = {name[0] for name in target.roles.digests}
    drops = [frozenset[str](), chain, late, chain | late, *(frozenset({n}) for n in names)]
    drops += [chain | {name} for name in names]
    around = [*places(target), *marked(target)]
    for style in written(target.row, names):
        for drop in dict.fromkeys(map(frozenset, drops)):
            yield from _objects(target, style, [n for n in style.names if n not in drop], around)


def chosen(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search every choice of members, in the order of the file and sorted."""
    names = target.names
    many, few = places(target), places(target, SEPARATORS[:3])
    every = list(_choices(names))
    for style in written(target.row, names):
        place_of = {name: n for n, name in enumerate(style.names)}
        for choice in every:
            kept = sorted(choice, key=place_of.__getitem__)
            nearly = len(kept) >= len(names) - 3
            yield from _objects(target, style, kept, many if nearly else few)


def arranged(target: Target) -> Iterator[tuple[Part, ...]]:
    """Search members in an order that is neither sorted nor that of the file."""
    names = target.names
    around = places(target, SEPARATORS[:2])[:4]
    for style in written(target.row, names):
        if style.style.sort is not Sort.FILE:
            continue
        for order in _orders(names):
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
    alone = stored is not None and stored[0] in names
    few = len(names) < len(target.names) - 1
    for place in (Place(), *(around[:2] if few else around)) if alone else around:
        if is_right(place.before + text + place.after):
            yield (*place.first, _part(target, style, names, declared=declared), *place.last)


def _part(target: Target, style: Written, names: Sequence[str], *, declared: bool) -> JsonObject:
    """Return the part: a list of what is in it, or of what is not, whichever says less."""
    left_out = [name for name in target.row.value if name not in names]
    if declared:
        order = JsonStyle(Sort.DECLARED, *_rest_of(style.style))
        return JsonObject(include=tuple(names), style=order)
    if len(left_out) > max(4, len(names)):
        return JsonObject(include=tuple(names), style=style.style)
    return JsonObject(exclude=tuple(left_out), style=style.style)


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
    names, chain = target.names, _chain_names(target)
    late = {name[0] for name in target.roles.digests}
    rests = [chain, chain | late, frozenset[str]()]
    extra = [n for n in (target.roles.sequence, target.roles.time) if n and len(n) == 1]
    rests += [chain | {name[0]} for name in extra] + [chain | {name[0] for name in extra}]
    outers = list(_outers(target, [name[0] for name in extra]))
    for style in written(target.row, names):
        for drop in dict.fromkeys(map(frozenset, rests)):
            kept = [name for name in style.names if name not in drop]
            inner = style.object(kept)
            for outer in outers:
                if target.is_right(_outer(style, outer, inner, target)):
                    left_out = tuple(n for n in target.row.value if n not in kept)
                    yield (JsonObject(exclude=left_out, wrap=outer, style=style.style),)


def _outers(target: Target, extra: Sequence[str]) -> Iterator[tuple[tuple[str, str], ...]]:
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


def _outer(style: Written, outer: Sequence[tuple[str, str]], inner: bytes, target: Target) -> bytes:
    pairs = list(outer) if style.style.sort is Sort.FILE else sorted(outer)
    colon = style.style.key_separator.encode()
    members = []
    for name, source in pairs:
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


def _choices(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield choices of members: nearly all of them first, then few, then the rest."""
    count = len(names)
    sizes = range(count + 1)
    if count > _ALL_CHOICES:
        sizes = [n for n in sizes if n <= _FEW - 1 or n >= count - _FEW]  # type: ignore[assignment]
    for size in sorted(sizes, key=lambda n: min(count - n, n + 2)):
        if size:
            yield from combinations(names, size)


def _orders(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield orders: one member moved, then every order of few members."""
    for size in range(len(names), 1, -1):
        if size < len(names) - 2:
            break
        for choice in combinations(names, size):
            yield from _moved(choice)
    most = _ALL_ORDERS if len(names) <= _ALL_ORDERS + 1 else 4
    for size in range(2, most + 1):
        yield from permutations(names, size)


def _moved(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for place, name in enumerate(names):
        rest = names[:place] + names[place + 1 :]
        for other in range(len(names)):
            if other != place:
                yield (*rest[:other], name, *rest[other:])
