"""What of a record the digest of a recipe covers."""

from collections.abc import Collection, Iterable, Sequence

from workbench.model.profile import ChainProfile, Version
from workbench.model.recipe import FieldText, JsonObject, Part, Previous, RawLine


def covered(
    profile: ChainProfile, names: Collection[str], older: Sequence[Version] | None = None
) -> frozenset[str]:
    """Return which top-level members of a record the digest covers, its own digest included.

    Args:
        profile: the recipe.
        names: all members that records have.
        older: the older recipes by which some records are made, too; by default all there are: a
            member is covered where each of them covers it.
    """
    recipes = [
        profile.preimage,
        *(one.preimage for one in (profile.versions if older is None else older)),
    ]
    return frozenset.intersection(*(_by_recipe(profile, parts, names) for parts in recipes))


def _by_recipe(
    profile: ChainProfile, parts: Iterable[Part], names: Collection[str]
) -> frozenset[str]:
    found = {profile.fields.own[0]}
    for part in parts:
        match part:
            case Previous() if profile.fields.previous is not None:
                found.add(profile.fields.previous[0])
            case FieldText(name=name):
                found.add(name[0])
            case RawLine():
                found.update(names)
            case JsonObject():
                found.update(part.include or (n for n in names if n not in part.exclude))
                found.update(s for _, s in part.wrap if not s.startswith("$"))
                if profile.fields.previous and any(s == "$previous" for _, s in part.wrap):
                    found.add(profile.fields.previous[0])
            case _:
                continue
    return frozenset(found)
