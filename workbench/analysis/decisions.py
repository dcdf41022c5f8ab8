"""Which events of a log register, approve or deploy a model, and which model they mean.

A log says what somebody claimed at the time; whether its record still stands is kept with it.
"""

import re
from collections.abc import Iterable, Mapping

from workbench.analysis.acts import QUERY as QUERY
from workbench.analysis.acts import Act, meaning_of
from workbench.model.catalog import (
    ArtifactType,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.event import EventFlag, IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.locator import Locator
from workbench.model.moment import time_of

#: What a name of a model and version looks like: ``models:/credit-scoring/7``, ``x:7``, ``x/v7``.
_VERSION = re.compile(r"(?:models:/)?(?P<name>.+?)[/:@]v?(?P<version>[0-9]+)")

#: What the object of an event is known by: name and version where it names them, else its text.
Meant = tuple[str, str] | str


def version_meant(item: str) -> tuple[str, str] | None:
    """Return name and version of the model that the object of an event names, or None."""
    match = _VERSION.fullmatch(item)
    return None if match is None else (match["name"], match["version"])


def meant(item: str) -> Meant:
    """Return what the object of an event is known by, in whatever form a log writes it."""
    return version_meant(item) or item


def short_name(actor: str) -> str:
    """Return an actor without the scheme that a log puts before it (``did:mesh:x`` is ``x``)."""
    return actor.rpartition(":")[2] if actor.startswith(("did:", "urn:")) else actor


def act_of(found: IndexedEvent) -> Act | None:
    """Return the act that an event records as done, or None."""
    done = found.event.outcome is not Outcome.FAILURE
    return meaning_of(found.event.action).act if done else None


def stands(found: IndexedEvent) -> bool:
    """Tell whether no diagnosis says that the record of an event is broken."""
    return EventFlag.BROKEN not in found.event.flags


def versions(things: Mapping[NodeId, Thing]) -> dict[tuple[str, str], list[NodeId]]:
    """Return the model versions of all catalogs by name and version."""
    found: dict[tuple[str, str], list[NodeId]] = {}
    for node, thing in things.items():
        if thing.type == ArtifactType.MODEL_VERSION:
            found.setdefault((thing.name, thing.version), []).append(node)
    return found


Decided = tuple[NodeId, Thing, Relation, int | None]


def decided(
    events: Iterable[IndexedEvent],
    things: Mapping[NodeId, Thing],
    *,
    revoked: frozenset[Locator] = frozenset(),
) -> Iterable[Decided]:
    """Yield approvals and deployments as things, each with its relation to the version it is of.

    The version is that of every catalog that has one of this name; where none has, the relation
    leads to what the log calls it, which nobody describes. An approval at one of ``revoked`` is
    named as such.
    """
    known = versions(things)
    for found in events:
        act = act_of(found)
        if act not in {Act.APPROVE, Act.DEPLOY}:
            continue
        thing = _thing(found, act, is_revoked=found.event.locator in revoked)
        kind = RelationKind.APPROVED if act is Act.APPROVE else RelationKind.USED
        version = version_meant(found.event.object)
        for source, key in known.get(version, []) if version else []:
            relation = Relation(kind, thing.key, key, found.event.locator, time=thing.created)
            yield (found.source, thing.key), thing, relation, source
        if version is None or version not in known:
            item, place = found.event.object, found.event.locator
            relation = Relation(kind, thing.key, item, place, time=thing.created)
            yield (found.source, thing.key), thing, relation, None


def _thing(found: IndexedEvent, act: Act, *, is_revoked: bool) -> Thing:
    event = found.event
    type_ = "approval" if act is Act.APPROVE else "deployment"
    late = " (revoked)" if is_revoked else ""
    return Thing(
        ThingKind.RUN,
        type_,
        f"{type_}:{event.locator.record}",
        f"{type_} by {short_name(event.actor)}{late}",
        event.locator,
        lifecycle=Lifecycle.ARCHIVED if is_revoked else Lifecycle.UNKNOWN,
        lifecycle_raw="revoked" if is_revoked else "",
        created=None if event.time_ns is None else time_of(event.time_ns),
        owner=event.actor,
    )
