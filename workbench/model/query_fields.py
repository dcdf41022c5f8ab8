"""What can be asked of each list of a case: the fields, their kinds, how to complete a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbench.model.case import FindingState, Severity
from workbench.model.catalog import AttributeGroup, Lifecycle, RunState, ThingKind
from workbench.model.event import EventFlag, Outcome
from workbench.model.remark import RemarkKind
from workbench.model.source import Role
from workbench.model.verdict import DiagnosisClass, Indication


class FieldKind(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    WORD = "one word"
    FLAGS = "words"


class Area(StrEnum):
    """A list of the case that can be asked."""

    EVENTS = "events"
    THINGS = "things"
    RELATIONS = "relations"
    SOURCES = "sources"
    DIAGNOSES = "diagnoses"
    FINDINGS = "findings"
    JOURNAL = "journal"
    NOTES = "notes"
    SIGNATURES = "signatures"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a query may name.

    Attributes:
        name: as it is written.
        kind: what its values are.
        title: what it is, for the completion list.
        words: the values of a field of words, lower case.
        group: for a field of a family (``tag.owner``), the family; else "".
    """

    name: str
    kind: FieldKind
    title: str
    words: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class FieldSet:
    """The fields of one list.

    Attributes:
        fields: those with a fixed name.
        families: beginnings of names whose rest is free, as ``tag`` in ``tag.owner``.
    """

    fields: tuple[Field, ...]
    families: tuple[Field, ...] = ()

    def find(self, name: str) -> Field | None:
        """Return the field that a query calls ``name``, in any case of letters, or None."""
        known = next((f for f in self.fields if f.name == name.lower()), None)
        if known is not None:
            return known
        group, dot, rest = name.partition(".")
        family = next((f for f in self.families if dot and rest and f.name == group.lower()), None)
        if family is None:
            return None
        return Field(rest, family.kind, family.title, group=family.name)

    def completions(self, beginning: str = "") -> tuple[Field, ...]:
        """Return the fields whose name begins so, families with a dot at their end."""
        families = tuple(Field(f"{f.name}.", f.kind, f.title) for f in self.families)
        start = beginning.lower()
        return tuple(f for f in (*self.fields, *families) if f.name.startswith(start))


def _text(name: str, title: str) -> Field:
    return Field(name, FieldKind.TEXT, title)


def _number(name: str, title: str) -> Field:
    return Field(name, FieldKind.NUMBER, title)


def _time(name: str, title: str) -> Field:
    return Field(name, FieldKind.TIME, title)


def _word(name: str, title: str, words: Iterable[str], kind: FieldKind = FieldKind.WORD) -> Field:
    return Field(name, kind, title, tuple(str(word).lower() for word in words))


_PLACE = (
    _text("source", "path of the source"),
    _number("record", "record number from 1"),
    _number("offset", "byte offset"),
)

#: Known of rows beside their tables: what the auditor said, and the verdict on their source.
_BESIDE = (
    _word("integrity", "verdict on its source", Indication),
    _text("tag", "tag that you gave it"),
    _text("note", "note that you wrote on it"),
)
BESIDE = frozenset(field.name for field in _BESIDE)

FIELDS: dict[Area, FieldSet] = {
    Area.EVENTS: FieldSet(
        (
            _time("time", "when, as claimed"),
            _text("actor", "who, as claimed"),
            _text("action", "what was done, as claimed"),
            _text("object", "to what, as claimed"),
            _word("outcome", "whether it was done", Outcome),
            _number("level", "assurance level, 0 to 4"),
            _word("flag", "what verification found", EventFlag, FieldKind.FLAGS),
            *_PLACE,
            *_BESIDE,
        )
    ),
    Area.THINGS: FieldSet(
        (
            _word("kind", "artifact, run, job or agent", ThingKind),
            _text("type", "type of artifact, or the source's word"),
            _text("name", "name"),
            _text("key", "key within the source"),
            _text("namespace", "where the name is unique"),
            _text("version", "version as stated"),
            _word("lifecycle", "stage", Lifecycle),
            _word("state", "state of a run", RunState),
            _text("owner", "owner as stated"),
            _text("uri", "where its bytes lie, as stated"),
            _time("created", "created or started, as claimed"),
            _time("ended", "ended or changed, as claimed"),
            *_PLACE,
            *_BESIDE,
        ),
        tuple(_text(str(group), f"a {group} by name") for group in AttributeGroup),
    ),
    Area.RELATIONS: FieldSet(
        (
            _text("kind", "used, generated, derived-from…"),
            _text("subject", "key of the thing it is about"),
            _text("object", "key of the other thing"),
            _text("role", "role as stated"),
            _text("transformation", "how a column came from another"),
            _time("time", "when, as claimed"),
            *_PLACE,
        )
    ),
    Area.SOURCES: FieldSet(
        (
            _text("path", "path, and member of an archive"),
            _word("role", "role", Role),
            _text("format", "format"),
            _text("sha256", "digest"),
            _number("size", "bytes"),
            _time("added", "when it was added"),
            *_BESIDE,
        )
    ),
    Area.DIAGNOSES: FieldSet(
        (
            _word("class", "class of the break", DiagnosisClass),
            _text("path", "file within the source"),
            _word("integrity", "verdict of its source", Indication),
            *_PLACE,
        )
    ),
    Area.FINDINGS: FieldSet(
        (
            _text("id", "number"),
            _text("title", "title"),
            _word("severity", "severity", Severity),
            _word("state", "state", FindingState),
            _text("criteria", "what should be"),
            _text("condition", "what is"),
            _text("cause", "why"),
            _text("consequence", "what follows"),
            _text("action", "what to do about it"),
            _text("owner", "who answers for the action"),
            _text("author", "who wrote it"),
            _text("response", "what the audited side said"),
            _text("retest", "what a later look showed"),
            _time("due", "due"),
            _time("modified", "last changed"),
        )
    ),
    Area.JOURNAL: FieldSet(
        (
            _number("number", "number from 1"),
            _time("at", "when"),
            _text("who", "who"),
            _text("act", "what was done"),
            _text("subject", "to what"),
            _text("detail", "what else was recorded"),
        )
    ),
    Area.NOTES: FieldSet(
        (
            _number("number", "act of the journal that recorded it"),
            _word("kind", "tag or note", RemarkKind),
            _text("tag", "text of a tag"),
            _text("note", "text of a note"),
            _text("place", "what it is on: 3, 3/key or 3:record"),
            _text("source", "path of the source"),
            _text("who", "who said it"),
            _time("at", "when"),
        )
    ),
    Area.SIGNATURES: FieldSet(
        (
            _word("indication", "what it is worth", Indication),
            _text("code", "why it is worth no more"),
            _text("signer", "name that it claims, or that its trust anchor carries"),
            _text("fingerprint", "SHA-256 of the key or certificate"),
            _text("trusted_by", "trust anchor that decided"),
            _text("covers", "what it is over"),
            _time("time", "trusted time of it"),
            _text("source", "path of the source"),
        )
    ),
}
