"""What of a record the digest of a recipe covers."""

from collections.abc import Iterable

from workbench.model.profile import ChainProfile
from workbench.model.recipe import FieldText, JsonObject, Previous, RawLine


def covered(profile: ChainProfile, names: Iterable[str]) -> frozenset[str]:
    """Return which top-level members of a record the digest covers, its own digest included."""
    found = {profile.fields.own[0]}
    for part in profile.preimage:
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
