"""Find the recipe of a log that no profile describes: a search over a grammar of preimages.

Likely shapes come first, each on a record or two of which little is unusual; what fits there is
made to fit the others. A recipe is accepted only if it reproduces records in a row, and what it
leaves unexplained is looked at: it may be by another version of the recipe, which is searched for
in the same way; if those records have something that no explained one has, the recipe may be
incomplete and nobody is accused. The number of digests is bounded, not the time, so that the same
log gives the same answer on any machine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from workbench.model.progress import Cancel
from workbench.model.recipe import Algorithm, FieldText, JsonObject, Part, Previous, RawLine
from workbench.verify.infer import objects, texts
from workbench.verify.infer.found import Found
from workbench.verify.infer.places import READINGS, plainest, reading
from workbench.verify.infer.readings import begun, explains_more, read_anew, restarted
from workbench.verify.infer.refine import refined
from workbench.verify.infer.roles import Roles, roles_of
from workbench.verify.infer.rows import Row, style_features
from workbench.verify.infer.target import Budget, Digester, Exhausted, Target, digesters, target

#: Digests that are tried at most.
BUDGET = 300_000_000
#: Records in a row that must be reproduced (VERDICTS section 3).
IN_A_ROW = 3
#: Of how many fields those are that are tried in every order.
_FEW_FIELDS, _SOME_FIELDS, _MORE_FIELDS = 8, 9, 12
#: Up to so many members in every order are tried with all that may stand beside them.
_EVERYTHING_BESIDE = 5

Family = Callable[[Target], Iterator[tuple[Part, ...]]]


def _arranged(size: int, most: int) -> tuple[Family, ...]:
    """Return the families of so many fields or members in every order."""
    return partial(texts.arranged, size=size, most=most), _members(size, most)


def _dated(size: int, most: int) -> Family:
    """Return the family of so many fields in every order, the time among them written anew."""
    return partial(texts.arranged, size=size, dated=True, most=most)


def _members(size: int, most: int) -> Family:
    """Return the family of so many members in every order: of many, with less beside them."""
    apart, within = (14, 14) if size <= _EVERYTHING_BESIDE else (4, 0)
    return partial(objects.arranged, size=size, most=most, apart=apart, within=within)


def _linked_twice(separators: int) -> tuple[Family, ...]:
    """Return the families of members in every order that hold the link and have it beside them."""
    twice = partial(objects.arranged, most=_SOME_FIELDS, apart=None, within=separators)
    return tuple(partial(twice, size=size) for size in (6, 7, 8))


def _deep(family: Callable[..., Iterator[tuple[Part, ...]]]) -> Family:
    """Return a family over the fields of objects in a record."""
    return partial(family, deep=True)


def _every(*families: Callable[..., Iterator[tuple[Part, ...]]]) -> tuple[Family, ...]:
    """Return families over fields that say the same in all records, too."""
    return tuple(partial(family, every=True) for family in families)


#: A field that says the same in all records, as the only actor of a log, is hashed like any other.
_NEARLY_ALL: Family = partial(texts.joined, every=True, most=_FEW_FIELDS)

#: Families of preimages: a tier is searched through for every shape of fields before the next.
TIERS: tuple[tuple[Family, ...], ...] = (
    (objects.whole, texts.lines, objects.wrapped),
    (objects.inside, objects.timed_inside),
    (texts.joined, texts.measured, texts.mixed, objects.chosen, _NEARLY_ALL),
    tuple(family for size in (2, 3, 4) for family in _arranged(size, _MORE_FIELDS)),
    (_deep(texts.joined), _deep(texts.measured), texts.dated, objects.rewrapped),
    _arranged(5, _MORE_FIELDS),
    tuple(_dated(size, _MORE_FIELDS) for size in (2, 3, 4)),
    _arranged(6, _SOME_FIELDS),
    _every(texts.joined, texts.measured, objects.chosen),
    (_members(7, _SOME_FIELDS), _members(8, _SOME_FIELDS)),
    (objects.timed, *_every(objects.timed_inside, texts.dated)),
    (_dated(5, _SOME_FIELDS),),
    _linked_twice(2),
    (_deep(texts.dated), *(partial(texts.arranged, size=size, deep=True) for size in (2, 3, 4))),
    (_dated(6, _FEW_FIELDS),),
    (partial(texts.arranged, size=7, most=_FEW_FIELDS),),
    (partial(texts.arranged, size=5, deep=True),),
    _arranged(6, _MORE_FIELDS),
    _linked_twice(14),
)
#: The last tier that is searched on two records: one of them may be altered, or by another recipe.
LATE = 3
#: The last tier that is searched on two more: one may be altered, the other by another recipe.
SPARED = 2
#: What nearly all logs are made with.
USUAL = frozenset({Algorithm.SHA256, Algorithm.SHA512})
#: Tiers in which fields are looked at that are less likely to be the chain's.
_UNLIKELY = 3


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to.

    Attributes:
        found: the recipe, or None.
        roles: what plays which part, as far as links tell; None where nothing looks like a chain.
        tried: how many digests were tried.
        exhausted: whether that was the limit.
    """

    found: Found | None = None
    roles: Roles | None = None
    tried: int = 0
    exhausted: bool = False


@dataclass(slots=True)
class _Run:
    rows: Sequence[Row]
    secrets: Sequence[bytes]
    budget: Budget
    kept: dict[object, object] = field(default_factory=dict)


def search(
    rows: Sequence[Row],
    *,
    secrets: Sequence[bytes] = (),
    cancel: Cancel | None = None,
    budget: int = BUDGET,
) -> Search:
    """Search the recipe of some records of a log, in the order of their chains.

    Raises:
        Cancelled: the user stopped it.
    """
    left = Budget(budget, cancel or Cancel(), budget)
    run = _Run(rows, secrets, left)
    candidates = roles_of(rows)
    linked = next((roles for roles in candidates if roles.linked), None)
    found, exhausted = None, False
    try:
        found = _first(run, candidates)
    except Exhausted:
        exhausted = True
    if found is not None:
        fields = found.roles.own, found.roles.previous
        group = [roles for roles in candidates if (roles.own, roles.previous) == fields]
        found, exhausted = _with_older(run, found, group)
        found = restarted(rows, begun(rows, found))
        found = replace(found, unusual=_unusual_of(rows, found))
    return Search(found, linked, budget - max(left.left, 0), exhausted)


def _first(run: _Run, candidates: Sequence[Roles]) -> Found | None:
    """Return a recipe that explains records in a row: the likeliest shape of the likeliest fields.

    Raises:
        Exhausted: as much was tried as may be.
    """
    groups = _by_fields(candidates)
    ways = [digesters(group[0].shape, run.secrets) for group in groups]
    likely = list(zip(groups, ways, strict=True))
    for nth, stage in _rounds():
        for group, tried in likely[: 1 if stage.number >= _UNLIKELY else None]:
            places = plainest(run.rows, group)[stage.which]
            found = _in_tier(run, stage.tier, group, stage.of(tried), places, nth=nth)
            if found is not None:
                return found
    return None


@dataclass(frozen=True, slots=True)
class _Stage:
    """A tier, on which of some records it is searched, and with what.

    Attributes:
        number: of the tier.
        tier: its families.
        which: the records.
        keyed: only with the secrets that were given, where any were; False: without; None: both.
    """

    number: int
    tier: tuple[Family, ...]
    which: slice
    keyed: bool | None = None

    def of(self, ways: Sequence[Digester]) -> list[Digester]:
        """Return the ways to make digests that it tries."""
        secret = [way for way in ways if way.secret is not None]
        if self.keyed is None or not secret:
            return [] if self.keyed is False else list(ways)
        return secret if self.keyed else [way for way in ways if way.secret is None]


def _schedule() -> Iterator[_Stage]:
    """Yield the tiers: the late ones on one record first, and with the secrets that were given."""
    for number, tier in enumerate(TIERS):
        if number <= LATE:
            yield _Stage(number, tier, slice(2))
    for number, tier in enumerate(TIERS[: SPARED + 1]):
        yield _Stage(number, tier, slice(2, None))
    for which, keyed in ((slice(1), True), (slice(1, 2), True), (slice(1), False)):
        for number, tier in enumerate(TIERS):
            if number > LATE:
                yield _Stage(number, tier, which, keyed)


def _rounds() -> Iterator[tuple[int, _Stage]]:
    """Yield the stages, by what is likeliest before each record, and by what else may be.

    The likely tiers are searched by each reading at once, the late ones by the likeliest first.
    """
    stages = list(_schedule())
    for stage in stages:
        yield from ((nth, stage) for nth in range(READINGS if stage.number <= SPARED else 1))
    late = [stage for stage in stages if stage.number > SPARED]
    yield from ((nth, stage) for nth in range(1, READINGS) for stage in late)


def _by_fields(candidates: Sequence[Roles]) -> list[list[Roles]]:
    """Return candidates that differ only in what is before each record, together."""
    groups: dict[object, list[Roles]] = {}
    for roles in candidates:
        groups.setdefault((roles.own, roles.previous), []).append(roles)
    return list(groups.values())


def _in_tier(
    run: _Run,
    tier: Sequence[Family],
    group: Sequence[Roles],
    tried: Sequence[Digester],
    places: Sequence[int],
    among: Sequence[int] | None = None,
    nth: int = 0,
) -> Found | None:
    """Return what one of the families finds: by the usual digests first, then by the others.

    ``nth``: by which of the records that may be before the one that is looked at.
    """
    usual = [each for each in tried if each.recipe.algorithm in USUAL]
    others = [each for each in tried if each.recipe.algorithm not in USUAL]
    for ways, family, index in product(filter(None, (usual, others)), tier, places):
        roles = reading(group, index, nth)
        if roles is None:
            continue
        at = target(run.rows, index, roles, ways, budget=run.budget, kept=run.kept)
        for parts in family(at) if at else ():
            if at is not None and covers_previous(parts, group[0]):
                found = _fitted(run, parts, at, group, among)
                if found is not None:
                    return found
    return None


def _fitted(
    run: _Run,
    parts: tuple[Part, ...],
    at: Target,
    group: Sequence[Roles],
    among: Sequence[int] | None,
) -> Found | None:
    """Return the recipe with that reading of what is before each record that explains most."""
    made = at.hits[-1]
    best: Found | None = None
    for roles in group:
        fitted = refined(run.rows, roles, parts, at, made, among=among)
        found = Found(roles, fitted, made.number, made.secret)
        if best is None or explains_more(run.rows, found, best):
            best = found
    if best is None or in_a_row(begun(run.rows, best).right, best.roles) < IN_A_ROW:
        return None
    return best


def _with_older(run: _Run, found: Found, group: Sequence[Roles]) -> tuple[Found, bool]:
    """Return a recipe with the other one by which the records are made that it leaves over.

    Fields are the same, and mostly what makes the digests: that is tried first.
    """
    wrong = [not is_right for is_right in found.right]
    if in_a_row(wrong, found.roles) < IN_A_ROW:
        return found, False
    same = Digester.of(found.refined.recipe, found.key, found.secret)
    ways = digesters(found.roles.shape, run.secrets)
    if found.key is not None:  # a profile that is made here names one secret
        ways = [each for each in ways if each.secret in {None, found.key}]
    others = [each for each in ways if each.recipe != same.recipe]
    left = [n for n, is_wrong in enumerate(wrong) if is_wrong]
    places = plainest(run.rows, [found.roles], among=frozenset(left))
    try:
        for tried in ([same], others):
            for stage in _schedule() if tried else ():
                which = places[stage.which]
                other = _in_tier(run, stage.tier, [found.roles], stage.of(tried), which, left)
                if other is not None:
                    both = _joined(run.rows, found, other)
                    return read_anew(run.rows, both, group), False
    except Exhausted:
        return found, True
    return found, False


def _joined(rows: Sequence[Row], one: Found, other: Found) -> Found:
    """Return two recipes as one: the newer is that of the last record that only one explains."""
    for mine, others in reversed(list(zip(one.refined.right, other.refined.right, strict=True))):
        if mine != others:
            newer, older = (one, other) if mine else (other, one)
            keyed = older if newer.key is None else newer
            both = replace(newer, older=older.refined, key=keyed.key, secret=keyed.secret)
            return both if any(both.by_older) else newer  # which alone explains them all
    return one


def _unusual_of(rows: Sequence[Row], found: Found) -> frozenset[str]:
    """Return what unexplained records have that none has which their own recipe explains.

    Which of two that is, is told by where the older one ends.
    """
    older = found.older
    if older is None:
        return unusual(rows, found.roles, found.right)
    end = len(rows) - found.by_older[::-1].index(True)
    sides = (slice(None, end), older.right), (slice(end, None), found.refined.right)
    roles, told = found.roles, found.right
    apart = [unusual(rows[side], roles, right[side], told[side]) for side, right in sides]
    return frozenset().union(*apart)


def in_a_row(right: Sequence[bool], roles: Roles) -> int:
    """Return how many records that follow each other in their chain are right at most."""
    runs: dict[int, int] = {}
    for place, is_right in enumerate(right):
        before = roles.before[place] if is_right else -1
        runs[place] = runs.get(before, 0) + 1 if is_right else 0
    return max(runs.values(), default=0)


def covers_previous(parts: Sequence[Part], roles: Roles) -> bool:
    """Tell whether a preimage holds the previous digest: without it there is no chain."""
    stored = roles.previous
    for part in parts:
        match part:
            case Previous():
                return True
            case RawLine() if stored is not None:
                return True
            case FieldText(name=name) if name == stored:
                return True
            case JsonObject() if any(source == "$previous" for _, source in part.wrap):
                return True
            case JsonObject() if stored is not None:
                kept = part.include is None and stored[0] not in part.exclude
                if kept or stored[0] in (part.include or ()):
                    return True
            case _:
                continue
    return False


def unusual(
    rows: Sequence[Row],
    roles: Roles,
    right: Sequence[bool],
    told: Sequence[bool] | None = None,
) -> frozenset[str]:
    """Return what unexplained records have, all of them, that no explained record has.

    ``told``: which records are explained by any recipe, where there is another one.
    """
    features = [style_features(row, previous=roles.previous) for row in rows]
    pairs = zip(features, right if told is None else told, strict=True)
    wrong = [each for each, is_told in pairs if not is_told]
    known = zip(features, right, strict=True)
    explained = frozenset[str]().union(*(each for each, is_right in known if is_right))
    apart = [each - explained for each in wrong]
    return frozenset[str]().union(*apart) if all(apart) else frozenset()
