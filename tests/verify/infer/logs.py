"""Logs by drawn recipes, some with an altered record, and copies of them that are altered later."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

from tests.verify.infer.files import file_of, line_of, name_of
from tests.verify.infer.hashing import (
    Linked,
    Record,
    Spelled,
    at,
    bytes_shown,
    digest,
    digest_text,
    preimage,
    shown,
)
from tests.verify.infer.lists import Preimage, Recipe, RejectedError, draw_recipe
from tests.verify.infer.values import CLOCKS, PARTITIONS, event, kinds_of

KEY = bytes(range(40, 72))
CUSTOM = "chain-of-2026"
#: Records that are made by the same recipe after those of the log.
FURTHER = 60
TAMPERED = ("none", "none", "one", "first", "two")


Made = Sequence[tuple[Record, Linked, Preimage]]


@dataclass(frozen=True)
class Copy:
    """A file, and the numbers of the records in it whose digests do not fit."""

    data: bytes
    wrong: frozenset[int]


@dataclass(frozen=True)
class Drawn:
    """A log by a recipe.

    Attributes:
        recipe: what it was made by.
        name: of the file.
        log: the file as it is given to the search.
        altered: a copy with one more record altered, in a field that is covered.
        edited: a copy with fields edited that are not covered, or None where all are.
        longer: a copy that goes on with further records by the true recipe.
        untold: further records of which the log does not tell how they are written.
        uncovered: which fields these are.
        secret: the file with the key, or None.
        unproven: first records, of which nothing shows what stood before them.
    """

    recipe: Recipe
    name: str
    log: Copy
    altered: Copy
    edited: Copy | None
    longer: Copy
    untold: frozenset[int]
    uncovered: frozenset[tuple[str, ...]]
    secret: bytes | None
    unproven: frozenset[int]


@dataclass
class _Maker:
    """Makes the records of one log, each linked to the one before it in its chain."""

    random: Random
    recipe: Recipe
    clock: str
    count: int
    switch: int
    place: int

    def records(self) -> Iterator[tuple[Record, Linked, Preimage]]:
        """Yield records with what stands before them and from what their digest was computed."""
        last: dict[str, str] = {}
        counted: dict[str, int] = {}
        for number in range(self.count):
            partition = self._partition()
            record = self._event(number, partition)
            key = _time_in(record)[:10]
            key = key if self.recipe.partition == "day" else str(partition)
            if self.recipe.start is not None:
                counted[key] = counted.get(key, self.recipe.start - 1) + self._step()
                record["seq"] = self._spelled(counted[key])
            begins = key not in last
            previous = self._genesis(partition) if begins else last[key]
            made, linked, used = self._linked(record, previous, number, begins=begins)
            last[key] = str(made[self.recipe.own])
            yield made, linked, used

    def _step(self) -> int:
        return self.random.choice((1, 1, 1, 2)) if self.recipe.gaps else 1

    def _spelled(self, number: int) -> object:
        texts = self.recipe.container in {"key=value", "cef"}
        return str(number) if texts else Spelled(number)

    def _partition(self) -> str | None:
        names = PARTITIONS.get(self.recipe.partition or "")
        return self.random.choice(names) if names else None

    def _event(self, number: int, partition: str | None) -> Record:
        recipe, found = self.recipe, event(self.random, self.recipe, self.clock, number)
        chain: Record = {"seq": None} if recipe.start is not None else {}
        if recipe.version == "field":
            chain["v"] = self._spelled(2 if number >= self.switch else 1)
        if partition is not None:
            chain[str(recipe.partition)] = partition
        if recipe.container == "payload in entry":
            return {**chain, "entry": found}
        return {**chain, **found}

    def _linked(
        self, record: Record, previous: str | None, number: int, *, begins: bool
    ) -> tuple[Record, Linked, Preimage]:
        recipe = self.recipe
        if recipe.stored and not (begins and recipe.genesis == "absent"):
            record = {**record, recipe.previous: previous}
        if recipe.container in {"key=value", "cef"} and record.get(recipe.previous, "") is None:
            record.pop(recipe.previous)
        record = placed(record, recipe, self.place)
        used = recipe.preimages[-1 if number >= self.switch else 0]
        line = line_of(recipe, {**record, recipe.own: "@"}, number)
        linked = Linked(record, previous, line)
        own = digest_text(recipe, preimage(recipe, used, linked), KEY)
        made = {**record, recipe.own: own}
        return {**made, **_signature(recipe, own)}, linked, used

    def _genesis(self, partition: str | None) -> str | None:
        recipe, name = self.recipe, self.recipe.genesis
        match name:
            case "null" | "absent":
                return None
            case "64 zeros":
                return "0" * 64
            case "raw zeros":
                return shown(recipe, bytes(len(digest(recipe, b"", KEY))))
            case "custom":
                return CUSTOM
            case "of tenant":
                return digest_text(recipe, f"{partition}".encode(), KEY)
            case "tag of constant":
                return digest_text(recipe, b"AUDIT-GENESIS-V1", KEY)
            case "random" | "continues":
                return shown(recipe, self.random.randbytes(len(digest(recipe, b"", KEY))))
        return name


def placed(record: Record, recipe: Recipe, place: int) -> Record:
    """Return a record with its own and its previous digest where they stand in this log."""
    items = [pair for pair in record.items() if pair[0] != recipe.previous]
    if recipe.previous in record:
        items.insert(place % (len(items) + 1), (recipe.previous, record[recipe.previous]))
    return dict(items)


def _signature(recipe: Recipe, own: str) -> Record:
    match recipe.signature:
        case "hmac of digest":
            return {"sig": hmac.new(KEY, own.encode(), "sha256").hexdigest()}
        case "ed25519 of raw digest":
            raw = own.encode() if recipe.length else bytes_shown(recipe, own)
            return {"sig": b64encode(hashlib.sha512(KEY + raw).digest()).decode()}
    return {}


def draw(random: Random) -> Drawn:
    """Return a log by a recipe drawn at random.

    Raises:
        RejectedError: what was drawn makes no chain.
    """
    recipe, count = draw_recipe(random), random.randint(40, 200)
    if recipe.length is not None and recipe.encoding == "base64":
        recipe = replace(recipe, length=32)
    switch = 0 if recipe.version is None else random.randint(count // 4, 3 * count // 4)
    maker = _Maker(
        random, recipe, random.choice(CLOCKS), count + FURTHER, switch, random.randrange(12)
    )
    every = maker.records()
    made = list(islice(every, count))
    maker.random = Random(len(made))
    further = list(every)
    if recipe.shuffled:
        random.shuffle(made)
    records = [record for record, _, _ in made]
    able = [n for n in range(count) if _path(recipe, *made[n]) is not None]
    tampered = _tampered(random, able)
    for place in tampered:
        records[place] = _altered(recipe, *made[place])
    place = random.choice([n for n in able if n not in tampered])
    more = [*records]
    more[place] = _altered(recipe, *made[place])
    uncovered = _uncovered(recipe, made)
    return Drawn(
        recipe,
        name_of(recipe),
        Copy(file_of(recipe, records), frozenset(n + 1 for n in tampered)),
        Copy(file_of(recipe, more), frozenset(n + 1 for n in (*tampered, place))),
        _edited(recipe, records, uncovered, tampered),
        Copy(
            file_of(recipe, [*records, *(record for record, _, _ in further)]),
            frozenset(n + 1 for n in tampered),
        ),
        _untold(recipe, [each for n, each in enumerate(made) if n not in tampered], further, count),
        uncovered,
        _secret(recipe),
        _unproven(recipe, records, [record for record, _, _ in further], tampered),
    )


def _untold(recipe: Recipe, made: Made, further: Made, count: int) -> frozenset[int]:
    """Return further records of which no record of the log tells how they are written.

    They have a kind of value that none by the same recipe has in a field that is covered.
    """
    latest = recipe.preimages[-1]
    known = [each for each in made if each[2] is latest]
    told = [p for p in recipe.paths if p[-1] != "ts"]  # a time is written in one way
    covered = [p for p in told if any(_covers(recipe, *each, p) for each in known)]
    kinds = frozenset[str]().union(*(kinds_of(record, covered) for record, _, _ in known))
    numbers = enumerate((kinds_of(record, covered) for record, _, _ in further), count + 1)
    return frozenset(number for number, found in numbers if not found <= kinds)


def _unproven(
    recipe: Recipe,
    records: Sequence[Record],
    further: Sequence[Record],
    tampered: Sequence[int],
) -> frozenset[int]:
    """Return the first records of chains that store no link and begin with what nobody knows.

    That is so, too, where all of them are altered: what they began with is in no other.
    """
    if recipe.stored:
        return frozenset()
    seen: set[str] = set()
    found = []
    every = [*records, *further]
    for n in sorted(range(len(every)), key=lambda n: _time_in(every[n])):
        key = _time_in(every[n])[:10]
        if recipe.partition != "day":
            key = str(every[n].get(recipe.partition or ""))
        if key not in seen:
            seen.add(key)
            found.append(n)
    known = recipe.genesis not in {"random", "continues", "custom", "tag of constant"}
    shown = known and not {n for n in found if n < len(records)} <= set(tampered)
    return frozenset() if shown else frozenset(n + 1 for n in found)


def _time_in(record: Record) -> str:
    return str(record.get("ts", at(record, ("entry", "ts"))))


def _secret(recipe: Recipe) -> bytes | None:
    if recipe.key is None and recipe.signature != "hmac of digest":
        return None
    match recipe.key:
        case "hex":
            return KEY.hex().encode()
        case "base64":
            return b64encode(KEY)
        case _:
            return KEY


def _tampered(random: Random, able: Sequence[int]) -> tuple[int, ...]:
    if len(able) < 10:
        raise RejectedError("few records have a text that is covered and can be altered")
    match random.choice(TAMPERED):
        case "one":
            return (random.choice(able),)
        case "first" if able[0] == 0:
            return (0,)
        case "two":
            return tuple(random.sample(able, 2))
        case _:
            return ()


def _texts(recipe: Recipe, record: Record) -> list[tuple[str, ...]]:
    """Return where texts lie that can be changed without a doubt what was changed."""
    return [
        path
        for path in recipe.paths
        if path[-1] in {"actor", "action", "object", "ip", "session", "outcome", "reason"}
        and isinstance(at(record, path), str)
        and at(record, path)
    ]


def put(record: Record, path: tuple[str, ...], value: object) -> Record:
    below = record.get(path[0])
    inner = put(below, path[1:], value) if len(path) > 1 and isinstance(below, dict) else value
    return {**record, path[0]: inner}


def _covers(
    recipe: Recipe, record: Record, linked: Linked, used: Preimage, path: tuple[str, ...]
) -> bool:
    changed = put(linked.record, path, "mallory")
    line = line_of(recipe, {**changed, recipe.own: "@"}, 0)
    first = line_of(recipe, {**linked.record, recipe.own: "@"}, 0)
    other = preimage(recipe, used, replace(linked, record=changed, line=line))
    return other != preimage(recipe, used, replace(linked, line=first))


def _path(recipe: Recipe, record: Record, linked: Linked, used: Preimage) -> tuple[str, ...] | None:
    paths = _texts(recipe, record)
    return next((path for path in paths if _covers(recipe, record, linked, used, path)), None)


def _altered(recipe: Recipe, record: Record, linked: Linked, used: Preimage) -> Record:
    return put(record, _path(recipe, record, linked, used) or (), "mallory")


def _uncovered(recipe: Recipe, made: Made) -> frozenset[tuple[str, ...]]:
    """Return fields with texts of which no digest knows."""
    known = {
        path
        for record, linked, used in made
        for path in _texts(recipe, record)
        if _covers(recipe, record, linked, used, path)
    }
    return frozenset(p for record, _, _ in made for p in _texts(recipe, record)) - known


def _edited(
    recipe: Recipe,
    records: Sequence[Record],
    uncovered: frozenset[tuple[str, ...]],
    tampered: tuple[int, ...],
) -> Copy | None:
    if not uncovered:
        return None
    edited = []
    for record in records:
        for path in sorted(uncovered):
            record = put(record, path, "mallory") if at(record, path) else record
        edited.append(record)
    return Copy(file_of(recipe, edited), frozenset(n + 1 for n in tampered))
