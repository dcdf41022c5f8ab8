"""What is known of one document while it is read: places, keys, problems, numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol, TypeVar

from workbench.evidence.file import EvidenceFile
from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

T = TypeVar("T")
#: Edges that one statement may stand for.
MOST_PAIRS = 100_000
#: The key of the document itself, where something is told of it.
DOCUMENT = "document"


class Told(Protocol):
    """A part of the document that tells what nobody took of it."""

    @property
    def is_told(self) -> bool:
        """Tell whether it did."""
        ...

    def rest(self) -> list[Attribute]:
        """Return what nobody took."""
        ...

    def give_back(self) -> None:
        """Take nothing of it."""
        ...


@dataclass(slots=True)
class Sheet:
    """One document.

    Attributes:
        file: the file that it is.
        cancel: checked once a thing.
        version: what it says it follows, or "".
        totals: numbers that it states, or that count its records.
        gaps: what it cannot show beyond what its format cannot.
        parts: the objects in it that tell their own rests.
        known: the keys that were told.
        document_key: the key of the document itself.
    """

    file: EvidenceFile
    cancel: Cancel
    version: str = ""
    totals: dict[str, int | str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    parts: list[Told] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    document_key: str = DOCUMENT
    _problems: list[Problem] = field(default_factory=list)
    _strays: list[Attribute] = field(default_factory=list)

    def place(self, pointer: str) -> Locator:
        """Return the place of a part of the document."""
        return Locator(self.file.path, self.file.member, pointer=pointer)

    def problem(self, code: str, pointer: str, what: str) -> None:
        """Note what is wrong at a place: ``what`` goes on after the name of the place."""
        message = f"{self.file.display}: {pointer or '/'} {what}."
        self.note(Problem(code, self.place(pointer), " ".join(message.split())))

    def note(self, problem: Problem) -> None:
        """Note a problem with a place of its own."""
        self._problems.append(problem)

    def problems(self) -> Iterator[Problem]:
        """Yield what was noted since it was asked last."""
        noted, self._problems = self._problems, []
        yield from noted

    def stray(self, value: JsonValue, pointer: str) -> None:
        """Keep a value that stands where an object should; it is told of the document."""
        self.problem(CatalogProblem.MALFORMED_RECORD, pointer, "should be an object")
        self.keep(value, pointer)

    def keep(self, value: JsonValue, pointer: str) -> None:
        """Keep a value that is told of nothing but the document."""
        name = pointer.removeprefix("/").replace("/", ".") or "value"
        text = plain_text(value)
        self._strays.append(Attribute(AttributeGroup.FIELD, name, text, pointer))

    def is_new(self, key: str, part: Told, pointer: str) -> bool:
        """Tell whether a key was not told yet; one that was is a problem, and its part is kept."""
        self.cancel.check()
        if key not in self.known:
            self.known.add(key)
            return True
        self.problem(CatalogProblem.DUPLICATE_KEY, pointer, f"has the key of another: {key}")
        part.give_back()
        return False

    def pairs(self, left: Sequence[T], right: Sequence[T], pointer: str) -> Iterator[tuple[T, T]]:
        """Yield each of some with each of others; so many that they say nothing are a problem."""
        if len(left) * len(right) > MOST_PAIRS:
            what = f"relates {len(left)} things to {len(right)}: these are not told one by one"
            self.problem(ProblemCode.LIMIT_EXCEEDED, pointer, what)
            return
        yield from product(left, right)

    def relation(
        self, kind: RelationKind, subject: str, target: str, pointer: str, role: str = ""
    ) -> Relation:
        """Return an edge that is stated at a place."""
        return Relation(kind, subject, target, self.place(pointer), role)

    def count(self, name: str, number: int = 1) -> None:
        """Add to a control total."""
        before = self.totals.get(name, 0)
        self.totals[name] = (before if isinstance(before, int) else 0) + number

    def document(self) -> Iterator[Thing]:
        """Yield the document itself, where something in it was told of nothing else."""
        left = [attribute for part in self.parts if not part.is_told for attribute in part.rest()]
        left += self._strays
        if left and self.document_key not in self.known:
            self.known.add(self.document_key)
            kind = ArtifactType.DOCUMENT
            place = Locator(self.file.path, self.file.member)
            name = self.file.name
            yield Thing(
                ThingKind.ARTIFACT, kind, self.document_key, name, place, attributes=tuple(left)
            )
