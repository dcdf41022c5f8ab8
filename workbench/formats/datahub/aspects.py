"""What aspects relate an entity to: every aspect that names another entity is asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.evidence.strict_json import JsonValue
from workbench.formats.datahub.records import Aspect, Entity
from workbench.formats.datahub.urn import urn_of
from workbench.formats.sheet import Sheet
from workbench.model.catalog import Relation, RelationKind


@dataclass(frozen=True, slots=True)
class Rule:
    """How a member of an aspect names other entities.

    Attributes:
        aspect: name of the aspect.
        member: the member that lists them.
        name: the member of an entry that names one, or "" where an entry is the name.
        kind: the relation.
        is_turned: the entity named is the subject.
        role: what the relation is called; "" for the name of the member.
    """

    aspect: str
    member: str
    name: str
    kind: RelationKind
    is_turned: bool = False
    role: str = ""


_USED, _GENERATED = RelationKind.USED, RelationKind.GENERATED
_DERIVED, _INFORMED = RelationKind.DERIVED_FROM, RelationKind.INFORMED_BY
_MEMBER, _ATTRIBUTED = RelationKind.MEMBER_OF, RelationKind.ATTRIBUTED_TO
_EDGE = "destinationUrn"
_RUN = "dataProcessInstance"
_RULES = (
    Rule("upstreamLineage", "upstreams", "dataset", _DERIVED, role="type"),
    Rule("dataJobInputOutput", "inputDatasets", "", _USED),
    Rule("dataJobInputOutput", "inputDatasetEdges", _EDGE, _USED),
    Rule("dataJobInputOutput", "outputDatasets", "", _GENERATED),
    Rule("dataJobInputOutput", "outputDatasetEdges", _EDGE, _GENERATED),
    Rule("dataJobInputOutput", "inputDatajobs", "", _INFORMED),
    Rule("dataJobInputOutput", "inputDatajobEdges", _EDGE, _INFORMED),
    Rule(f"{_RUN}Input", "inputs", "", _USED),
    Rule(f"{_RUN}Input", "inputEdges", _EDGE, _USED),
    Rule(f"{_RUN}Output", "outputs", "", _GENERATED),
    Rule(f"{_RUN}Output", "outputEdges", _EDGE, _GENERATED),
    Rule(f"{_RUN}Relationships", "parentTemplate", "", RelationKind.ASSOCIATED_WITH, role="job"),
    Rule(f"{_RUN}Relationships", "parentInstance", "", _INFORMED, role="parent"),
    Rule(f"{_RUN}Relationships", "upstreamInstances", "", _INFORMED, role="upstream"),
    *(
        rule
        for holder in ("mlModelProperties", "mlModelGroupProperties")
        for rule in (
            Rule(holder, "trainingJobs", "", _GENERATED, is_turned=True),
            Rule(holder, "downstreamJobs", "", _USED, is_turned=True),
        )
    ),
    Rule("mlModelProperties", "groups", "", RelationKind.SPECIALIZATION_OF),
    Rule("mlModelProperties", "mlFeatures", "", _DERIVED),
    Rule("mlModelProperties", "deployments", "", RelationKind.DEPLOYED),
    Rule("mlModelTrainingData", "trainingData", "dataset", _DERIVED, role="training"),
    Rule("mlModelEvaluationData", "evaluationData", "dataset", RelationKind.EVALUATED_ON),
    Rule("mlFeatureProperties", "sources", "", _DERIVED, role="source"),
    Rule("mlPrimaryKeyProperties", "sources", "", _DERIVED, role="source"),
    Rule("mlFeatureTableProperties", "mlFeatures", "", _MEMBER, is_turned=True),
    Rule("mlFeatureTableProperties", "mlPrimaryKeys", "", _MEMBER, is_turned=True),
    Rule("chartInfo", "inputs", "", _DERIVED),
    Rule("chartInfo", "inputEdges", _EDGE, _DERIVED),
    Rule("dashboardInfo", "charts", "", _MEMBER, is_turned=True),
    Rule("dashboardInfo", "chartEdges", _EDGE, _MEMBER, is_turned=True),
    Rule("dataJobInfo", "flowUrn", "", _MEMBER),
    Rule("container", "container", "", _MEMBER),
    Rule("domains", "domains", "", _MEMBER, role="domain"),
    Rule("corpGroupInfo", "members", "", _MEMBER, is_turned=True),
    Rule("siblings", "siblings", "", RelationKind.ALTERNATE_OF),
    Rule("ownership", "owners", "owner", _ATTRIBUTED, role="type"),
)
_BY_ASPECT: dict[str, list[Rule]] = {}
for _rule in _RULES:
    _BY_ASPECT.setdefault(_rule.aspect, []).append(_rule)


def edges_of(sheet: Sheet, urn: str, entity: Entity) -> Iterator[Relation]:
    """Yield the relations of an entity, each once however often a record states it."""
    told: set[tuple[str, ...]] = set()
    for aspect in entity.aspects:
        for stated, edge in _stated(sheet, urn, aspect):
            mark = (edge.kind, edge.subject, edge.object, edge.role, *edge.columns)
            if mark not in told:
                told.add(mark)
                sheet.count(f"edges {stated}")
                yield edge


def _stated(sheet: Sheet, urn: str, aspect: Aspect) -> Iterator[tuple[str, Relation]]:
    """Yield the relations of an aspect, each with the name of what states it."""
    for rule in _BY_ASPECT.get(aspect.name, ()):
        for target, role, pointer in _named(aspect, rule):
            ends = (target, urn) if rule.is_turned else (urn, target)
            edge = sheet.relation(rule.kind, *ends, pointer, role)
            yield f"{aspect.name}.{rule.member}", edge
    if "fineGrainedLineages" in aspect.members:
        for edge in _columns(sheet, aspect):
            yield f"{aspect.name}.fineGrainedLineages", edge


def _named(aspect: Aspect, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield each entity that a member names, with its role and place."""
    value = aspect.members.get(rule.member)
    if isinstance(value, dict) and "array" in value:
        value = value["array"]
    for n, entry in enumerate(_listed(value)):
        members = entry if isinstance(entry, dict) else {}
        target = _text(members.get(rule.name) if rule.name else entry)
        if target:
            role = members.get(rule.role) if rule.role == "type" else rule.role or rule.member
            place = aspect.at(rule.member, n) if isinstance(value, list) else aspect.at(rule.member)
            yield target, _text(role), place


def _columns(sheet: Sheet, aspect: Aspect) -> Iterator[Relation]:
    """Yield the relations between columns; a whole data set counts as every column."""
    for n, entry in enumerate(_listed(aspect.members.get("fineGrainedLineages"))):
        sheet.count("fine-grained lineages")
        members = entry if isinstance(entry, dict) else {}
        how = _text(members.get("transformOperation"))
        pointer = aspect.at("fineGrainedLineages", n)
        down, up = (list(_fields(members.get(name))) for name in ("downstreams", "upstreams"))
        for (own, column), (other, origin) in sheet.pairs(down, up, pointer):
            columns, place = (column, origin), sheet.place(pointer)
            kind = RelationKind.DERIVED_FROM
            yield Relation(kind, own, other, place, columns=columns, transformation=how)


def _fields(value: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield data set and column of each name of a schema field."""
    for entry in _listed(value):
        name = _text(entry)
        urn = urn_of(name)
        if urn.type == "schemaField" and len(urn.parts) == 2:
            yield _data_set(name), urn.parts[1]
        elif urn.type:
            yield name, ""


def _data_set(name: str) -> str:
    """Return the name of the data set of a schema field as it is written in it."""
    inner = name.partition("(")[2]
    return inner.rpartition(",")[0]


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: JsonValue) -> str:
    """Return a text, also where it stands in a union of Avro."""
    if isinstance(value, dict) and len(value) == 1:
        value = value.get("string")
    return value if isinstance(value, str) else ""
