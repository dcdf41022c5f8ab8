"""The rows of each population. A field that a source cannot say is left out, never made up."""

from collections.abc import Callable, Mapping, Sequence

from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    Lifecycle,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.lineage import EdgeStatus, NodeId
from workbench.model.locator import Locator
from workbench.model.policy import Population, Row, Value
from workbench.model.verdict import Dimension
from workbench.policy.facts import CaseFacts, pairs
from workbench.policy.log_rows import approvals, approvers_by_object, deployments, same_model

#: Parts of the name of a parameter that fixes a random sequence.
SEEDS = ("seed", "random_state")
CHAMPION = "champion"


def rows_of(facts: CaseFacts, population: Population) -> Sequence[Row] | None:
    """Return the rows of a population, or None where no source of the case can have any."""
    return _MAKERS[population](facts)


def _sources(facts: CaseFacts) -> Sequence[Row] | None:
    rows = []
    for number, source in facts.verdicts.items():
        verdict = source.verdict
        if verdict is None:
            continue
        said: dict[str, Value] = {d.value: verdict.dimension(d).indication.value for d in Dimension}
        said |= {
            "path": source.path,
            "format": source.format,
            "protected": source.format in {"chain", "oms", "model"},
            "integrity_code": verdict.integrity.code or "",
            "records": verdict.records,
        }
        place = facts.reference(number, Locator(source.path, source.member))
        rows.append(Row(source.path, said, (place,)))
    return rows or None


def _runs(facts: CaseFacts) -> Sequence[Row] | None:
    used = facts.objects_of(RelationKind.USED)
    return [
        _row(facts, node, run, _of_run(facts, run, used.get(node, [])))
        for node, run in facts.of_type(ThingKind.RUN)
    ] or None


def _of_run(facts: CaseFacts, run: Thing, used: Sequence[NodeId]) -> dict[str, Value]:
    said: dict[str, Value] = {
        "name": run.name,
        "deleted": run.lifecycle is Lifecycle.DELETED,
        "state": run.state.value,
        "ended": run.state.is_terminal,
        "user": run.owner or None,
        "datasets": _names(facts, _data_sets(facts, used)),
        "tags": pairs(run, AttributeGroup.TAG),
    }
    if not _is_lineage(run):  # a lineage event has no place for parameters: nothing can be said
        params = pairs(run, AttributeGroup.PARAM)
        said["params"] = params
        said["seeds"] = tuple(v for k, v in params.items() if any(s in k.lower() for s in SEEDS))
        said["commit"] = pairs(run, AttributeGroup.TAG).get("mlflow.source.git.commit", "")
    return said


def _is_lineage(run: Thing) -> bool:
    return run.type == "openlineage"


def _models(facts: CaseFacts) -> Sequence[Row] | None:
    versions = facts.subjects_of(RelationKind.SPECIALIZATION_OF)
    rows = []
    for node, model in facts.of_type(ThingKind.ARTIFACT, ArtifactType.REGISTERED_MODEL):
        tags = pairs(model, AttributeGroup.TAG)
        said: dict[str, Value] = {
            "name": model.name,
            "owner": model.owner or tags.get("owner", ""),
            "tags": tags,
            "versions": len(versions.get(node, [])),
        }
        rows.append(_row(facts, node, model, said))
    return rows or None


def _versions(facts: CaseFacts) -> Sequence[Row] | None:
    approvers = approvers_by_object(facts.decisions)
    return [
        _row(facts, node, version, _of_version(facts, node, version, approvers))
        for node, version in facts.of_type(ThingKind.ARTIFACT, ArtifactType.MODEL_VERSION)
    ] or None


def _of_version(
    facts: CaseFacts, node: NodeId, version: Thing, approvers: Mapping[str, tuple[str, ...]]
) -> dict[str, Value]:
    tags = pairs(version, AttributeGroup.TAG)
    aliases = tuple(a.name for a in version.attributes if a.group is AttributeGroup.ALIAS)
    said: dict[str, Value] = {
        "model": version.name,
        "version": version.version,
        "stage": version.lifecycle_raw,
        "aliases": aliases,
        "in_production": _in_production(facts, node, version, aliases),
        "approved_by": tags.get("approved_by", ""),
        "licence": tags.get("license", tags.get("licence", "")),
        "tags": tags,
    }
    found = same_model(approvers, version.name, version.version)
    if found:
        said["log_approvers"] = found
    return said | _of_its_run(facts, node)


def _in_production(
    facts: CaseFacts, node: NodeId, version: Thing, aliases: tuple[str, ...]
) -> bool:
    if node[0] in facts.registries_with_stages:
        return version.lifecycle is Lifecycle.PRODUCTION
    return CHAMPION in aliases


def _of_its_run(facts: CaseFacts, node: NodeId) -> dict[str, Value]:
    """Return what is known of the run that made a version: the first that the store holds."""
    makers = facts.subjects_of(RelationKind.GENERATED).get(node, [])
    run = next((facts.things[maker] for maker in makers if maker in facts.things), None)
    if run is None:
        return {"has_run": False}
    key = next(maker for maker in makers if maker in facts.things)
    used = facts.objects_of(RelationKind.USED).get(key, [])
    return {
        "has_run": True,
        "run_state": run.state.value,
        "run_deleted": run.lifecycle is Lifecycle.DELETED,
        "run_user": run.owner or pairs(run, AttributeGroup.TAG).get("mlflow.user", ""),
        "data_licence": pairs(run, AttributeGroup.TAG).get("training_data_license", ""),
        "datasets": _names(facts, _data_sets(facts, used)),
    }


def _datasets(facts: CaseFacts) -> Sequence[Row] | None:
    users = facts.subjects_of(RelationKind.USED)
    rows = []
    for node, dataset in facts.of_type(ThingKind.ARTIFACT, ArtifactType.DATASET):
        digests = pairs(dataset, AttributeGroup.DIGEST)
        said: dict[str, Value] = {
            "name": dataset.name,
            "digest": next(iter(digests.values()), ""),
            "uri": dataset.uri,
            "used_by": len(set(users.get(node, []))),
        }
        rows.append(_row(facts, node, dataset, said))
    return rows or None


def _edges(facts: CaseFacts) -> Sequence[Row] | None:
    rows = []
    for edge in facts.edges:
        label = f"{_name(facts, edge.tail)} → {_name(facts, edge.head)}"
        said: dict[str, Value] = {
            "kind": edge.kind.value,
            "status": edge.status.value,
            "dangling": edge.status is EdgeStatus.MISSING,
        }
        places = tuple(facts.reference(edge.tail[0], locator) for locator in edge.locators)
        rows.append(Row(label, said, places))
    return rows or None


def _row(facts: CaseFacts, node: NodeId, thing: Thing, said: Mapping[str, Value]) -> Row:
    label = f"{thing.name} {thing.version}".strip()
    return Row(label, said, (facts.reference(node[0], thing.locator),))


def _data_sets(facts: CaseFacts, nodes: Sequence[NodeId]) -> list[NodeId]:
    """Return the data sets among what a run used; one that nobody describes counts as one."""
    known = facts.things
    return [n for n in nodes if n not in known or known[n].type == ArtifactType.DATASET]


def _names(facts: CaseFacts, nodes: Sequence[NodeId]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(facts, node) for node in nodes))


def _name(facts: CaseFacts, node: NodeId) -> str:
    thing = facts.things.get(node)
    return node[1] if thing is None else f"{thing.name} {thing.version}".strip()


def _none(_: CaseFacts) -> Sequence[Row] | None:
    return None


_MAKERS: Mapping[Population, Callable[[CaseFacts], Sequence[Row] | None]] = {
    Population.SOURCE: _sources,
    Population.RUN: _runs,
    Population.MODEL: _models,
    Population.MODEL_VERSION: _versions,
    Population.DATASET: _datasets,
    Population.EDGE: _edges,
    Population.APPROVAL: lambda facts: approvals(facts) or None,
    Population.DEPLOYMENT: lambda facts: deployments(facts) or None,
    Population.EVENT: _none,
}
