"""The relations that a source states of one of its things; read off the thread of the window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model.catalog import RelationKind
from workbench.model.lineage import kind_of

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_MOST = 200


@dataclass(frozen=True, slots=True)
class RelatedThing:
    """The other end of a relation.

    Attributes:
        group: the relation as a sentence about this thing.
        key: key of the other thing.
        name: what it is called.
    """

    group: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Related:
    """What a thing is related to, and how many more there are."""

    links: tuple[RelatedThing, ...] = ()
    left: int = 0

    def groups(self) -> list[tuple[str, list[RelatedThing]]]:
        """Return them by relation, in the order in which they were stated."""
        names = dict.fromkeys(link.group for link in self.links)
        return [(name, [k for k in self.links if k.group == name]) for name in names]


def related_to(case: "CaseStore", source: int, key: str) -> Related:
    """Return what a thing is related to; column lineage counts once."""
    from workbench.services import investigation

    ends: dict[tuple[str, str], None] = {}
    for kept in investigation.relations_at(case, source, key):
        relation = kept.relation
        about = relation.subject == key
        ends[_words(relation.kind, about=about), relation.object if about else relation.subject] = (
            None
        )
    links = [_link(case, source, group, other) for group, other in list(ends)[:_MOST]]
    return Related(tuple(links), max(len(ends) - _MOST, 0))


def _link(case: "CaseStore", source: int, group: str, key: str) -> RelatedThing:
    from workbench.services import investigation

    found = investigation.thing(case, source, key)
    if not found:
        return RelatedThing(group, key, f"{key} ({kind_of(None)})")
    thing = found[0].thing
    name = f"{thing.called} {thing.version}".rstrip()
    return RelatedThing(group, key, f"{name} ({kind_of(thing)})")


def _words(kind: RelationKind, *, about: bool) -> str:
    word = kind.value.replace("-", " ")
    return word.capitalize() if about else f"{word.capitalize()} (by the other)"
