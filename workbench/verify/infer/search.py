"""Find the recipe of a log that no profile describes: a search over a grammar of preimages.

Likely shapes come first, each on a record or two of which little is unusual; what fits there is
made to fit the others. A recipe is accepted only if it reproduces records in a row, and what it
leaves unexplained is looked at: if those records have something that no explained one has, the
recipe may be incomplete and nobody is accused. The number of preimages is bounded, not the time,
so that the same log gives the same answer on any machine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from workbench.model.progress import Cancel
from workbench.model.recipe import Algorithm, FieldText, JsonObject, Part, Previous, RawLine
from workbench.verify.infer import objects, texts
from workbench.verify.infer.refine import Refined, refined
from workbench.verify.infer.roles import Roles, roles_of
from workbench.verify.infer.rows import Row, plainness, style_features
from workbench.verify.infer.target import Exhausted, Target, algorithms, target

#: Preimages that are tried at most.
BUDGET = 6_000_000
#: Records in a row that must be reproduced (VERDICTS section 3).
IN_A_ROW = 3
_TRIED_RECORDS = 2

Family = Callable[[Target], Iterator[tuple[Part, ...]]]
#: Families of preimages: a tier is searched through for every algorithm before the next one.
TIERS: tuple[tuple[Family, ...], ...] = (
    (objects.whole, texts.lines),
    (objects.wrapped, texts.nearly_all, texts.mixed),
    (objects.chosen, texts.joined, texts.measured),
    (texts.dated, texts.arranged, objects.arranged),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A recipe that was found.

    Attributes:
        roles: what plays which part.
        refined: the preimage, the digest, and which records they reproduce.
        secret: which of the secrets given is the key, or None.
        unusual: what all unexplained records have and no explained one: the recipe may be
            incomplete there; empty where they are all explained or nothing sets them apart.
    """

    roles: Roles
    refined: Refined
    secret: int | None = None
    unusual: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to.

    Attributes:
        found: the recipe, or None.
        roles: what plays which part, as far as links tell; None where nothing looks like a chain.
        tried: how many preimages were tried.
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
    cancel: Cancel
    budget: list[int] = field(default_factory=list)


def search(
    rows: Sequence[Row],
    *,
    secrets: Sequence[bytes] = (),
    cancel: Cancel | None = None,
    budget: int = BUDGET,
) -> Search:
    """Search the recipe of some records of a log, in the order of the file.

    Raises:
        Cancelled: the user stopped it.
    """
    run = _Run(rows, secrets, cancel or Cancel(), [budget])
    candidates = roles_of(rows)
    linked = next((roles for roles in candidates if roles.linked), None)
    found, exhausted = None, False
    try:
        found = next(_accepted(run, candidates), None)
    except Exhausted:
        exhausted = True
    return Search(found, linked, budget - max(run.budget[0], 0), exhausted)


def _accepted(run: _Run, candidates: Sequence[Roles]) -> Iterator[Found]:
    """Yield recipes that explain enough, the likeliest shape of the likeliest fields first."""
    for roles in candidates:
        for tier, place in product(TIERS, range(_TRIED_RECORDS)):
            for index in _plainest(run.rows, roles)[place : place + 1]:
                for family in tier:
                    yield from _of_family(run, family, roles, index)


def _of_family(run: _Run, family: Family, roles: Roles, index: int) -> Iterator[Found]:
    for secret in (None, *range(len(run.secrets))):
        key = None if secret is None else run.secrets[secret]
        for algorithm in algorithms(roles.shape.size):
            run.cancel.check()
            if key is not None and algorithm is Algorithm.BLAKE3:
                continue
            at = target(run.rows, index, roles, algorithm, secret=key, budget=run.budget)
            for parts in family(at) if at else ():
                if covers_previous(parts, roles):
                    yield from _fitted(run, parts, at, secret)


def _fitted(
    run: _Run, parts: tuple[Part, ...], at: Target | None, secret: int | None
) -> Iterator[Found]:
    if at is None:
        return
    key = None if secret is None else run.secrets[secret]
    fitted = refined(run.rows, at.roles, parts, at, secret=key)
    if fitted.longest >= IN_A_ROW:
        yield Found(at.roles, fitted, secret, unusual(run.rows, fitted.right))


def _plainest(rows: Sequence[Row], roles: Roles) -> list[int]:
    """Return linked records that can be written in few ways."""
    linked = [n for n, index in enumerate(roles.before) if index >= 0]
    return sorted(linked, key=lambda n: plainness(rows[n]))[:_TRIED_RECORDS]


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


def unusual(rows: Sequence[Row], right: Sequence[bool]) -> frozenset[str]:
    """Return what unexplained records have, all of them, that no explained record has."""
    wrong = [style_features(row) for row, is_right in zip(rows, right, strict=True) if not is_right]
    if not wrong:
        return frozenset()
    explained: set[str] = set()
    for row, is_right in zip(rows, right, strict=True):
        if is_right:
            explained |= style_features(row)
    apart = [each - explained for each in wrong]
    return frozenset().union(*apart) if all(apart) else frozenset()
