"""What differs between two exports of a catalog, field by field."""

from dataclasses import dataclass
from enum import StrEnum

from workbench.model.locator import Locator


class Change(StrEnum):
    """What happened to a thing, a relation, or one value of it."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


class About(StrEnum):
    """What a difference is about."""

    THING = "thing"
    RELATION = "relation"


class SameBy(StrEnum):
    """Why two things of different keys are held to be one, the strongest reason first."""

    DIGEST = "equal digests"
    URI = "equal URI"
    NAME = "equal name and version"
    CONTENT = "equal content"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        change: what happened.
        about: to a thing or to a relation.
        kind: type of the thing, or kind of the relation.
        key: of the thing in the earlier export, in the later one where it was added; of a
            relation its ends, ``subject → object``.
        name: what people call it; "" for a relation.
        field: which value changed, as ``field owner`` or ``param lr``; "" where it is the whole.
        before: value in the earlier export; None where it had none. Of a rename, its key.
        after: the same for the later export.
        earlier: where it stands in the earlier export, or None.
        later: where it stands in the later one, or None.
        same_by: of a rename, why the two are held to be one; else None.
    """

    change: Change
    about: About
    kind: str
    key: str
    name: str = ""
    field: str = ""
    before: str | None = None
    after: str | None = None
    earlier: Locator | None = None
    later: Locator | None = None
    same_by: SameBy | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two exports of one catalog, compared.

    Attributes:
        earlier: path of the earlier export.
        later: path of the later one.
        differences: of things first, then of relations; each in the order of the exports.
        same_things: things in both whose every value is equal.
        same_relations: relations that stand in both as they are.
        problems: sentences on what could not be read on either side.
    """

    earlier: str
    later: str
    differences: tuple[Difference, ...]
    same_things: int
    same_relations: int
    problems: tuple[str, ...] = ()
