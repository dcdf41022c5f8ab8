"""Read a document of ``verify --json`` back: the other half of ``contract``.

``verification_of(verification_to_json(v)) == v`` but for what the document does not hold: which
dimensions were required, which the caller gives; where trusted keys lie in the evidence; the last
record of a diagnosis of which only a range is known; and the parts of a problem's place beyond
path and member. A document may come from a case that somebody else kept: what is not of
the contract is refused with its place, never guessed.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from workbench.errors import StoreError
from workbench.model import schema
from workbench.model.locator import Locator
from workbench.model.source import Problem, Role
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Diagnosis,
    DiagnosisClass,
    Dimension,
    DimensionVerdict,
    Indication,
    SecondOpinion,
    SignatureVerdict,
    Step,
    SubjectVerdict,
)
from workbench.model.verification import SourceVerdict, Verification

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_INTO = " → "


def verification_of(document: object, required: Iterable[Dimension]) -> Verification:
    """Return the verification that a document of the contract states.

    Raises:
        StoreError: it is not of the contract.
    """
    node = _Node(document, "verification")
    if node.text("schema") != schema.VERIFICATION:
        raise StoreError(f"The kept verification is not of {schema.VERIFICATION}.")
    return Verification(
        at=node.time("at"),
        sources=tuple(node.each("sources", _source)),
        context=node.texts("context"),
        network=node.texts("network"),
        required=tuple(required),
        problems=tuple(node.each("problems", _problem)),
        keys_in_evidence=node.pairs("keys_in_evidence") if node.has("keys_in_evidence") else {},
    )


class _Node:
    """An object of the document that knows its place."""

    def __init__(self, value: object, place: str) -> None:
        self.place = place
        if not isinstance(value, dict):
            raise self._refused("is no object")
        self._members: dict[str, object] = value

    def has(self, name: str) -> bool:
        return name in self._members

    def text(self, name: str) -> str:
        value = self._members.get(name)
        if not isinstance(value, str):
            raise self._refused(f"has no text {name}")
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._members.get(name) is None else self.text(name)

    def whole_or_none(self, name: str) -> int | None:
        value = self._members.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self._refused(f"has no whole number {name}")
        return value

    def whole(self, name: str) -> int:
        value = self.whole_or_none(name)
        if value is None:
            raise self._refused(f"has no whole number {name}")
        return value

    def time(self, name: str) -> datetime:
        try:
            time = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self._refused(f"has no time {name}") from error
        if time.tzinfo is None:
            raise self._refused(f"has no zone in {name}")
        return time

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._members.get(name, [])
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise self._refused(f"has no list of texts {name}")
        return tuple(values)

    def pairs(self, name: str) -> dict[str, str]:
        """Return the members of an object of texts."""
        return self.node(name).all_texts()

    def all_texts(self) -> dict[str, str]:
        """Return all members, each a text."""
        return {key: self.text(key) for key in self._members}

    def word(self, name: str, words: type[E]) -> E:
        text = self.text(name)
        try:
            return words(text)
        except ValueError as error:
            raise self._refused(f"has an unknown word in {name}: {text}") from error

    def node(self, name: str) -> "_Node":
        return _Node(self._members.get(name), f"{self.place}.{name}")

    def each(self, name: str, read: "Callable[[_Node], T]") -> Iterable[T]:
        values = self._members.get(name, [])
        if not isinstance(values, list):
            raise self._refused(f"has no list {name}")
        return [read(_Node(v, f"{self.place}.{name}[{n}]")) for n, v in enumerate(values)]

    def _refused(self, why: str) -> StoreError:
        return StoreError(f"The kept verification cannot be read: {self.place} {why}.")


def _source(node: _Node) -> SourceVerdict:
    sha256 = node.text("sha256")
    return SourceVerdict(
        path=node.text("path"),
        member=node.text_or_none("member"),
        role=node.word("role", Role),
        sha256=sha256,
        size=node.whole("bytes"),
        format=node.text("format"),
        verdict=_subject(node, sha256) if node.has(Dimension.INTEGRITY.value) else None,
        pairs_with=node.text_or_none("pairs_with"),
        problems=tuple(node.each("problems", _problem)),
    )


def _subject(node: _Node, sha256: str) -> SubjectVerdict:
    return SubjectVerdict(
        integrity=_dimension(node.node("integrity")),
        authenticity=_dimension(node.node("authenticity")),
        completeness=_dimension(node.node("completeness")),
        time=_dimension(node.node("time")),
        profile=node.text_or_none("profile"),
        records=node.whole_or_none("records"),
        not_covered=node.texts("not_covered"),
        assurance=tuple(node.each("assurance", _range)),
        diagnoses=tuple(node.each("diagnoses", _diagnosis)),
        signatures=tuple(node.each("signatures", _signature)),
        steps=tuple(node.each("steps", _step)),
        sha256=sha256 or None,
        notes=node.texts("notes"),
        second_opinion=_opinion(node),
    )


def _opinion(node: _Node) -> SecondOpinion | None:
    """Return what a second program said; verdicts kept by older versions say nothing of it."""
    name = "second_opinion"
    said = node.has(name) and node.text_or_none(name) is not None
    return node.word(name, SecondOpinion) if said else None


def _dimension(node: _Node) -> DimensionVerdict:
    indication = node.word("indication", Indication)
    return DimensionVerdict(indication, node.text_or_none("code"), node.texts("codes"))


def _range(node: _Node) -> AssuranceRange:
    flags = frozenset(AssuranceFlag(flag) for flag in node.texts("flags") if flag in _FLAGS)
    first, last = node.whole("first"), node.whole("last")
    return AssuranceRange(first, last, flags, node.text_or_none("partition"))


_FLAGS = set(AssuranceFlag)


def _diagnosis(node: _Node) -> Diagnosis:
    return Diagnosis(
        kind=node.word("class", DiagnosisClass),
        record=node.whole_or_none("record"),
        count=node.whole_or_none("count"),
        path=node.text_or_none("path"),
        offset=node.whole_or_none("offset"),
        stored=node.text("stored"),
        recomputed=node.text("recomputed"),
        explanations=node.texts("explanations"),
        blast_radius=node.texts("blast_radius"),
        last=node.whole_or_none("last"),
    )


def _signature(node: _Node) -> SignatureVerdict:
    return SignatureVerdict(
        indication=node.word("indication", Indication),
        code=node.text_or_none("code"),
        signer=node.text("signer"),
        fingerprint=node.text("fingerprint"),
        trusted_by=node.text("trusted_by"),
        time=None if node.text_or_none("time") is None else node.time("time"),
        covers=node.text("covers"),
    )


def _step(node: _Node) -> Step:
    return Step(
        clause=node.text("clause"),
        did=node.text("did"),
        result=node.text("result"),
        recipe=node.text("recipe"),
        prints=node.text("prints"),
    )


def _problem(node: _Node) -> Problem:
    path, into, member = node.text("locator").partition(_INTO)
    return Problem(node.text("code"), Locator(path, member if into else None), node.text("message"))
