"""The chain profiles that ship with the program, and those that a user brings."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from workbench import resources
from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.profile import ChainProfile
from workbench.model.profile_file import parse_profile
from workbench.model.recipe import FieldText, JsonObject, Previous, RawLine
from workbench.verify.chain.engine import require_supported


@cache
def shipped() -> tuple[ChainProfile, ...]:
    """Return the profiles that ship with the program, by id."""
    files = sorted(resources.path("profiles").glob("*.yaml"))
    return tuple(sorted((load(file) for file in files), key=lambda profile: profile.id))


def chosen(name: str | None) -> tuple[ChainProfile, ...]:
    """Return the profiles that may be tried: all that ship, or the one that is named.

    Raises:
        SourceError: ``name`` is neither the id of a shipped profile nor a readable file.
        ProfileError: the file cannot be understood.
    """
    if name is None:
        return shipped()
    found = tuple(profile for profile in shipped() if profile.id == name)
    return found or (load(Path(name)),)


def load(path: Path) -> ChainProfile:
    """Return the profile in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood, or asks for what is not supported yet.
    """
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        mapping = load_yaml(data, what=path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    profile = parse_profile(mapping, what=path.name, sha256=hashlib.sha256(data).hexdigest())
    require_supported(profile, path.name)
    return profile


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
