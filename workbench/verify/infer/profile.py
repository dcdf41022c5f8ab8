"""The recipe that was found as a chain profile: with its beginnings, numbers and older recipe."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workbench.model.profile import (
    Beginning,
    ChainProfile,
    Container,
    Fields,
    Genesis,
    GenesisKind,
    Origin,
    Version,
    get,
)
from workbench.model.profile import Sequence as Numbering
from workbench.model.profile_file import parse_profile
from workbench.model.recipe import DigestRecipe, Name
from workbench.verify.chain.covered import covered
from workbench.verify.chain.members import text_of
from workbench.verify.infer.beginnings import begins, derived, unstored
from workbench.verify.infer.found import Found
from workbench.verify.infer.profile_text import file_of, tree_of
from workbench.verify.infer.roles import chain_of
from workbench.verify.infer.rows import Row, flat, shape_of
from workbench.verify.infer.search import IN_A_ROW


def profile_of(
    rows: Sequence[Row],
    found: Found,
    container: Container,
    *,
    name: str,
    order: Name | None = None,
) -> tuple[ChainProfile, bytes]:
    """Return the recipe as a profile, and the file that says the same.

    Args:
        rows: the records it was found on, in the order of their chains.
        found: the recipe.
        container: how the records lie in the file.
        name: how to call the profile.
        order: by which field the rows of the table are put in order, or None.
    """
    roles = found.roles
    fields = Fields(roles.own, roles.previous, roles.sequence, roles.time, roles.partition, order)
    version_field, versions = _older(rows, found, name)
    made = ChainProfile(
        name,
        "Recipe found by search",
        f"Found by search: it reproduces {sum(found.right):,} of {len(rows):,} records.",
        Origin("the log itself, by search"),
        "",
        container,
        fields,
        _named(found.refined.recipe, name),
        found.refined.parts,
        _genesis(rows, found),
        _numbering(rows, found),
        version_field=version_field,
        versions=versions,
    )
    names = {name: None for row in rows for name in row.value}
    known = covered(made, names)
    made = replace(made, not_covered=tuple(name for name in names if name not in known))
    text = file_of(made)
    sha256 = hashlib.sha256(text).hexdigest()
    return parse_profile(tree_of(made), what=f"{name}.yaml", sha256=sha256), text


def _named(recipe: DigestRecipe, name: str) -> DigestRecipe:
    """Return how digests are made, its secret called like the profile."""
    return recipe if recipe.key is None else replace(recipe, key=replace(recipe.key, id=name))


def _older(rows: Sequence[Row], found: Found, name: str) -> tuple[Name | None, tuple[Version, ...]]:
    """Return the recipe from before it was changed, and the field that tells which one holds."""
    older = found.older
    if older is None:
        return None, ()
    recipe = None if older.recipe == found.refined.recipe else _named(older.recipe, name)
    teller = next(_tellers(rows, found), None)
    if teller is None:
        return None, (Version("older", recipe, older.parts),)
    field, value = teller
    return field, (Version(value, recipe, older.parts),)


def _tellers(rows: Sequence[Row], found: Found) -> Iterator[tuple[Name, str]]:
    """Yield fields with the one value that all records of the older recipe have, and no newer."""
    olds = [row for row, is_so in zip(rows, found.by_older, strict=True) if is_so]
    news = [row for row, is_so in zip(rows, found.by_newer, strict=True) if is_so]
    if min(len(olds), len(news)) < IN_A_ROW:
        return  # whatever is a record's own would tell it from the others
    roles = found.roles
    others = {roles.own, roles.previous, roles.sequence, roles.time}
    for name in (name for name, _ in flat(olds[0].value) if name not in others):
        values = {text_of(get(row.value, name), "") for row in olds}
        if len(values) == 1 and values.isdisjoint(
            text_of(get(row.value, name), "") for row in news
        ):
            yield name, next(iter(values))


def _genesis(rows: Sequence[Row], found: Found) -> Genesis:
    """Return what the first records of the chains have for a previous digest."""
    roles = found.roles
    firsts = [n for n, before in enumerate(roles.before) if before < 0]
    if roles.previous is None:
        return replace(unstored(rows, found, firsts), restarts=found.restarts)
    values = [chain_of(rows, roles, n) for n in firsts]
    if set(values) == {None}:
        names = [get(rows[n].value, roles.previous[:-1]) for n in firsts]
        there = any(isinstance(n, Mapping) and roles.previous[-1] in n for n in names)
        return Genesis(GenesisKind.NULL if there else GenesisKind.ABSENT, restarts=_again(found))
    stated = values[0] if len(set(values)) == 1 else None
    shape = shape_of(stated)
    if stated is not None and (shape is None or len(set(stated[len(shape.prefix) :])) == 1):
        return Genesis(GenesisKind.TEXT, stated, restarts=_again(found))
    for genesis in derived(roles, found):
        if all(
            begins(genesis, rows[n], found) == value
            for n, value in zip(firsts, values, strict=True)
        ):
            return genesis
    return Genesis(GenesisKind.ANY, otherwise=Beginning.CONTINUED)


def _again(found: Found) -> bool:
    """Tell whether chains begin anew within the file, with nothing that would tell them apart."""
    firsts = sum(before < 0 for before in found.roles.before)
    return firsts > 1 and not found.roles.partition


def _numbering(rows: Sequence[Row], found: Found) -> Numbering:
    """Return where numbers start, if all chains start alike, and whether there are gaps."""
    roles = found.roles
    if roles.sequence is None:
        return Numbering()
    numbers = [_number(get(row.value, roles.sequence)) for row in rows]
    starts = {numbers[n] for n, before in enumerate(roles.before) if before < 0}
    steps = {
        after - before
        for n, index in enumerate(roles.before)
        if index >= 0
        and (after := numbers[n]) is not None
        and (before := numbers[index]) is not None
    }
    start = next(iter(starts)) if len(starts) == 1 else None
    return Numbering(start if start in {0, 1} else None, gap_free=steps <= {1})


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
