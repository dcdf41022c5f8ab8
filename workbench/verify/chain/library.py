"""The chain profiles that ship with the program, and those that a user brings."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from workbench import resources
from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS

if TYPE_CHECKING:
    from workbench.model.profile import ChainProfile


class _Shipped(Sequence["ChainProfile"]):
    """The profiles that ship, read when the first of them is asked for: many drops hold no log."""

    @cached_property
    def _profiles(self) -> "tuple[ChainProfile, ...]":
        files = sorted(resources.path("profiles").glob("*.yaml"))
        return tuple(sorted((load(file) for file in files), key=lambda profile: profile.id))

    @overload
    def __getitem__(self, place: int) -> "ChainProfile": ...
    @overload
    def __getitem__(self, place: slice) -> "tuple[ChainProfile, ...]": ...
    def __getitem__(self, place: int | slice) -> "ChainProfile | tuple[ChainProfile, ...]":
        return self._profiles[place]

    def __iter__(self) -> "Iterator[ChainProfile]":
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)


_SHIPPED = _Shipped()


def shipped() -> "Sequence[ChainProfile]":
    """Return the profiles that ship with the program, by id."""
    return _SHIPPED


def chosen(name: str | None) -> "Sequence[ChainProfile]":
    """Return the profiles that may be tried: all that ship, or the one that is named.

    Raises:
        SourceError: ``name`` is neither the id of a shipped profile nor a readable file.
        ProfileError: the file cannot be understood.
    """
    if name is None:
        return shipped()
    found = tuple(profile for profile in shipped() if profile.id == name)
    return found or (load(Path(name)),)


def load(path: Path) -> "ChainProfile":
    """Return the profile in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood, or asks for what is not supported yet.
    """
    from workbench.evidence.strict_yaml import YamlError, load_yaml
    from workbench.model.profile_file import parse_profile

    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        mapping = load_yaml(data, what=path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    profile = parse_profile(mapping, what=path.name, sha256=hashlib.sha256(data).hexdigest())
    _require_supported(profile, path.name)
    return profile


def _require_supported(profile: "ChainProfile", what: str) -> None:
    """Raise for what a profile can say but the engine cannot run."""
    from workbench.model.recipe import Algorithm

    if profile.digest.key is not None and profile.digest.algorithm is Algorithm.BLAKE3:
        raise ProfileError(f"{what}: not supported yet: an HMAC over BLAKE3.", path=what)
