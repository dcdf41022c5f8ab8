"""A small case for checks: one registry, one log."""

from datetime import UTC, datetime

from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Lifecycle,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.event import Event, EventFlag, IndexedEvent, Outcome
from workbench.model.lineage import NodeId
from workbench.model.locator import Locator
from workbench.model.source import Role
from workbench.model.verdict import SubjectVerdict, failed, indeterminate, passed
from workbench.model.verification import SourceVerdict
from workbench.policy.facts import CaseFacts

REGISTRY, LOG = 1, 2


def attributes(group: AttributeGroup, **values: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(group, name, value) for name, value in values.items())


def run(
    key: str,
    *,
    seed: bool = True,
    deleted: bool = False,
    state: RunState = RunState.COMPLETE,
    user: str = "tom",
    data_licence: str = "MIT",
) -> tuple[NodeId, Thing]:
    params = attributes(AttributeGroup.PARAM, **({"random_seed": "7"} if seed else {}), C="1.0")
    tags = attributes(AttributeGroup.TAG, training_data_license=data_licence)
    lifecycle = Lifecycle.DELETED if deleted else Lifecycle.UNKNOWN
    return (REGISTRY, key), Thing(
        ThingKind.RUN,
        "mlflow",
        key,
        key,
        Locator("mlflow.db", pointer=f"runs/{key}"),
        lifecycle=lifecycle,
        state=state,
        owner=user,
        created=datetime(2026, 5, 1, tzinfo=UTC),
        attributes=(*params, *tags),
    )


def version(
    number: int, *, stage: str = "Production", approved_by: str = "", licence: str = ""
) -> tuple[NodeId, Thing]:
    tags = {k: v for k, v in (("approved_by", approved_by), ("license", licence)) if v}
    lifecycle = Lifecycle.PRODUCTION if stage == "Production" else Lifecycle.UNKNOWN
    return (REGISTRY, f"scoring/{number}"), Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        f"scoring/{number}",
        "scoring",
        Locator("mlflow.db", pointer=f"model_versions/{number}"),
        version=str(number),
        lifecycle=lifecycle,
        lifecycle_raw=stage,
        attributes=attributes(AttributeGroup.TAG, **tags),
    )


def dataset(key: str) -> tuple[NodeId, Thing]:
    thing = Thing(ThingKind.ARTIFACT, ArtifactType.DATASET, key, key, Locator("mlflow.db"))
    return (REGISTRY, key), thing


def relation(subject: str, kind: RelationKind, item: str) -> tuple[int, Relation]:
    return REGISTRY, Relation(kind, subject, item, Locator("mlflow.db"))


def event(
    record: int,
    actor: str,
    action: str,
    item: str = "models:/scoring/1",
    *,
    broken: bool = False,
    outcome: Outcome = Outcome.SUCCESS,
) -> IndexedEvent:
    flags = frozenset({EventFlag.BROKEN}) if broken else frozenset[EventFlag]()
    place = Locator("audit.jsonl", record=record)
    said = Event(place, actor=actor, action=action, object=item, outcome=outcome, flags=flags)
    return IndexedEvent(LOG, "b" * 64, said)


def sources(*, broken: bool = False) -> dict[int, SourceVerdict]:
    chain = SubjectVerdict(
        integrity=failed("RECORD_ALTERED") if broken else passed("ANCHORED"),
        authenticity=passed("log-key"),
        completeness=passed("ANCHORED"),
        time=indeterminate("NO_TRUSTED_TIME"),
        records=3,
    )
    plain = SubjectVerdict(
        integrity=indeterminate("UNPROTECTED"),
        authenticity=indeterminate("NO_SIGNATURE"),
        completeness=indeterminate("NO_ANCHOR"),
        time=indeterminate("NO_TRUSTED_TIME"),
    )
    return {
        REGISTRY: SourceVerdict("mlflow.db", None, Role.SUBJECT, "a" * 64, 9, "mlflow", plain),
        LOG: SourceVerdict("audit.jsonl", None, Role.SUBJECT, "b" * 64, 9, "chain", chain),
    }


def facts(
    *things: tuple[NodeId, Thing],
    relations: tuple[tuple[int, Relation], ...] = (),
    decisions: tuple[IndexedEvent, ...] = (),
    broken: bool = False,
) -> CaseFacts:
    return CaseFacts(
        verdicts=sources(broken=broken),
        things=dict(things),
        relations=relations,
        decisions=decisions,
    )
