"""The statements of PROV as edges (PROV-DM 5, PROV-JSON 3)."""

from collections.abc import Iterator
from typing import NamedTuple

from workbench.evidence.quick_json import json_text
from workbench.formats.part import Part
from workbench.formats.prov.records import KINDS, Scope, plain
from workbench.model.catalog import Attribute, AttributeGroup, Relation, RelationKind

_ACTIVITY, _ENTITY, _AGENT = ("activity",), ("entity",), ("agent",)


class Rule(NamedTuple):
    """How a statement names its ends.

    Attributes:
        statement: name of the statement.
        subject: member that names the subject.
        subjects: what it may be.
        object: member that names the object, or each of them.
        objects: what that may be.
        kind: the relation.
        role: what the relation is called where the statement gives it no role.
    """

    statement: str
    subject: str
    subjects: tuple[str, ...]
    object: str
    objects: tuple[str, ...]
    kind: RelationKind
    role: str = ""


_K = RelationKind
_RULES = (
    Rule("used", "activity", _ACTIVITY, "entity", _ENTITY, _K.USED),
    Rule("wasGeneratedBy", "activity", _ACTIVITY, "entity", _ENTITY, _K.GENERATED),
    Rule("wasInvalidatedBy", "activity", _ACTIVITY, "entity", _ENTITY, _K.INVALIDATED),
    Rule("wasDerivedFrom", "generatedEntity", _ENTITY, "usedEntity", _ENTITY, _K.DERIVED_FROM),
    Rule("wasInformedBy", "informed", _ACTIVITY, "informant", _ACTIVITY, _K.INFORMED_BY),
    Rule("wasStartedBy", "activity", _ACTIVITY, "starter", _ACTIVITY, _K.INFORMED_BY, "start"),
    Rule("wasStartedBy", "activity", _ACTIVITY, "trigger", _ENTITY, _K.USED, "trigger"),
    Rule("wasEndedBy", "activity", _ACTIVITY, "ender", _ACTIVITY, _K.INFORMED_BY, "end"),
    Rule("wasEndedBy", "activity", _ACTIVITY, "trigger", _ENTITY, _K.USED, "end trigger"),
    Rule("wasAssociatedWith", "activity", _ACTIVITY, "agent", _AGENT, _K.ASSOCIATED_WITH),
    Rule("wasAssociatedWith", "activity", _ACTIVITY, "plan", _ENTITY, _K.ASSOCIATED_WITH, "plan"),
    Rule("wasAttributedTo", "entity", _ENTITY, "agent", _AGENT, _K.ATTRIBUTED_TO),
    Rule(
        "actedOnBehalfOf", "delegate", _AGENT, "responsible", _AGENT, _K.ASSOCIATED_WITH, "delegate"
    ),
    Rule("wasInfluencedBy", "influencee", KINDS, "influencer", KINDS, _K.DERIVED_FROM, "influence"),
    Rule(
        "specializationOf",
        "specificEntity",
        _ENTITY,
        "generalEntity",
        _ENTITY,
        _K.SPECIALIZATION_OF,
    ),
    Rule(
        "mentionOf",
        "specificEntity",
        _ENTITY,
        "generalEntity",
        _ENTITY,
        _K.SPECIALIZATION_OF,
        "mention",
    ),
    Rule("alternateOf", "alternate1", _ENTITY, "alternate2", _ENTITY, _K.ALTERNATE_OF),
    Rule("hadMember", "entity", _ENTITY, "collection", _ENTITY, _K.MEMBER_OF),
)
NAMES = frozenset(rule.statement for rule in _RULES)
#: What an influence is between two things that are no entities both (PROV-DM 5.3.5).
_INFLUENCES = {
    ("activity", "activity"): RelationKind.INFORMED_BY,
    ("activity", "entity"): RelationKind.USED,
    ("activity", "agent"): RelationKind.ASSOCIATED_WITH,
    ("entity", "agent"): RelationKind.ATTRIBUTED_TO,
    ("agent", "agent"): RelationKind.ASSOCIATED_WITH,
}
_ENDS = {"wasEndedBy", "wasInvalidatedBy"}


def edges_of(scope: Scope) -> Iterator[Relation]:
    """Yield the edges that statements make; each stays, whole, with the thing that it names first.

    PROV lets a statement leave an end out: it is then no edge, and stays all the same.
    """
    for name in sorted(NAMES & scope.root.members.keys()):
        rules = [rule for rule in _RULES if rule.statement == name]
        for _, part in scope.statements(name):
            _keep(scope, name, part, rules)
            for rule in rules:
                yield from _edges(scope, part, rule)


def _keep(scope: Scope, name: str, part: Part, rules: list[Rule]) -> None:
    """Give a statement to the first thing described here that it names."""
    for rule in rules:
        for member, kinds in ((rule.subject, rule.subjects), (rule.object, rule.objects)):
            for ref, _ in _refs(part, member):
                record = scope.record(scope.key(kinds, ref))
                if record is None:
                    continue
                if name in _ENDS and record.kind == (
                    "activity" if name == "wasEndedBy" else "entity"
                ):
                    record.ended = True
                if not part.is_told:
                    part.rest()
                    text = json_text(part.members)
                    facet = Attribute(AttributeGroup.FACET, name, text, part.pointer)
                    record.facets.append(facet)


def _edges(scope: Scope, part: Part, rule: Rule) -> Iterator[Relation]:
    starts, ends = _refs(part, rule.subject), _refs(part, rule.object)
    role, time = plain(part.members.get("prov:role")) or rule.role, part.time("prov:time")
    for (start, _), (end, pointer) in scope.sheet.pairs(starts, ends, part.pointer):
        subject, target = scope.key(rule.subjects, start), scope.key(rule.objects, end)
        kind = rule.kind
        if rule.statement == "wasInfluencedBy":
            kinds = _kind_of(scope, subject), _kind_of(scope, target)
            kind = _INFLUENCES.get(kinds, kind)
        yield Relation(kind, subject, target, scope.sheet.place(pointer), role, time=time)


def _kind_of(scope: Scope, key: str) -> str:
    found = next((s.records[key] for s in (scope, scope.outer) if s and key in s.records), None)
    return found.kind if found else "entity"


def _refs(part: Part, member: str) -> list[tuple[str, str]]:
    """Return the ids that a member names: one, or for members of collections a list."""
    name = f"prov:{member}"
    value, at = part.members.get(name), part.at(name)
    listed = value if isinstance(value, list) else [value]
    places = [f"{at}/{n}" for n in range(len(listed))] if listed is value else [at]
    return [
        (ref, place) for entry, place in zip(listed, places, strict=True) if (ref := plain(entry))
    ]
