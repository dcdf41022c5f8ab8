"""The rows of each population. A field that a source cannot say is left out, never made up.

Why it is left out is said with the row: a check that needs it is then undecided, in those words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.analysis.approvals import approvers
from workbench.analysis.decisions import stands
from workbench.model.case import EvidenceRef
from workbench.model.catalog import (
    DATA,
    LIVE_ALIASES,
    ArtifactType,
    AttributeGroup,
    Lifecycle,
    NoPlace,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.lineage import EdgeStatus, NodeId
from workbench.model.lineage_answer import Label
from workbench.model.policy import Footing, Population, Row, Value
from workbench.policy.facts import CaseFacts, pairs
from workbench.policy.licences import is_non_commercial, names_licence
from workbench.policy.log_rows import approvals, deployments
from workbench.policy.source_rows import sources

#: Parts of the name of a parameter that fixes a random sequence.
SEEDS = ("seed", "random_state")
_PLACE = "This generation of the export has no place for it: {}."
_NO_RUN = "The version names no run that the store holds."

_RESTS_ON = {"rests_on_withdrawn": Label.CONSENT, "rests_on_non_commercial": Label.LICENCE}

Fields = dict[str, Value]
Silent = dict[str, str]


def rows_of(facts: CaseFacts, population: Population) -> Sequence[Row] | None:
    """Return the rows of a population, or None where no source of the case can have any."""
    return _MAKERS[population](facts)


def _runs(facts: CaseFacts) -> Sequence[Row] | None:
    used = facts.objects_of(RelationKind.USED)
    return [
        _row(facts, node, run, *_of_run(facts, node, run, used.get(node, [])))
        for node, run in facts.of_type(ThingKind.RUN)
    ] or None


def _of_run(
    facts: CaseFacts, node: NodeId, run: Thing, used: Sequence[NodeId]
) -> tuple[Fields, Silent]:
    said: Fields = {
        "name": run.name,
        "deleted": run.lifecycle is Lifecycle.DELETED,
        "state": run.state.value,
        "ended": run.state.is_terminal,
        "user": run.owner or None,
    }
    silent: Silent = {}
    tags = pairs(run, AttributeGroup.TAG)
    if tags or _has_place(facts, node, silent, "tags", NoPlace.RUN_TAGS):
        said["tags"] = tags
    if used or _has_place(facts, node, silent, "datasets", NoPlace.DATASETS):
        said["datasets"] = _names(facts, _data_sets(facts, used))
    params = pairs(run, AttributeGroup.PARAM)
    if _is_lineage(run):  # a lineage event has no place for parameters: nothing can be said
        silent |= dict.fromkeys(("params", "seeds"), "A lineage event has no place for it.")
    elif params or _has_place(facts, node, silent, "seeds", NoPlace.PARAMS):
        said["params"] = params
        said["seeds"] = tuple(v for k, v in params.items() if any(s in k.lower() for s in SEEDS))
    _state(said, "commit", tags.get("mlflow.source.git.commit", ""))
    return said, silent


def _has_place(facts: CaseFacts, node: NodeId, silent: Silent, name: str, what: NoPlace) -> bool:
    """Tell whether a store could state a field; where it could not, say so."""
    if facts.has_place(node[0], what):
        return True
    silent[name] = _PLACE.format(what.value.partition(":")[0])
    return False


def _state(said: Fields, name: str, value: str) -> None:
    """Put a text where there is one; an empty one states nothing."""
    if value:
        said[name] = value


def _is_lineage(run: Thing) -> bool:
    return run.type == "openlineage"


def _models(facts: CaseFacts) -> Sequence[Row] | None:
    versions = facts.subjects_of(RelationKind.SPECIALIZATION_OF)
    rows = []
    for node, model in facts.of_type(ThingKind.ARTIFACT, ArtifactType.REGISTERED_MODEL):
        tags, silent = pairs(model, AttributeGroup.TAG), Silent()
        said: Fields = {"name": model.name, "versions": len(versions.get(node, []))}
        owner = model.owner or tags.get("owner", "")
        _state(said, "owner", owner)
        if tags or owner or _has_place(facts, node, silent, "states_owner", NoPlace.MODEL_TAGS):
            said["tags"] = tags
            if owner or _has_place(facts, node, silent, "states_owner", NoPlace.OWNERS):
                said["states_owner"] = bool(owner)
        rows.append(_row(facts, node, model, said, silent))
    return rows or None


def _versions(facts: CaseFacts) -> Sequence[Row] | None:
    by_log = approvers(facts.history)
    rows = []
    for node, version in facts.of_type(ThingKind.ARTIFACT, ArtifactType.MODEL_VERSION):
        said, silent = _of_version(facts, node, version)
        found = by_log.get((version.name, version.version), ())
        if found:
            said["log_approvers"] = found
        silent["log_approvers"] = "No log of the case holds an approval of it that stands."
        row = _row(facts, node, version, said, silent)
        elsewhere = {"log_approvers": _by_log(facts, version)} if found else {}
        rows.append(replace(row, elsewhere=elsewhere))
    return rows or None


def _by_log(facts: CaseFacts, version: Thing) -> tuple[Footing, str]:
    """Return how the approvals of a version that stand in the logs are protected."""
    approved = facts.history.standing.get((version.name, version.version), ())
    places = [EvidenceRef(a.sha256, a.event.locator) for a in approved if stands(a)]
    return facts.footing(places)


def _of_version(facts: CaseFacts, node: NodeId, version: Thing) -> tuple[Fields, Silent]:
    tags = pairs(version, AttributeGroup.TAG)
    aliases = tuple(a.name for a in version.attributes if a.group is AttributeGroup.ALIAS)
    said: Fields = {
        "model": version.name,
        "version": version.version,
        "aliases": aliases,
        "in_production": version.lifecycle is Lifecycle.PRODUCTION,
        "served_by_alias": _served_by_alias(version, aliases),
    }
    silent: Silent = {}
    _state(said, "stage", version.lifecycle_raw)
    _of_tags(facts, node, tags, said, silent)
    _of_its_run(facts, node, said, silent)
    for name, label in _RESTS_ON.items():
        answer = facts.rights.rests(node, label)
        if isinstance(answer, bool):
            said[name] = answer
        else:
            silent[name] = answer
    return said, silent


def _of_tags(
    facts: CaseFacts, node: NodeId, tags: Mapping[str, str], said: Fields, silent: Silent
) -> None:
    """Say what the tags of a version say: its approver and its licence."""
    approver, licence = tags.get("approved_by", ""), tags.get("license", tags.get("licence", ""))
    if not tags and not _has_place(facts, node, silent, "tags", NoPlace.VERSION_TAGS):
        silent |= dict.fromkeys(("states_approver", "states_licence"), silent["tags"])
        return
    said |= {
        "tags": tags,
        "states_approver": bool(approver.strip()),
        "states_licence": names_licence(licence),
    }
    _state(said, "approved_by", approver.strip())
    _state(said, "licence", licence)
    _judge_licence(said, silent, "licence_is_non_commercial", licence, "its licence")


def _judge_licence(said: Fields, silent: Silent, name: str, licence: str, what: str) -> None:
    answer = is_non_commercial(licence)
    if answer is None:
        text = f": it says {licence}" if licence else ""
        silent[name] = f"The registry does not say {what}{text}."
    else:
        said[name] = answer


def _served_by_alias(version: Thing, aliases: tuple[str, ...]) -> bool:
    """Tell whether only an alias says that a version serves: registries of today have no stages."""
    served = any(alias.casefold() in LIVE_ALIASES for alias in aliases)
    return served and version.lifecycle is not Lifecycle.PRODUCTION


def _of_its_run(facts: CaseFacts, node: NodeId, said: Fields, silent: Silent) -> None:
    """Say what is known of the run that made a version: the first that the store holds."""
    makers = facts.subjects_of(RelationKind.GENERATED).get(node, [])
    known = (maker for maker in makers if maker in facts.things)
    key = next((m for m in known if facts.things[m].kind is not ThingKind.ARTIFACT), None)
    if key is not None or _has_place(facts, node, silent, "has_run", NoPlace.RUNS):
        said["has_run"] = key is not None
    if key is None:
        names = ("run_state", "run_deleted", "run_user", "data_licence", "datasets")
        silent |= dict.fromkeys((*names, "data_licence_is_non_commercial"), _NO_RUN)
        return
    run, tags = facts.things[key], pairs(facts.things[key], AttributeGroup.TAG)
    used = facts.objects_of(RelationKind.USED).get(key, [])
    said |= {"run_state": run.state.value, "run_deleted": run.lifecycle is Lifecycle.DELETED}
    _state(said, "run_user", run.owner or tags.get("mlflow.user", ""))
    silent["run_user"] = "The store does not say who started its run."
    licence, name = tags.get("training_data_license", ""), "data_licence_is_non_commercial"
    _state(said, "data_licence", licence)
    _judge_licence(said, silent, name, licence, "the licence of its training data")
    if used or _has_place(facts, key, silent, "datasets", NoPlace.DATASETS):
        said["datasets"] = _names(facts, _data_sets(facts, used))


def _datasets(facts: CaseFacts) -> Sequence[Row] | None:
    users = facts.subjects_of(RelationKind.USED)
    rows = []
    for node, dataset in facts.of_type(ThingKind.ARTIFACT, ArtifactType.DATASET):
        digests = pairs(dataset, AttributeGroup.DIGEST)
        said: Fields = {"name": dataset.name, "used_by": len(set(users.get(node, [])))}
        _state(said, "digest", next(iter(digests.values()), ""))
        _state(said, "uri", dataset.uri)
        rows.append(_row(facts, node, dataset, said, {}))
    return rows or None


def _edges(facts: CaseFacts) -> Sequence[Row] | None:
    rows = []
    for edge in facts.edges:
        label = f"{_name(facts, edge.tail)} → {_name(facts, edge.head)}"
        said: Fields = {
            "kind": edge.kind.value,
            "status": edge.status.value,
            "dangling": edge.status is EdgeStatus.MISSING,
        }
        places = tuple(facts.reference(edge.tail[0], locator) for locator in edge.locators)
        rows.append(_footed(facts, Row(label, said, places)))
    return rows or None


def _row(facts: CaseFacts, node: NodeId, thing: Thing, said: Fields, silent: Silent) -> Row:
    label = f"{thing.name} {thing.version}".strip()
    place = facts.reference(node[0], thing.locator)
    return _footed(facts, Row(label, said, (place,), silent))


def _footed(facts: CaseFacts, row: Row) -> Row:
    footing, shaken = facts.footing(row.evidence)
    return replace(row, footing=footing, shaken=shaken)


def _data_sets(facts: CaseFacts, nodes: Sequence[NodeId]) -> list[NodeId]:
    """Return the data sets among what a run used; one that nobody describes counts as one."""
    known = facts.things
    return [n for n in nodes if n not in known or known[n].type in DATA]


def _names(facts: CaseFacts, nodes: Sequence[NodeId]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(facts, node) for node in nodes))


def _name(facts: CaseFacts, node: NodeId) -> str:
    thing = facts.things.get(node)
    return node[1] if thing is None else f"{thing.name} {thing.version}".strip()


def _none(_: CaseFacts) -> Sequence[Row] | None:
    return None


_MAKERS: Mapping[Population, Callable[[CaseFacts], Sequence[Row] | None]] = {
    Population.SOURCE: sources,
    Population.RUN: _runs,
    Population.MODEL: _models,
    Population.MODEL_VERSION: _versions,
    Population.DATASET: _datasets,
    Population.EDGE: _edges,
    Population.APPROVAL: lambda facts: approvals(facts) or None,
    Population.DEPLOYMENT: lambda facts: deployments(facts) or None,
    Population.EVENT: _none,
}
