"""What an event of a log does to an artifact, and which artifact it names.

As with decisions (``acts``) the words of an action decide, and one word that is not known makes
it say nothing: ``dataset.access.create`` makes no dataset. What an object is called differs from
log to log: ``models:/x/7``, ``x:7``, an address, a key, a digest; each is tried, the surest first.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from workbench.analysis import acts
from workbench.analysis.addresses import normalised
from workbench.analysis.alternates import plain_digest, strong_digests
from workbench.analysis.decisions import version_meant
from workbench.model.catalog import ArtifactType, Thing, ThingKind
from workbench.model.event import IndexedEvent, Outcome
from workbench.model.lineage import NodeId


class Touch(StrEnum):
    """What is done to an artifact."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CREATE = _words(
    "create creates created add adds added upload uploads uploaded publish publishes published "
    "import imports imported save saves saved ingest ingests ingested register registers registered"
)
_CHANGE = _words(
    "update updates updated modify modifies modified change changes changed edit edits edited put "
    "overwrite overwrites overwritten replace replaces replaced patch patches patched alter altered"
)
_DELETE = _words(
    "delete deletes deleted remove removes removed purge purges purged destroy destroys destroyed "
    "erase erases erased drop drops dropped unregister unregistered deregister deregistered"
)
_MODELS = _words("model models version versions")
_DATA = _words("dataset datasets")
_ANY = _words("artifact artifacts")
_FILES = _words("file files object objects")
_NOUNS = _MODELS | _DATA | _ANY | _FILES
_BESIDE = acts.NEUTRAL | _words("s3 gcs blob storage store data registered logged")
_MODEL_TYPES = frozenset(
    {ArtifactType.MODEL_VERSION, ArtifactType.REGISTERED_MODEL, ArtifactType.LOGGED_MODEL}
)
_EVERY_TYPE = frozenset(ArtifactType) - {ArtifactType.TERM, ArtifactType.COLUMN}
_VERBS = "creat|add|upload|publish|import|sav|ingest|regist|updat|modif|chang|edit|put|overwrit"
_ENDS = "replac|patch|alter|delet|remov|purg|destroy|eras|drop"
_THINGS = "model|version|dataset|artifact|file|object"
#: Every event that ``touch_of`` or ``acts.meaning_of`` says anything of, and more.
QUERY = (
    f"{acts.QUERY} OR action:/(?i)({_VERBS}|{_ENDS}).*({_THINGS})|({_THINGS}).*({_VERBS}|{_ENDS})/"
)


@dataclass(frozen=True, slots=True)
class Touching:
    """What an action does.

    Attributes:
        touch: what is done.
        types: what it can be done to; () where that is a file of no stated kind.
    """

    touch: Touch
    types: frozenset[ArtifactType]


@lru_cache(maxsize=4096)
def touching_of(action: str) -> Touching | None:
    """Return what an action does to an artifact, or None."""
    said = frozenset(acts.words_of(action))
    verbs = {touch for touch, words in _TOUCHES.items() if said & words}
    known = _CREATE | _CHANGE | _DELETE | _NOUNS | _BESIDE
    if not said <= known or not said & _NOUNS:
        return None
    touch = next(
        (each for each in (Touch.DELETE, Touch.CHANGE, Touch.CREATE) if each in verbs), None
    )
    return Touching(touch, _types(said)) if touch else None


_TOUCHES = {Touch.CREATE: _CREATE, Touch.CHANGE: _CHANGE, Touch.DELETE: _DELETE}


def _types(said: frozenset[str]) -> frozenset[ArtifactType]:
    if said & _ANY:
        return _EVERY_TYPE
    found: frozenset[ArtifactType] = frozenset()
    if said & _MODELS:
        found |= _MODEL_TYPES
    return found | {ArtifactType.DATASET} if said & _DATA else found


def touch_of(found: IndexedEvent) -> Touching | None:
    """Return what an event did to an artifact; one that failed did nothing."""
    if found.event.outcome is Outcome.FAILURE:
        return None
    return touching_of(found.event.action)


#: What is one artifact over all exports: its type, name and version.
Identity = tuple[str, str, str]


def identity(thing: Thing) -> Identity:
    """Return what a thing is called, wherever it is described."""
    return thing.type or thing.kind.value, thing.name, thing.version


@dataclass(slots=True)
class Naming:
    """Finds the artifacts of all catalogs that the object of an event names."""

    things: Mapping[NodeId, Thing]
    _by: dict[tuple[str, str], list[NodeId]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for node, thing in self.things.items():
            if thing.kind is ThingKind.ARTIFACT:
                for mark in set(_marks_of(thing)):
                    self._by[mark].append(node)

    def find(self, item: str) -> tuple[NodeId, ...]:
        """Return the artifacts that a text names for the surest reason for which it names any."""
        for mark in _marks_meant(item):
            if found := self._by.get(mark):
                return tuple(found)
        return ()


def _marks_of(thing: Thing) -> Iterator[tuple[str, str]]:
    yield "key", thing.key
    if thing.name:
        # A version is named with its number; its bare name is that of the model.
        is_version = thing.type == ArtifactType.MODEL_VERSION and thing.version
        yield ("version", f"{thing.name}\0{thing.version}") if is_version else ("name", thing.name)
    if address := normalised(thing.uri):
        yield "uri", address
    elif thing.uri:
        yield "name", thing.uri
    for values in strong_digests(thing).values():
        yield from (("digest", value) for value in values)


def _marks_meant(item: str) -> Iterator[tuple[str, str]]:
    if version := version_meant(item):
        name, number = version
        yield "version", f"{name}\0{number}"
        yield "version", f"{_last(name)}\0{number}"
    yield "key", item
    yield "name", item
    if address := normalised(item):
        yield "uri", address
    yield "digest", plain_digest(item)
    if version is None:
        yield "name", _last(item)


def _last(name: str) -> str:
    return name.replace(":", "/").rstrip("/").rpartition("/")[2]
