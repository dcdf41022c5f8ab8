"""A part of the lineage as PROV-JSON (W3C member submission), for the tools that read provenance.

Each thing is an entity, an activity or an agent, each relation the PROV statement that it is. Where
PROV has no such statement, or ends of other kinds, it is ``wasInfluencedBy``; which relation
it is in the source stands beside it, always (``wb:relation``), and so do its status and places.
Text is evidence: control characters are shown as marks, as everywhere.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from workbench.evidence.text import visible
from workbench.model.catalog import RelationKind, ThingKind
from workbench.model.contract import Json, time_to_json
from workbench.model.lineage import Edge, LineageView, Node, NodeId, kind_of
from workbench.model.moment import text_of

_PREFIXES = {"wb": "urn:audit-workbench:lineage#", "case": "urn:audit-workbench:case:"}
_RECORDS = {
    ThingKind.ARTIFACT: "entity",
    ThingKind.JOB: "entity",  # PROV-DM 5.1.1 with prov:type prov:Plan
    ThingKind.RUN: "activity",
    ThingKind.AGENT: "agent",
}
_K, _E, _A = RelationKind, "entity", "activity"
#: Relation, what its subject is and its object: the statement, and what it calls the two.
_STATEMENTS: Mapping[tuple[RelationKind, str, str], tuple[str, str, str]] = {
    (_K.USED, _A, _E): ("used", "prov:activity", "prov:entity"),
    (_K.GENERATED, _A, _E): ("wasGeneratedBy", "prov:activity", "prov:entity"),
    (_K.DERIVED_FROM, _E, _E): ("wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity"),
    (_K.INFORMED_BY, _A, _A): ("wasInformedBy", "prov:informed", "prov:informant"),
    (_K.ASSOCIATED_WITH, _A, "agent"): ("wasAssociatedWith", "prov:activity", "prov:agent"),
    (_K.ASSOCIATED_WITH, _A, _E): ("wasAssociatedWith", "prov:activity", "prov:plan"),
    (_K.ATTRIBUTED_TO, _E, "agent"): ("wasAttributedTo", "prov:entity", "prov:agent"),
    (_K.SPECIALIZATION_OF, _E, _E): (
        "specializationOf", "prov:specificEntity", "prov:generalEntity",
    ),
    (_K.ALTERNATE_OF, _E, _E): ("alternateOf", "prov:alternate1", "prov:alternate2"),
    (_K.MEMBER_OF, _E, _E): ("hadMember", "prov:entity", "prov:collection"),
    (_K.INVALIDATED, _A, _E): ("wasInvalidatedBy", "prov:activity", "prov:entity"),
}  # fmt: skip
_INFLUENCE = ("wasInfluencedBy", "prov:influencee", "prov:influencer")
_TIMED = frozenset({"used", "wasGeneratedBy", "wasInvalidatedBy"})


def prov_json(view: LineageView, *, words: str) -> bytes:
    """Return things and relations of a view as PROV-JSON; the same view gives the same bytes.

    Args:
        view: what to write.
        words: what it holds and what it leaves out, in a sentence: said of the document itself.
    """
    document: dict[str, dict[str, Json]] = {"prefix": dict(_PREFIXES)}
    kinds: dict[NodeId, str] = {}
    for node in view.nodes:
        kinds[node.id] = record = _RECORDS[node.thing.kind] if node.thing else "entity"
        document.setdefault(record, {})[_name(node.id)] = _told(node)
    for number, edge in enumerate(view.edges, 1):
        name, body = _statement(edge, kinds)
        document.setdefault(name, {})[f"_:r{number}"] = body
    about: dict[str, Json] = {"prov:type": "prov:Bundle", "wb:holds": visible(words)}
    document.setdefault("entity", {})["wb:this_document"] = about
    return json.dumps(document, indent=1).encode() + b"\n"


def _name(node: NodeId) -> str:
    """Return a qualified name: its local part holds what PROV-N allows, the rest as percents."""
    return f"case:{node[0]}/{quote(node[1].encode('utf-8', 'surrogatepass'), safe='')}"


def _told(node: Node) -> dict[str, Json]:
    thing = node.thing
    told: dict[str, Json] = {
        "wb:source": node.id[0],
        "wb:key": visible(node.id[1]),
        "wb:in_evidence": thing is not None,
        "wb:hidden_upstream": node.hidden_upstream,
        "wb:hidden_downstream": node.hidden_downstream,
    }
    if thing is None:
        return told
    told |= {"prov:label": visible(f"{thing.name} {thing.version}".rstrip())}
    told |= {"wb:kind": visible(kind_of(thing)), "wb:place": visible(str(thing.locator))}
    if thing.kind is ThingKind.JOB:
        told["prov:type"] = "prov:Plan"
    if thing.kind is ThingKind.RUN:
        _put(told, "prov:startTime", thing.created)
        _put(told, "prov:endTime", thing.ended)
    return told


def _put(told: dict[str, Json], name: str, time: datetime | None) -> None:
    if time is not None:
        told[name] = time_to_json(time)


def _statement(edge: Edge, kinds: Mapping[NodeId, str]) -> tuple[str, dict[str, Json]]:
    """Return the statement that an edge is, with its ends named as PROV names them."""
    subject, item = edge.subject, edge.object
    known = _STATEMENTS.get((edge.kind, kinds[subject], kinds[item]))
    if known is None:
        subject, item = edge.head, edge.tail  # what was there before is what influenced
    name, first, second = known or _INFLUENCE
    body: dict[str, Json] = {first: _name(subject), second: _name(item)}
    if name in _TIMED and edge.time is not None:
        body["prov:time"] = text_of(edge.time)
    body |= {"wb:relation": edge.kind.value, "wb:status": edge.status.value}
    body |= {"wb:role": visible(edge.role)} if edge.role else {}
    body["wb:places"] = [visible(str(place)) for place in edge.locators]
    body["wb:columns"] = [f"{visible(a)} -> {visible(b)}" for a, b in edge.columns]
    return name, body
