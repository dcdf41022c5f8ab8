"""Records of DataHub, sorted by the entity that they are about."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.quick_json import json_text, parse_quickly, plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.datahub.urn import urn_of
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.model.catalog import Attribute, AttributeGroup, CatalogProblem

_SNAPSHOT = "proposedSnapshot"
#: Aspects of an MCE whose class is not called as the aspect of an MCP is.
_RENAMED = {
    "trainingData": "mlModelTrainingData",
    "evaluationData": "mlModelEvaluationData",
    "metrics": "mlModelMetrics",
    "ethicalConsiderations": "mlModelEthicalConsiderations",
}


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect as one record states it.

    Attributes:
        name: as an MCP names it.
        members: what it says.
        pointer: where.
        inside: whether pointers lead into it: it is no JSON within a text.
    """

    name: str
    members: dict[str, JsonValue]
    pointer: str
    inside: bool = True

    def at(self, *steps: str | int) -> str:
        """Return the place of a part of it."""
        return "/".join((self.pointer, *map(str, steps))) if self.inside else self.pointer


@dataclass(slots=True)
class Entity:
    """All that is said of one entity.

    Attributes:
        pointer: where it is named first.
        aspects: in the order of the file.
        attributes: the same, verbatim, with what stands around it.
        is_deleted: the last record about it deletes it.
    """

    pointer: str
    aspects: list[Aspect] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    is_deleted: bool = False

    def last(self, name: str) -> Aspect | None:
        """Return an aspect as it was stated last."""
        return next((a for a in reversed(self.aspects) if a.name == name), None)

    def said(self, name: str) -> dict[str, JsonValue]:
        """Return what an aspect said last, or nothing."""
        found = self.last(name)
        return found.members if found else {}


@dataclass(slots=True)
class Metadata:
    """A file of records."""

    sheet: Sheet
    entities: dict[str, Entity] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Take in a record."""
        is_mce = _SNAPSHOT in part.members
        self.sheet.count("MCE" if is_mce else "MCP")
        found = self._snapshot(part) if is_mce else self._proposal(part)
        if not found:
            self.sheet.problem(CatalogProblem.NO_KEY, part.pointer, "is about no entity")

    def _entity(self, urn: str, pointer: str) -> Entity:
        if urn not in self.entities:
            kind = urn_of(urn).type
            if not kind:
                what = f"is no name of DataHub: “{urn[:80]}”"
                self.sheet.problem(CatalogProblem.MALFORMED_VALUE, pointer, what)
            self.sheet.count(f"entities {kind or 'without a type'}")
            self.entities[urn] = Entity(pointer)
        return self.entities[urn]

    def _proposal(self, part: Part) -> bool:
        """Take in a metadata change proposal: one aspect of one entity."""
        urn, name = part.see("entityUrn"), part.see("aspectName")
        if not urn:
            return False
        entity = self._entity(part.text("entityUrn"), part.pointer)
        aspect = part.members.get("aspect")
        pointer = part.at("aspect")
        entity.is_deleted = part.see("changeType") == "DELETE" and not name
        if aspect is not None:
            text = plain_text(part.take("aspect"))
            name = part.text("aspectName")
            entity.attributes.append(Attribute(AttributeGroup.FACET, name, text, pointer))
        entity.attributes += _envelope(part)
        entity.aspects += self._content(name, aspect, pointer)
        return True

    def _content(self, name: str, aspect: JsonValue, pointer: str) -> Iterator[Aspect]:
        """Yield what an aspect says: an object, or JSON in a text."""
        holder = aspect if isinstance(aspect, dict) else {}
        inner = holder.get("json")
        if isinstance(inner, dict):
            yield Aspect(name, inner, f"{pointer}/json")
            return
        text, place = holder.get("value"), f"{pointer}/value"
        if isinstance(text, str):
            try:
                value = parse_quickly(text.encode(), what="an aspect")
            except (SourceError, UnicodeEncodeError) as error:
                what = f"should hold JSON: {error}"
                self.sheet.problem(CatalogProblem.MALFORMED_VALUE, place, what.rstrip("."))
                return
            if isinstance(value, dict):
                yield Aspect(name, value, place, inside=False)
                return
        if aspect is not None:
            what = "should hold an object"
            self.sheet.problem(CatalogProblem.MALFORMED_VALUE, pointer, what)

    def _snapshot(self, part: Part) -> bool:
        """Take in a metadata change event: a snapshot of some aspects of one entity."""
        named = part.apart_named(_SNAPSHOT)
        done = False
        for name, snapshot in named:
            urn = snapshot.text("urn")
            if not urn:
                snapshot.give_back()
                continue
            entity, done = self._entity(urn, snapshot.pointer), True
            kind = name.rpartition(".")[2]
            place = snapshot.pointer
            entity.attributes.append(Attribute(AttributeGroup.FIELD, "snapshot", kind, place))
            for aspect in snapshot.apart_each("aspects"):
                aspect.rest()
                entity.aspects += _aspects(entity, aspect)
            entity.attributes += [*snapshot.rest(), *_envelope(part)]
        return done


def _aspects(entity: Entity, part: Part) -> Iterator[Aspect]:
    for full, value in part.members.items():
        name = _aspect_name(full)
        pointer = part.at(full)
        text = plain_text(value)
        entity.attributes.append(Attribute(AttributeGroup.FACET, name, text, pointer))
        if isinstance(value, dict):
            yield Aspect(name, value, pointer)
        else:
            part.odd(full, "an object")


def _aspect_name(full: str) -> str:
    """Return ``mlFeatureProperties`` for ``com.linkedin.….MLFeatureProperties``."""
    last = full.rpartition(".")[2]
    start = "ml" + last[2:] if last.startswith("ML") else last[:1].lower() + last[1:]
    return _RENAMED.get(start, start)


def _envelope(part: Part) -> list[Attribute]:
    """Return what stands around the aspects of a record as one value."""
    left = {a.name: part.members.get(a.name) for a in part.rest()}
    if not left:
        return []
    return [Attribute(AttributeGroup.FIELD, "record", json_text(left), part.pointer)]
