"""Readings of what is before each record, where that is not stored: which one explains more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.model.profile import GenesisKind
from workbench.verify.infer.beginnings import begins, unstored
from workbench.verify.infer.found import Found
from workbench.verify.infer.refine import Judge, Refined
from workbench.verify.infer.roles import Roles, counts_on, goes_on, names_chains
from workbench.verify.infer.rows import Row

#: One record that is not explained may be altered, and stand where some field changes by chance:
#: one that names no chains.
_BY_CHANCE = 1


def explains_more(rows: Sequence[Row], found: Found, other: Found) -> bool:
    """Tell whether a reading explains more than another one: of equals, with its beginnings.

    To say of a record that a chain begins there explains nothing unless it does begin there: but
    where nobody can tell how chains begin, and all that is left over begins chains by one reading
    and breaks them by the other one, nothing shows that anything was broken.
    """
    one, two = begun(rows, found), begun(rows, other)
    mine, others = (sum(found.right), sum(one.right)), (sum(other.right), sum(two.right))
    if mine != others:
        return mine > others
    if counts_on(rows, found.roles):
        return False
    by_chance = 0 if names_chains(found.roles) else _BY_CHANCE
    return _broken(one) + by_chance < _broken(two)


def _broken(found: Found) -> int:
    """Return how many records are not explained, and do not begin a chain of which more is here."""
    before, right = found.roles.before, found.right
    followed = {index for n, index in enumerate(before) if right[n]}
    unknown = not any(right[n] for n, index in enumerate(before) if index < 0)
    return sum(
        not right[n] and not (unknown and index < 0 and n in followed)
        for n, index in enumerate(before)
    )


def read_anew(rows: Sequence[Row], found: Found, group: Sequence[Roles]) -> Found:
    """Return two recipes by the reading that explains most, which one of them alone did not show.

    Where they follow each other in a log, that by one of them has no use for what is before the
    first record of the other.
    """
    best = found
    for roles in group:
        if roles != found.roles and found.older is not None:
            newer, older = (_read(rows, roles, f, found.key) for f in (found.refined, found.older))
            other = replace(found, roles=roles, refined=newer, older=older)
            both = any(other.by_older) and any(other.by_newer)
            if both and explains_more(rows, other, best):
                best = other
    return best


def _read(rows: Sequence[Row], roles: Roles, refined: Refined, key: bytes | None) -> Refined:
    judge = Judge(roles, refined.parts, refined.recipe, key)
    return replace(refined, right=tuple(judge.is_right(rows, n) for n in range(len(rows))))


def begun(rows: Sequence[Row], found: Found) -> Found:
    """Return a recipe with what its beginning explains: first records whose link is not stored."""
    if found.roles.previous is not None:
        return found
    firsts = [n for n, before in enumerate(found.roles.before) if before < 0]
    genesis = unstored(rows, found, firsts)
    if genesis.kind is GenesisKind.ANY:
        return found
    starts = {n: begins(genesis, rows[n], found) for n in firsts if not found.right[n]}
    older = None if found.older is None else _started(rows, found, found.older, starts)
    return replace(found, refined=_started(rows, found, found.refined, starts), older=older)


def restarted(rows: Sequence[Row], found: Found) -> Found:
    """Return a recipe with the records at which its chain begins anew, where links are not stored.

    Nothing that is stored tells them: they are reproduced as the first record is, more follows
    them, and they do not go on with the numbers of those before.
    """
    right, before = found.right, found.roles.before
    firsts = [n for n, index in enumerate(before) if index < 0]
    if found.roles.previous is not None or not all(right[n] for n in firsts):
        return found
    genesis = unstored(rows, found, firsts)
    if genesis.kind is GenesisKind.ANY:
        return found
    followed = {index for index, is_right in zip(before, right, strict=True) if is_right}
    may = [n for n in followed if n >= 0 and not right[n] and not goes_on(rows, found.roles, n)]
    starts = {n: begins(genesis, rows[n], found) for n in may}
    older = None if found.older is None else _started(rows, found, found.older, starts)
    anew = replace(found, refined=_started(rows, found, found.refined, starts), older=older)
    begin = {n for n in starts if anew.right[n]}
    links = tuple(-1 if n in begin else index for n, index in enumerate(before))
    return replace(anew, roles=replace(found.roles, before=links), restarts=bool(begin))


def _started(
    rows: Sequence[Row], found: Found, refined: Refined, starts: Mapping[int, str]
) -> Refined:
    judge = Judge(found.roles, refined.parts, refined.recipe, found.key)
    right = list(refined.right)
    for n, text in starts.items():
        right[n] = judge.is_right(rows, n, previous=text)
    return replace(refined, right=tuple(right))
