"""Which fields play which part in a chain that nobody has described.

The link tells it: a field whose value stands as another field in an earlier record. Everything
else follows: along what the links run (the whole file, a tenant, an order), what counts up.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from workbench.model.profile import DAY, get
from workbench.model.recipe import Name
from workbench.verify.chain.members import day_of
from workbench.verify.chain.times import moment
from workbench.verify.infer.rows import Row, Shape, flat, shape_of

#: Share of the records that a field must have in one shape to be taken for a digest.
MOSTLY = 0.6
#: Share of the records that must be linked for two fields to be taken for a chain.
LINKED = 0.5
#: Share of neighbours that must count up for a field to be taken for a sequence.
COUNTS = 0.7
#: Neighbours of which that must be so where the field is not called a number.
_MANY = 20
_CANDIDATES = 3
#: Fields whose values are tried as names of chains that do not store their links.
_MOST_FEW = 8
_OWN = re.compile("hash|digest|hmac|mac|integrity|checksum|chain", re.IGNORECASE)
_CHAIN_OF = re.compile(
    "tenant|agent|user|struct|org|account|customer|stream|chain|device|host|project|site",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    "seq|index|idx|num|count|counter|position|height|offset|^(id|n|no|nr|i)$|_(id|no|nr)$",
    re.IGNORECASE,
)
_BEFORE = re.compile("prev|parent|before|last|prior|prec", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Roles:
    """What plays which part.

    Attributes:
        own: the record's own digest.
        shape: how it is written.
        previous: the digest of the record before; None: not stored.
        before: for each record, the one before it in its chain; -1: none is known.
        partition: fields that name one of several chains.
        sequence: what counts the records up by one.
        time: when it happened.
        digests: every other field that holds digests or tags.
    """

    own: Name
    shape: Shape
    previous: Name | None
    before: tuple[int, ...]
    partition: tuple[Name, ...] = ()
    sequence: Name | None = None
    time: Name | None = None
    digests: tuple[Name, ...] = field(default=())

    @property
    def linked(self) -> int:
        """Return how many records follow one that is here."""
        return sum(index >= 0 for index in self.before)


def roles_of(rows: Sequence[Row]) -> list[Roles]:
    """Return what the fields may be, the likeliest first; [] where nothing looks like a digest."""
    columns = _columns(rows)
    shapes = {n: s for n, values in columns.items() if (s := _shape(values, len(rows)))}
    found = list(_linked(rows, columns, shapes))
    found.sort(key=lambda roles: -_rank(roles))
    if found:
        return found[:_CANDIDATES]
    owns = [own for own in shapes if _distinct(columns[own]) >= len(rows) * MOSTLY]
    owns.sort(key=lambda own: not _OWN.search(own[-1]))
    return [r for own in owns[:_CANDIDATES] for r in _unstored(rows, columns, own, shapes)]


def _unstored(
    rows: Sequence[Row],
    columns: Mapping[Name, list[object]],
    own: Name,
    shapes: Mapping[Name, Shape],
) -> Iterator[Roles]:
    """Yield chains that do not store their links: through the file, or one for each value."""
    few = [
        name
        for name, values in columns.items()
        if name not in shapes and 1 < len(set(map(repr, values))) <= max(2, len(values) // 3)
    ]
    few.sort(key=lambda name: not _CHAIN_OF.search(name[-1]))
    time = _time({name: values for name, values in columns.items() if name not in shapes})
    days = [(DAY,)] if time is not None else []
    named = [(name,) for name in few[:_MOST_FEW]]
    likely = sum(bool(_CHAIN_OF.search(name[-1])) for name in few[:_MOST_FEW])
    for partition in ((), *named[:likely], *days, *named[likely:]):
        latest: dict[str, int] = {}
        before = []
        for place in range(len(rows)):
            key = repr([_of_chain(columns, name, place, time) for name in partition])
            before.append(latest.get(key, -1))
            latest[key] = place
        roles = Roles(own, shapes[own], None, tuple(before), partition)
        yield _filled(rows, columns, roles, shapes)


def names_chains(roles: Roles) -> bool:
    """Tell whether chains are told apart by a field that is called as such a one is."""
    return any(_CHAIN_OF.search(name[-1]) for name in roles.partition)


def _of_chain(
    columns: Mapping[Name, list[object]], name: Name, place: int, time: Name | None
) -> object:
    return day_of(columns[time][place]) if name == DAY and time else columns[name][place]


def _columns(rows: Sequence[Row]) -> dict[Name, list[object]]:
    columns: dict[Name, list[object]] = defaultdict(lambda: [None] * len(rows))
    for index, row in enumerate(rows):
        for name, value in flat(row.value):
            columns[name][index] = value
    return dict(columns)


def _shape(values: Iterable[object], count: int) -> Shape | None:
    """Return the shape that most values have."""
    shapes = Counter(shape for value in values if (shape := shape_of(value)))
    if not shapes:
        return None
    (shape, often) = shapes.most_common(1)[0]
    return shape if often >= max(1, count * MOSTLY) else None


def _distinct(values: Sequence[object]) -> int:
    return len({value for value in values if isinstance(value, str)})


def _linked(
    rows: Sequence[Row], columns: Mapping[Name, list[object]], shapes: Mapping[Name, Shape]
) -> Iterator[Roles]:
    """Yield every pair of fields of which one names the other in another record."""
    for own, shape in shapes.items():
        at: dict[object, int] = {}
        for index, value in enumerate(columns[own]):
            at.setdefault(value, index)
        for previous, values in columns.items():
            if previous == own:
                continue
            before = tuple(
                at.get(v, -1) if isinstance(v, str) and at.get(v) != i else -1
                for i, v in enumerate(values)
            )
            if sum(index >= 0 for index in before) >= max(1, (len(rows) - 1) * LINKED):
                yield _filled(rows, columns, Roles(own, shape, previous, before), shapes)


def _rank(roles: Roles) -> float:
    """Rank what links most, and to the record just before, first.

    Read backwards, each link fits too: then a name decides.
    """
    near = sum(index == place - 1 for place, index in enumerate(roles.before))
    backwards = sum(0 <= index < place for place, index in enumerate(roles.before))
    named = bool(_BEFORE.search((roles.previous or roles.own)[-1]))
    return roles.linked + near + backwards / 2 + named


def _filled(
    rows: Sequence[Row],
    columns: Mapping[Name, list[object]],
    roles: Roles,
    shapes: Mapping[Name, Shape],
) -> Roles:
    partition = _partition(columns, roles) if roles.previous is not None else roles.partition
    used = {roles.own, roles.previous, *partition}
    digests = tuple(name for name in shapes if name not in used)
    free = {n: v for n, v in columns.items() if n not in used and n not in digests}
    return Roles(
        roles.own,
        roles.shape,
        roles.previous,
        roles.before,
        partition,
        _sequence(free, roles),
        _time(free),
        digests,
    )


def _partition(columns: Mapping[Name, list[object]], roles: Roles) -> tuple[Name, ...]:
    """Return the fields within whose values the links run, where they do not run through all."""
    links = [(place, index) for place, index in enumerate(roles.before) if index >= 0]
    if sum(index == place - 1 for place, index in links) >= len(links) * 0.9:
        return (DAY,) if _daily(columns, roles) else ()
    names = [
        name
        for name, values in columns.items()
        if name not in {roles.own, roles.previous}
        and 1 < len(set(map(repr, values))) <= max(2, len(values) // 2)
        and sum(values[a] == values[b] for a, b in links) >= len(links) * 0.9
    ]
    choices = [c for size in (1, 2) for c in combinations(names[:12], size)]
    scored = [(_follows(columns, choice, links), -len(choice), choice) for choice in choices]
    best = max(scored, key=lambda each: each[:2], default=None)
    return best[2] if best and best[0] >= len(links) * 0.8 else ()


def _daily(columns: Mapping[Name, list[object]], roles: Roles) -> bool:
    """Tell whether a chain begins with each day and nowhere else."""
    time = _time({n: v for n, v in columns.items() if n not in {roles.own, roles.previous}})
    if time is None:
        return False
    days = [day_of(value) for value in columns[time]]
    begins = [a != b for a, b in pairwise(days)]
    agree = [is_new == (index < 0) for is_new, index in zip(begins, roles.before[1:], strict=True)]
    new = [index < 0 for is_new, index in zip(begins, roles.before[1:], strict=True) if is_new]
    return bool(new) and sum(new) > len(new) / 2 and sum(agree) >= len(agree) * 0.9


def _follows(
    columns: Mapping[Name, list[object]], names: Sequence[Name], links: Sequence[tuple[int, int]]
) -> int:
    """Return how many links lead to the latest record before of the same values."""
    latest: dict[str, int] = {}
    wanted, count = dict(links), 0
    for place in range(len(columns[names[0]])):
        key = repr([columns[name][place] for name in names])
        count += wanted.get(place, -2) == latest.get(key, -1)
        latest[key] = place
    return count


def _sequence(columns: Mapping[Name, list[object]], roles: Roles) -> Name | None:
    """Return the field that counts up by one from each record to the next of its chain."""
    best: tuple[int, Name] | None = None
    for name, values in columns.items():
        steps = sum(
            _whole(values[place]) - _whole(values[index]) == 1
            for place, index in enumerate(roles.before)
            if index >= 0 and _is_whole(values[place]) and _is_whole(values[index])
        )
        least = 1 if _COUNTER.search(name[-1]) else _MANY
        if steps >= max(least, roles.linked * COUNTS) and (best is None or steps > best[0]):
            best = steps, name
    return best[1] if best else None


def counts_on(rows: Sequence[Row], roles: Roles) -> bool:
    """Tell whether records are numbered upwards through the file: then it holds one chain."""
    pairs = pairwise(range(len(rows)))
    return roles.sequence is not None and all(_counts(rows, roles.sequence, *p) for p in pairs)


def goes_on(rows: Sequence[Row], roles: Roles, place: int) -> bool:
    """Tell whether the number of a record is above that of the one before it in its chain."""
    return roles.sequence is not None and _counts(rows, roles.sequence, roles.before[place], place)


def _counts(rows: Sequence[Row], sequence: Name, one: int, other: int) -> bool:
    numbers = [get(rows[place].value, sequence) for place in (one, other)]
    return all(map(_is_whole, numbers)) and _whole(numbers[0]) < _whole(numbers[1])


def _is_whole(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) < 16
    return isinstance(value, int) and not isinstance(value, bool)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | str) else 0


def _time(columns: Mapping[Name, list[object]]) -> Name | None:
    """Return the field that is a time in most records and goes back least."""
    best: tuple[float, Name] | None = None
    for name, values in columns.items():
        moments = [m for value in values if (m := _moment(value)) is not None]
        if len(moments) < max(2, len(values) * MOSTLY):
            continue
        forth = sum(a <= b for a, b in pairwise(moments)) / (len(moments) - 1)
        if best is None or forth > best[0]:
            best = forth, name
    return best[1] if best else None


def _moment(value: object) -> float | None:
    """Return a time; a number only if it can be one of this century."""
    found = moment(value)
    if found is None or isinstance(value, str):
        return found
    return found if 9e8 < found < 5e9 else None


def chain_of(rows: Sequence[Row], roles: Roles, index: int) -> str | None:
    """Return the previous digest of a record: as it stores it, or as the one before has it."""
    if roles.previous is not None:
        value = get(rows[index].value, roles.previous)
    else:
        before = roles.before[index]
        value = get(rows[before].value, roles.own) if before >= 0 else None
    return value if isinstance(value, str) else None
