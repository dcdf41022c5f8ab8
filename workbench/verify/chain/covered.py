"""What of a record the digest of a recipe covers."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from workbench.model.profile import ChainProfile, Version
from workbench.model.recipe import FieldText, JsonObject, Part, Previous, RawLine

#: As many digits of a second as logs show.
MICROSECONDS = 6


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


def finer_times(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the times of which the digest covers fewer digits than a log may show."""
    for one in parts:
        times = one.times if isinstance(one, JsonObject) else ()
        if isinstance(one, FieldText) and one.rendering.time is not None:
            times = (("/".join(one.name), one.rendering.time),)
        for name, style in times:
            digits = {"s": 0, "ms": 3}.get(style.unit, style.digits)
            if digits < MICROSECONDS and not style.unit.startswith("python"):
                yield f"{name}, beyond {digits} digits of a second"


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
