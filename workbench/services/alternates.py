"""The same thing in two exports: what links them, and what the auditor says of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.analysis import linked
from workbench.errors import UsageError
from workbench.model.alternate import Alternate, Alternates, Lasting, Unclear
from workbench.model.case import CaseChanges
from workbench.model.case_source import CaseSource
from workbench.model.catalog import Thing
from workbench.model.lineage import NodeId, kind_of
from workbench.model.progress import Cancel
from workbench.store import catalog, rulings, sources
from workbench.store.case_store import CaseStore

CONFIRM, PART, UNDO = rulings.ACTS


@dataclass(frozen=True, slots=True)
class Linked:
    """Links of a case with what they link.

    Attributes:
        things: the things at their ends.
        sources: path of each source, by its number.
        found: the links.
        notes: sentences on what was left out.
    """

    things: Mapping[NodeId, Thing]
    sources: Mapping[int, str]
    found: Alternates
    notes: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[Alternate, ...]:
        """The links."""
        return self.found.links

    @property
    def unclear(self) -> tuple[Unclear, ...]:
        """What fits several, so that nothing was concluded."""
        return self.found.unclear

    def name(self, node: NodeId) -> str:
        """Return what a thing is called, with its version."""
        thing = self.things[node]
        return f"{thing.called} {thing.version}".rstrip()

    def said(self, node: NodeId) -> str:
        """Return a thing with what it is and where it stands."""
        thing = self.things[node]
        return f"{kind_of(thing)} {self.name(node)} ({self.sources.get(node[0], '')})"


def every(case: CaseStore, *, cancel: Cancel) -> Linked:
    """Return every link of a case; equal sources are read once.

    Raises:
        Cancelled: the user stopped it.
    """
    with case.reading() as session:
        known = sources.every(session)
        once, notes = linked.once(known)
        things: dict[NodeId, Thing] = {}
        for kept in catalog.every_thing(session, sources=[source.id for source in once]):
            things[kept.source, kept.thing.key] = kept.thing
    found = linked.alternates_among(case, things, cancel=cancel)
    return Linked(things, _names(known), found, tuple(notes))


def of(case: CaseStore, node: NodeId) -> Linked:
    """Return the links of one thing.

    Raises:
        UsageError: there is no such thing.
    """
    things, found = linked.alternates_of(case, node)
    if not things:
        raise UsageError(f"Source {node[0]} has nothing with the key {node[1]}.")
    with case.reading() as session:
        return Linked(things, _names(sources.every(session)), found)


def confirm(case: CaseStore, one: NodeId, other: NodeId, *, reason: str) -> CaseChanges:
    """Put on record that two things are one.

    Raises:
        UsageError: there is no such thing, both are one already, or no reason is given.
        StoreError: it could not be recorded.
    """
    return _rule(case, CONFIRM, one, other, reason)


def part(case: CaseStore, one: NodeId, other: NodeId, *, reason: str) -> CaseChanges:
    """Put on record that two things are two, whatever links them.

    Raises:
        UsageError: there is no such thing, both are one, or no reason is given.
        StoreError: it could not be recorded.
    """
    return _rule(case, PART, one, other, reason)


def undo(case: CaseStore, one: NodeId, other: NodeId, *, reason: str) -> CaseChanges:
    """Put on record that what was said of two things holds no more.

    Raises:
        UsageError: nothing was said of them, or no reason is given.
        StoreError: it could not be recorded.
    """
    return _rule(case, UNDO, one, other, reason)


def _rule(case: CaseStore, name: str, one: NodeId, other: NodeId, reason: str) -> CaseChanges:
    if not reason.strip():
        raise UsageError("Say why: the reason goes into the journal.")
    with case.reading() as session:
        here, there = sorted((n, catalog.key_of(session, n, key)) for n, key in (one, other))
    if here == there:
        raise UsageError("A thing is no alternate of itself: name two.")
    with case.acting(name) as act:
        pair = _lasting(case, here), _lasting(case, there)
        ruled = rulings.every(act.session, case.journal_at_opening)
        known = next((each for each in (pair, pair[::-1]) if each in ruled), None)
        if name == UNDO and known is None:
            raise UsageError("Nothing was said of these two that could be undone.")
        act.subject = " = ".join(f"{node[0]}/{node[1]}" for node in (here, there))
        rulings.put(act, known or pair, reason.strip())
        return act.changes


def _lasting(case: CaseStore, node: NodeId) -> Lasting:
    with case.reading() as session:
        sha256 = sources.get(session, node[0]).sha256
    if not sha256:
        raise UsageError(f"Source {node[0]} could not be read: nothing can be said of it.")
    return sha256, node[1]


def _names(known: list[CaseSource]) -> Mapping[int, str]:
    return {source.id: source.display for source in known}
