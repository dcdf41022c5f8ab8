"""Which events of a log register, approve or deploy a model, and which model they mean.

A log says what somebody claimed at the time; whether its record still stands is kept with it.
"""

import re
from collections.abc import Iterable, Mapping

from workbench.model.catalog import ArtifactType, Relation, RelationKind, Thing, ThingKind
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.lineage import NodeId

#: Found anywhere in the name of an action: ``model.approve``, ``ApproveModelVersion``.
REGISTER = re.compile(r"regist|create_?model_?version", re.IGNORECASE)
APPROVE = re.compile(r"(?<!dis)approv", re.IGNORECASE)
DEPLOY = re.compile(r"(?<!un)deploy|promot|transition_?stage", re.IGNORECASE)
#: The same three as one question to the index (VERDICTS section 9).
QUERY = "action:/(?i)regist|create_?model_?version|approv|deploy|promot|transition_?stage/"

#: What a name of a model and version looks like: ``models:/credit-scoring/7``, ``x:7``, ``x/v7``.
_VERSION = re.compile(r"(?:models:/)?(?P<name>.+?)[/:@]v?(?P<version>[0-9]+)")


def version_meant(item: str) -> tuple[str, str] | None:
    """Return name and version of the model that the object of an event names, or None."""
    match = _VERSION.fullmatch(item)
    return None if match is None else (match["name"], match["version"])


def short_name(actor: str) -> str:
    """Return an actor without the scheme that a log puts before it (``did:mesh:x`` is ``x``)."""
    return actor.rpartition(":")[2] if actor.startswith(("did:", "urn:")) else actor


def versions(things: Mapping[NodeId, Thing]) -> dict[tuple[str, str], list[NodeId]]:
    """Return the model versions of all catalogs by name and version."""
    found: dict[tuple[str, str], list[NodeId]] = {}
    for node, thing in things.items():
        if thing.type == ArtifactType.MODEL_VERSION:
            found.setdefault((thing.name, thing.version), []).append(node)
    return found


Decided = tuple[NodeId, Thing, Relation, int | None]


def decided(events: Iterable[IndexedEvent], things: Mapping[NodeId, Thing]) -> Iterable[Decided]:
    """Yield approvals and deployments as things, each with its relation to the version it is of.

    The version is that of every catalog that has one of this name; where none has, the relation
    leads to what the log calls it, which nobody describes.
    """
    known = versions(things)
    for found in events:
        event = found.event
        if event.outcome is Outcome.FAILURE:
            continue
        approves, deploys = APPROVE.search(event.action), DEPLOY.search(event.action)
        if not (approves or deploys):
            continue
        thing = _thing(found, "approval" if approves else "deployment")
        kind = RelationKind.APPROVED if approves else RelationKind.USED
        meant = version_meant(event.object)
        for source, key in known.get(meant, []) if meant else []:
            relation = Relation(kind, thing.key, key, event.locator)
            yield (found.source, thing.key), thing, relation, source
        if meant is None or meant not in known:
            relation = Relation(kind, thing.key, event.object, event.locator)
            yield (found.source, thing.key), thing, relation, None


def _thing(found: IndexedEvent, type_: str) -> Thing:
    event = found.event
    return Thing(
        ThingKind.RUN,
        type_,
        f"{type_}:{event.locator.record}",
        f"{type_} by {short_name(event.actor)}",
        event.locator,
        owner=event.actor,
    )
