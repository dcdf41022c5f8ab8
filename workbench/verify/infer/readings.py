"""Readings of what is before each record, where that is not stored: which one explains more."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.model.profile import GenesisKind
from workbench.verify.infer.beginnings import begins, unstored
from workbench.verify.infer.found import Found
from workbench.verify.infer.refine import Judge, Refined
from workbench.verify.infer.roles import Roles
from workbench.verify.infer.rows import Row


def explains_more(rows: Sequence[Row], found: Found, other: Found) -> bool:
    """Tell whether a reading explains more than another one: of equals, with its beginnings.

    To say of a record that a chain begins there explains nothing unless it does begin there.
    """
    mine, others = sum(found.right), sum(other.right)
    if mine != others or found.roles.previous is not None:
        return mine > others
    return mine + _begun(rows, found) > others + _begun(rows, other)


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


def _begun(rows: Sequence[Row], found: Found) -> int:
    """Return how many records are reproduced as the first of a chain, and not otherwise."""
    firsts = [n for n, before in enumerate(found.roles.before) if before < 0]
    genesis = unstored(rows, found, firsts)
    if genesis.kind is GenesisKind.ANY:
        return 0
    recipes = [each for each in (found.refined, found.older) if each is not None]
    judges = [Judge(found.roles, each.parts, each.recipe, found.key) for each in recipes]
    starts = [(n, begins(genesis, rows[n], found)) for n in firsts if not found.right[n]]
    return sum(any(j.is_right(rows, n, previous=text) for j in judges) for n, text in starts)
