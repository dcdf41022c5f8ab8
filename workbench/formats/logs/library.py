"""The event mappings that ship with the program, and those that a user brings."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from workbench import resources
from workbench.errors import ProfileError, UsageError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.linear_regex import BadPatternError
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.formats.logs.mapper import Mapper
from workbench.model.event_mapping import EventMapping
from workbench.model.event_mapping_file import parse_mapping


@cache
def shipped() -> tuple[EventMapping, ...]:
    """Return the mappings that ship with the program, by id."""
    files = sorted(resources.path("mappings").glob("*.yaml"))
    return tuple(sorted((load(file) for file in files), key=lambda mapping: mapping.id))


def named(name: str, mine: Sequence[EventMapping] = ()) -> EventMapping | None:
    """Return the mapping of an id: one that the user brought, or one that ships."""
    return next((mapping for mapping in (*mine, *shipped()) if mapping.id == name), None)


def chosen(name: str) -> EventMapping:
    """Return a shipped mapping by its id, or the one in a file.

    Raises:
        SourceError: it is neither.
        ProfileError: the file cannot be understood.
    """
    return named(name) or load(Path(name))


def load(path: Path) -> EventMapping:
    """Return the mapping in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood.
    """
    return loads(read_whole(single(path), limit=LIMITS.yaml), what=path.name)


def loads(data: bytes, *, what: str) -> EventMapping:
    """Return the mapping that some bytes describe; whatever of it can be wrong is tried.

    Raises:
        ProfileError: it cannot be understood.
    """
    try:
        loaded = load_yaml(data, what=what)
    except YamlError as error:
        raise ProfileError(error.message, path=what, place=error.place) from error
    mapping = parse_mapping(loaded, what=what, text=data.decode("utf-8-sig"))
    try:
        Mapper(mapping)
    except BadPatternError as error:
        message = f"{what}: a pattern under extract is no regular expression of RE2: {error}."
        raise ProfileError(message, path=what, place="extract") from error
    return mapping


def require_apart(mappings: Sequence[EventMapping]) -> None:
    """Raise where a mapping has the id of one that ships, or two of them have one.

    Raises:
        UsageError: a mapping could not be told from another by its id.
    """
    ids = [mapping.id for mapping in (*shipped(), *mappings)]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise UsageError(f"There are two mappings with the id {twice}: give yours another one.")
