"""From a preimage that fits one record to the recipe that fits the log.

One record seldom tells how nulls, fractions or characters beyond ASCII are written: all recipes
that give the same bytes for it are tried on the others, and what cannot be told apart is counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product

from workbench.model.profile import get
from workbench.model.recipe import (
    DigestRecipe,
    FieldText,
    JsonObject,
    Missing,
    Numbers,
    Part,
    Rendering,
    Sort,
)
from workbench.verify.chain.times import rendered
from workbench.verify.infer.objects import Times, time_styles
from workbench.verify.infer.roles import Roles, chain_of
from workbench.verify.infer.rows import Row, features
from workbench.verify.infer.target import Digester, Target, engine_of
from workbench.verify.infer.texts import NULLS

#: Records on which all variants are tried; and the variants that are tried at most.
HARD = 40
MOST = 4000
#: Of those that explain as much as each other, so many are held against all records.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Refined:
    """A recipe with what it explains.

    Attributes:
        parts: the preimage.
        recipe: how the digest is computed and written.
        right: for each record, whether its digest is reproduced.
        rivals: other recipes that explain as much, up to SHOWN - 1.
        apart: in what they differ, in words: no record here tells which is right.
    """

    parts: tuple[Part, ...]
    recipe: DigestRecipe
    right: tuple[bool, ...]
    rivals: int = 0
    apart: frozenset[str] = frozenset()


def refined(
    rows: Sequence[Row],
    roles: Roles,
    parts: tuple[Part, ...],
    at: Target,
    made: Digester,
    *,
    among: Sequence[int] | None = None,
) -> Refined:
    """Return the variant of a preimage that explains most records, the likeliest of equals.

    It is tried on records that are unlike each other, ``among`` some, and then on those as well
    that it leaves over in the midst of what it explains.
    """
    recipe, secret = made.recipe, made.secret
    variants = list(dict.fromkeys(islice(_variants(parts, rows, at), MOST)))
    hard, every = _hard(rows, among), range(len(rows))
    best = Refined((), recipe, ())
    for _ in range(2):
        counts = [sum(_right(rows, hard, roles, v, recipe, secret)) for v in variants]
        equal = [v for v, n in zip(variants, counts, strict=True) if n == max(counts)]
        chosen = [(v, _right(rows, every, roles, v, recipe, secret)) for v in equal[:SHOWN]]
        won, right = max(chosen, key=lambda each: sum(each[1]))
        rivals = [v for v, other in chosen if sum(other) == sum(right) and v != won]
        if not best.right or sum(right) > sum(best.right):
            apart = frozenset(word for rival in rivals for word in _apart(won, rival))
            best = Refined(won, recipe, tuple(right), len(rivals), apart)
        left = _within(best.right)
        if not left:
            break
        hard = sorted({*hard, *_hard(rows, left)})
    return best


def _apart(one: Sequence[Part], other: Sequence[Part]) -> Iterator[str]:
    """Yield what two recipes of one shape write differently."""
    for mine, others in zip(one, other, strict=True):
        match mine, others:
            case FieldText(rendering=first), FieldText(rendering=second):
                yield from ["nulls"] if first.null != second.null else []
                yield from ["times"] if first.time != second.time else []
            case JsonObject(style=style), JsonObject(style=kind):
                differs = {
                    "the order of members": style.sort != kind.sort,
                    "characters beyond ASCII": style.ensure_ascii != kind.ensure_ascii,
                    "fractions and exponents": style.numbers != kind.numbers,
                    "nulls": style.keep_nulls != kind.keep_nulls,
                    "members that no record here has or lacks": _chosen(mine) != _chosen(others),
                    "times": mine.times != others.times,
                }
                yield from (word for word, is_so in differs.items() if is_so)
            case _:
                continue


def _chosen(part: JsonObject) -> tuple[object, ...]:
    """Return how a part says which members it holds."""
    return part.include, part.exclude, part.missing


def _within(right: Sequence[bool]) -> list[int]:
    """Return records that are not right, with such that are before and after them."""
    ends = [n for n, is_right in enumerate(right) if is_right]
    return [n for n in range(ends[0], ends[-1]) if not right[n]] if ends else []


def _hard(rows: Sequence[Row], among: Sequence[int] | None = None) -> list[int]:
    """Return records that differ from each other in as many ways as there are."""
    seen: set[str] = set()
    found = []
    looked = range(len(rows)) if among is None else among
    for index in looked:
        new = features(rows[index]) - seen
        if new:
            found.append(index)
            seen |= new
    step = max(1, len(looked) // 10)
    return sorted({*found[:HARD], *looked[::step]})


def _right(
    rows: Sequence[Row],
    which: Sequence[int],
    roles: Roles,
    parts: tuple[Part, ...],
    recipe: DigestRecipe,
    secret: bytes | None,
) -> list[bool]:
    """Return for each record whether a preimage gives its digest."""
    judge = Judge(roles, parts, recipe, secret)
    return [judge.is_right(rows, index) for index in which]


class Judge:
    """Recomputes digests by parts, also where the previous digest is not stored."""

    def __init__(
        self, roles: Roles, parts: tuple[Part, ...], recipe: DigestRecipe, secret: bytes | None
    ) -> None:
        self._roles = roles
        self._engine_of = partial(engine_of, roles, recipe, parts, secret)
        self._engine = self._engine_of()

    def is_right(self, rows: Sequence[Row], index: int, *, previous: str | None = None) -> bool:
        """Tell whether the stored digest of a record is reproduced."""
        row = rows[index]
        own = get(row.value, self._roles.own)
        given = (chain_of(rows, self._roles, index) if previous is None else previous) or ""
        first = self._roles.before[index] < 0 and given
        engine = self._engine_of(begins=given) if first else self._engine
        try:
            record = engine.placed(dict(row.exact if engine.exact else row.value), given)
            return own is not None and engine.digest_of(record, row.raw) == own
        except ValueError:
            return False


def _variants(
    parts: tuple[Part, ...], rows: Sequence[Row], at: Target
) -> Iterator[tuple[Part, ...]]:
    """Yield a preimage and all others that give the same bytes for a record."""
    choices = [list(_of_part(part, rows, at)) for part in parts]
    yield parts
    for null in NULLS:
        for variant in product(*choices):
            yield tuple(_with_null(part, null) for part in variant)


def _with_null(part: Part, null: str) -> Part:
    if isinstance(part, FieldText):
        return replace(part, rendering=replace(part.rendering, null=null))
    return part


def _of_part(part: Part, rows: Sequence[Row], at: Target) -> Iterator[Part]:
    match part:
        case JsonObject():
            yield from _of_object(part, rows, at)
        case FieldText(rendering=Rendering(time=style)) if style is not None:
            text = at.part(part)
            for other in time_styles():
                changed = replace(part, rendering=replace(part.rendering, time=other))
                if at.part(changed) == text:
                    yield changed
        case _:
            yield part


def _of_object(part: JsonObject, rows: Sequence[Row], at: Target) -> Iterator[JsonObject]:
    same = {Sort.DECLARED} if part.style.sort is Sort.DECLARED else set(Sort) - {Sort.DECLARED}
    sorts = [part.style.sort, *sorted(same - {part.style.sort})]
    for times, ascii_only, numbers, sort in product(
        list(_times(part, at)), (True, False), Numbers, sorts
    ):
        style = replace(part.style, sort=sort, ensure_ascii=ascii_only, numbers=numbers)
        for shaped in _selections(part, rows, at):
            kept = replace(style, keep_nulls=shaped.style.keep_nulls)
            yield replace(shaped, style=kept, times=times)


def _times(part: JsonObject, at: Target) -> Iterator[Times]:
    """Yield the ways to write the time of a record that give the same text."""
    yield part.times
    for name, style in part.times:
        text = rendered(at.row.value.get(name), style)
        for other in time_styles():
            if other != style and rendered(at.row.value.get(name), other) == text:
                yield ((name, other),)


def _selections(part: JsonObject, rows: Sequence[Row], at: Target) -> Iterator[JsonObject]:
    """Yield ways to say which members are hashed that agree for one record."""
    names = list(at.row.value)
    kept = [n for n in names if n not in part.exclude] if part.include is None else part.include
    every = list(dict.fromkeys(name for row in rows for name in row.value))
    left_out = tuple(name for name in names if name not in kept)
    nulls = {name for name in names if at.row.value[name] is None}
    empty = tuple(name for name in left_out if name not in nulls)
    without = replace(part.style, keep_nulls=False)
    if part.style.sort is not Sort.DECLARED:
        yield replace(part, include=None, exclude=left_out)
        yield replace(part, include=None, exclude=empty, style=without)
        fits = tuple(n for n in every if n not in left_out)
        yield replace(part, include=fits, exclude=(), missing=Missing.OMITTED)
    some = tuple(kept)
    yield replace(part, include=some, exclude=(), missing=Missing.OMITTED)
    yield replace(part, include=some, exclude=(), missing=Missing.NULL)
    yield replace(part, include=some, exclude=(), missing=Missing.OMITTED, style=without)
