"""A crate while it is read: its entities by id, and what each is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import ArtifactType, ThingKind

_SOFTWARE = {"SoftwareSourceCode", "SoftwareApplication", "HowTo", "HowToStep"}
_WORKFLOW = "ComputationalWorkflow"
_AGENTS = {"Person", "Organization"}
#: What an entity is by its type, the telling ones first.
_TYPES = (
    ("SoftwareSourceCode", ArtifactType.CODE),
    ("SoftwareApplication", ArtifactType.COMPONENT),
    ("HowToStep", ArtifactType.TERM),
    ("HowTo", ArtifactType.TERM),
    ("RepositoryCollection", ArtifactType.COLLECTION),
    ("File", ArtifactType.DATASET),
    ("MediaObject", ArtifactType.DATASET),
    ("Dataset", ArtifactType.DATASET),
    ("CreativeWork", ArtifactType.DOCUMENT),
    ("WebPage", ArtifactType.DOCUMENT),
    ("FormalParameter", ArtifactType.TERM),
    ("PropertyValue", ArtifactType.TERM),
    ("ParameterConnection", ArtifactType.TERM),
    ("ComputerLanguage", ArtifactType.TERM),
    ("ContactPoint", ArtifactType.TERM),
    ("DefinedTerm", ArtifactType.TERM),
)


@dataclass(slots=True)
class Crate:
    """A crate.

    Attributes:
        sheet: the document.
        parts: its entities, in order.
        by_id: the same, by id.
        actions: ids of what was done.
        instruments: ids of what it was done with.
        root: id of the crate itself.
        version: of the specification that it follows.
    """

    sheet: Sheet
    parts: list[Part] = field(default_factory=list)
    by_id: dict[str, Part] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)
    instruments: set[str] = field(default_factory=set)
    root: str = "./"
    version: str = ""

    def add(self, part: Part) -> None:
        """Take in an entity."""
        name = id_of(part)
        self.parts.append(part)
        self.by_id.setdefault(name, part)
        if any(word.endswith("Action") for word in types_of(part)):
            self.actions.add(name)
            self.instruments |= {ref for ref, _ in references(part, "instrument")}
        if name.rpartition("/")[2] == "ro-crate-metadata.json":
            self.root = next((ref for ref, _ in references(part, "about")), self.root)
            specs = (ref for ref, _ in references(part, "conformsTo"))
            found = (ref for ref in specs if "w3id.org/ro/crate/" in ref)
            self.version = next(found, "").rpartition("/")[2]

    def what(self, part: Part) -> tuple[ThingKind, str]:
        """Return kind and type of an entity."""
        name, types = id_of(part), types_of(part)
        words = set(types)
        if words & _AGENTS:
            return ThingKind.AGENT, types[0].lower()
        if _WORKFLOW in words or (name in self.instruments and words & _SOFTWARE):
            return ThingKind.JOB, _WORKFLOW if _WORKFLOW in words else types[0]
        if name == self.root:
            return ThingKind.ARTIFACT, ArtifactType.COLLECTION
        known = (kind for word, kind in _TYPES if word in words)
        return ThingKind.ARTIFACT, next(known, ArtifactType.ENTITY)

    def is_job(self, name: str) -> bool:
        """Tell whether an id is that of something that is run."""
        part = self.by_id.get(name)
        return part is not None and self.what(part)[0] is ThingKind.JOB

    def name(self, ref: str) -> str:
        """Return what an entity is called; its id where nothing else is said."""
        part = self.by_id.get(ref)
        return (part.see("name") if part else "") or ref


def id_of(part: Part) -> str:
    """Return the id of an entity."""
    return part.see("@id")


def entity_key(name: str) -> str:
    """Return the key of an entity."""
    return key_of("entity", name)


def types_of(part: Part) -> list[str]:
    """Return the types of an entity."""
    value = part.members.get("@type")
    listed = value if isinstance(value, list) else [value]
    return [word for word in listed if isinstance(word, str)]


def references(part: Part, *members: str) -> Iterator[tuple[str, str]]:
    """Yield the ids that members name, without taking them; a text counts as one."""
    for member in members:
        value = part.members.get(member)
        for n, entry in enumerate(value if isinstance(value, list) else [value]):
            ref = entry.get("@id") if isinstance(entry, dict) else entry
            if isinstance(ref, str) and ref:
                at = part.at(member)
                yield ref, f"{at}/{n}" if isinstance(value, list) else at
