"""What a catalog, registry or lineage export says there is: things, and relations between them.

OpenLineage and MLflow words for things, W3C PROV relations for edges. What holds here:

* nothing is merged: a thing is known by its ``key`` within the one source it was read from; the
  same thing in two sources is linked by ``alternate-of``, with the reason;
* every thing, relation and attribute keeps the place it was read from;
* a value is kept as the source wrote it; what it means is somebody else's judgement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.model.locator import Locator


class ThingKind(StrEnum):
    """PROV-DM 2.1: an entity, an activity, its plan, or an agent."""

    ARTIFACT = "artifact"
    RUN = "run"
    JOB = "job"
    AGENT = "agent"


class ArtifactType(StrEnum):
    """What an artifact is; the key under which ``inspect`` counts it.

    A component is software that something is made of; a term is a word of the catalog itself: a
    tag, a domain, a platform; an entity is what a source names without saying what it is.
    """

    DATASET = "dataset"
    FEATURE_SET = "feature_set"
    REGISTERED_MODEL = "registered_model"
    MODEL_VERSION = "model_version"
    LOGGED_MODEL = "logged_model"
    CODE = "code"
    ENVIRONMENT = "environment"
    DEPLOYMENT = "deployment"
    PREDICTIONS = "predictions"
    REPORT = "report"
    DOCUMENT = "document"
    EXPERIMENT = "experiment"
    COMPONENT = "component"
    FILE = "file"
    ENTITY = "entity"
    TERM = "term"
    COLLECTION = "collection"
    COLUMN = "column"


#: What is data, or may be: of an entity the source does not say what it is.
DATA = frozenset({ArtifactType.DATASET, ArtifactType.ENTITY})


class Lifecycle(StrEnum):
    """Where in its life a thing is, as the source states it; its own word is kept beside it."""

    DRAFT = "draft"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"
    DELETED = "deleted"
    UNKNOWN = "unknown"


#: Aliases by which a serving system takes the version it serves.
LIVE_ALIASES = frozenset({"champion", "production", "prod"})


def live_alias(aliases: Iterable[str]) -> str:
    """Return the first alias by which a serving system takes a version, or ""."""
    return next((alias for alias in aliases if alias.casefold() in LIVE_ALIASES), "")


def stage_against_alias(stage: Lifecycle, aliases: Iterable[str]) -> str:
    """Return the alias that says that a version serves where its stage says another, or ""."""
    if stage not in {Lifecycle.STAGING, Lifecycle.ARCHIVED, Lifecycle.DELETED}:
        return ""
    return live_alias(aliases)


class RunState(StrEnum):
    """State of a run (OpenLineage run states; MLflow's are mapped to them)."""

    STARTED = "started"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    ABORTED = "aborted"
    UNKNOWN = "unknown"

    @property
    def is_terminal(self) -> bool:
        """Tell whether the run has ended."""
        return self in {RunState.COMPLETE, RunState.FAILED, RunState.ABORTED}


class AttributeGroup(StrEnum):
    """Which of a thing's lists an attribute stands in."""

    FIELD = "field"
    PARAM = "param"
    METRIC = "metric"
    TAG = "tag"
    DIGEST = "digest"
    ALIAS = "alias"
    FACET = "facet"


class Protection(StrEnum):
    """What protects a value that is shown: asked of every field (UI: protection mark)."""

    SIGNED = "signed"
    HASHED = "hashed"
    UNPROTECTED = "unprotected"


class RelationKind(StrEnum):
    """An edge, read from subject to object (PROV-DM; ``approved`` and ``deployed`` are ours)."""

    USED = "used"
    GENERATED = "generated"
    DERIVED_FROM = "derived-from"
    INFORMED_BY = "informed-by"
    ASSOCIATED_WITH = "associated-with"
    ATTRIBUTED_TO = "attributed-to"
    SPECIALIZATION_OF = "specialization-of"
    ALTERNATE_OF = "alternate-of"
    MEMBER_OF = "member-of"
    INVALIDATED = "invalidated"
    APPROVED = "approved"
    DEPLOYED = "deployed"
    EVALUATED_ON = "evaluated-on"
    DEPENDS_ON = "depends-on"


#: In these the object is what was there before; in all others the subject is.
OBJECT_FIRST = frozenset(
    {
        RelationKind.USED,
        RelationKind.DERIVED_FROM,
        RelationKind.INFORMED_BY,
        RelationKind.EVALUATED_ON,
        RelationKind.ASSOCIATED_WITH,
        RelationKind.ATTRIBUTED_TO,
        RelationKind.DEPENDS_ON,
    }
)


class CatalogProblem(StrEnum):
    """What can be wrong with what a catalog says, beyond how it was delivered."""

    WAL_PRESENT = "WAL_PRESENT"
    MALFORMED_RECORD = "MALFORMED_RECORD"
    MALFORMED_VALUE = "MALFORMED_VALUE"
    NO_KEY = "NO_KEY"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    ORPHAN_ROWS = "ORPHAN_ROWS"
    UNKNOWN_RELATION = "UNKNOWN_RELATION"
    COMPUTED_COLUMNS = "COMPUTED_COLUMNS"
    TOTALS_DISAGREE = "TOTALS_DISAGREE"
    MORE_PROBLEMS = "MORE_PROBLEMS"
    DUPLICATE_NAME = "DUPLICATE_NAME"
    NOT_A_DIGEST = "NOT_A_DIGEST"
    WEAK_DIGEST = "WEAK_DIGEST"
    UNKNOWN_LICENCE = "UNKNOWN_LICENCE"
    CONTRADICTION = "CONTRADICTION"


#: What a catalog says is doubtful; all that it says was read.
DOUBTS = frozenset(
    {
        CatalogProblem.NOT_A_DIGEST,
        CatalogProblem.WEAK_DIGEST,
        CatalogProblem.UNKNOWN_LICENCE,
        CatalogProblem.CONTRADICTION,
    }
)


class NoPlace(StrEnum):
    """What a store may have no place for, as ``cannot_show`` says it: absence then says nothing."""

    DATASETS = "which data a run used: this generation of the schema has no place for it"
    LOGGED_MODELS = (
        "which models a run logged, but for what a tag of the run lists: this generation of the "
        "schema has no place for them"
    )
    ALIASES = (
        "which versions aliases pointed to: this generation of the schema has no place for them"
    )
    REGISTRY = "which models were registered: this store has no registry"
    PARAMS = "which parameters a run had: this store has no table of them"
    RUN_TAGS = "which tags a run had: this store has no table of them"
    MODEL_TAGS = "which tags a registered model had: this store has no table of them"
    VERSION_TAGS = "which tags a model version had: this store has no table of them"
    RUNS = "which run made a model version: this kind of export has no place for runs"
    OWNERS = "who owns a model: this kind of export has no place for owners"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value of a thing.

    Attributes:
        group: which list it stands in.
        name: as the source names it.
        value: as text, as the source wrote it; a number that is none is ``NaN``, ``Infinity``
            or ``-Infinity``.
        pointer: JSON pointer, or table, row and column, within the thing's locator.
        step: step of a metric point, or None.
        time: when the value was recorded, as claimed, aware UTC, or None.
    """

    group: AttributeGroup
    name: str
    value: str
    pointer: str = ""
    step: int | None = None
    time: datetime | None = None


def as_it_reads(key: str) -> str:
    """Return a key with its names as they were written; what is shown, not what finds it."""
    return key.replace("%2F", "/").replace("%25", "%")


def keys_typed(text: str) -> tuple[str, ...]:
    """Return the keys that a typed text may mean: itself, or with names that hold ``%`` escaped."""
    return (text, text.replace("%", "%25")) if "%" in text else (text,)


@dataclass(frozen=True, slots=True)
class Thing:
    """An artifact, run, job or agent as one source describes it.

    Attributes:
        kind: which of the four.
        type: ``ArtifactType`` of an artifact; for the others a word of the source, or "".
        key: unique within the source and stable over exports of the same store.
        name: what people call it.
        locator: the row, line or member it was read from.
        namespace: where the name is unique, or "".
        version: version or short digest as stated, or "".
        lifecycle: where in its life it is.
        lifecycle_raw: the source's own word for that, or "".
        state: state of a run; UNKNOWN for everything else.
        created: as claimed, aware UTC, or None; start of a run.
        ended: as claimed, aware UTC, or None; end of a run, last change of an artifact.
        owner: as stated, or "".
        uri: where its bytes lie, as stated, or "".
        attributes: everything else, in the order of the source.
    """

    kind: ThingKind
    type: str
    key: str
    name: str
    locator: Locator
    namespace: str = ""
    version: str = ""
    lifecycle: Lifecycle = Lifecycle.UNKNOWN
    lifecycle_raw: str = ""
    state: RunState = RunState.UNKNOWN
    created: datetime | None = None
    ended: datetime | None = None
    owner: str = ""
    uri: str = ""
    attributes: tuple[Attribute, ...] = ()

    @property
    def called(self) -> str:
        """Return what people call it; one without a name by its key, as that reads."""
        return self.name or as_it_reads(self.key)

    def values(self, group: AttributeGroup, name: str) -> tuple[str, ...]:
        """Return every value of one name, in the order of the source."""
        return tuple(a.value for a in self.attributes if a.group is group and a.name == name)


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge between two things of one source, by their keys.

    An end whose key no thing of the source has is dangling: kept, and shown as missing.

    Attributes:
        kind: read as *subject kind object*: run used dataset, run generated model.
        subject: key of the thing that the sentence is about.
        object: key of the other one.
        locator: where it was read.
        role: training, validation, parent…, as stated, or "".
        columns: for column lineage, (column of the subject, column of the object); else ().
        transformation: how a column came from another, as stated, or "".
        time: when, as claimed, aware UTC, or None.
        inferred: the source does not state it; we concluded it, as ``role`` says how.
    """

    kind: RelationKind
    subject: str
    object: str
    locator: Locator
    role: str = ""
    columns: tuple[str, str] | tuple[()] = ()
    transformation: str = ""
    time: datetime | None = None
    inferred: bool = False


CatalogRecord = Thing | Relation
