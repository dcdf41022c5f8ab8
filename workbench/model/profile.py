"""The recipe by which a log protects itself, as data (a chain profile).

A profile says how records lie in a file, which fields carry the record's own digest and the
previous one, and from which bytes the digest is computed. It is data that our engine runs:
code is never loaded from a profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.model.recipe import DigestRecipe, JsonStyle, Name, Part, Seal

#: As a partition: the day of the time that a record claims, in UTC.
DAY: Name = ("$day",)


class ContainerKind(StrEnum):
    """How records lie in a file."""

    JSONL = "jsonl"
    JSON_ARRAY = "json-array"
    CSV = "csv"
    TSV_JSON = "tsv-json"
    KEY_VALUE = "key-value"
    CEF = "cef"


class ColumnType(StrEnum):
    """What the text in a column of a table stands for."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    JSON = "json"


class GenesisKind(StrEnum):
    """What the first record has for a previous digest."""

    TEXT = "text"
    NULL = "null"
    ABSENT = "absent"
    ANY = "any"
    DIGEST_OF = "digest-of"
    HMAC_OF = "hmac-of"


class Beginning(StrEnum):
    """What it means that a log does not start at genesis."""

    TRUNCATED = "truncated"
    PRUNED = "pruned"
    CONTINUED = "continued"


class LineForm(StrEnum):
    """Whether each line must be its own canonical JSON, byte for byte."""

    FREE = "free"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the recipe was read: project, path, commit and licence of its source."""

    project: str
    path: str = ""
    commit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """How records lie in a file.

    Attributes:
        kind: the usual container; a JSONL profile also reads a JSON array of the same records,
            and, where it states ``types``, a table of them.
        path: members down to the array of records of a JSON document, or ().
        delimiter: of a table; in a file, the one that is found there.
        columns: names of the columns of a table without a header line; in a file, of that table.
        json_column: for ``tsv-json``, the column that holds members of the record as JSON.
        entry: members down to the record within each element (a wrapper), or ().
        types: what the texts of a table stand for; a column that is not named is a text.
        header: whether the first row of the file names the columns.
        quoted: whether cells of the file may be quoted (RFC 4180); else a backslash escapes.
    """

    kind: ContainerKind = ContainerKind.JSONL
    path: Name = ()
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    json_column: str | None = None
    entry: Name = ()
    types: tuple[tuple[str, ColumnType], ...] = ()
    header: bool = True
    quoted: bool = True

    @property
    def reads_tables(self) -> bool:
        """Tell whether records may lie in a table."""
        return self.kind in {ContainerKind.CSV, ContainerKind.TSV_JSON} or bool(self.types)


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a record play a part in the chain.

    Attributes:
        own: the record's own digest.
        previous: the digest of the record before, or None where it is not stored.
        sequence: the record's number, or None.
        time: when the event happened, as the log claims, or None.
        partition: fields that together name one of several interleaved chains; ``$day`` is the day
            of the time.
        order: field by which the rows of a table are put in order, None: as in the file. Lines
            have an order of their own.
        required: fields that a record must have, beside these, for the profile to fit.
    """

    own: Name
    previous: Name | None = None
    sequence: Name | None = None
    time: Name | None = None
    partition: tuple[Name, ...] = ()
    order: Name | None = None
    required: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Numbers of records: where they start (None: anywhere) and whether gaps may occur."""

    start: int | None = None
    gap_free: bool = True


@dataclass(frozen=True, slots=True)
class Genesis:
    """What stands for the previous digest in the first record, and what else may begin a log.

    Attributes:
        kind: how ``value`` is meant.
        value: the text, or the constant that is digested.
        field: for ``digest-of`` and ``hmac-of``, the field whose text follows ``value``.
        prefix: for ``digest-of``, the text before the digest, which is in lower hex.
        as_own: for ``digest-of``, it is written as the log writes its digests instead.
        otherwise: what a first record with another previous digest means.
        restarts: whether genesis may come again inside one file.
    """

    kind: GenesisKind = GenesisKind.TEXT
    value: str = ""
    field: Name | None = None
    prefix: str = ""
    as_own: bool = False
    otherwise: Beginning = Beginning.TRUNCATED
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Sections:
    """Chains that follow each other in one log, each begun and ended by a mark.

    Attributes:
        field: where the mark is.
        new: its text in the first record of a chain.
        end: its text in the last record of a chain.
    """

    field: Name
    new: str
    end: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A summary beside the records of one JSON document (an export bundle), signed perhaps.

    Attributes:
        value: member that is signed; () where the document itself is the summary.
        signature: member that holds the Ed25519 signature, base64; None where there is none.
        head: member of the manifest: own digest of the last record, or None.
        style: how ``value`` becomes the signed bytes.
        count: member of the manifest: number of records, or None.
        first: member of the manifest: sequence number of the first record, or None.
        last: member of the manifest: sequence number of the last record, or None.
        public_key: member of the manifest: the signer's own key in PEM, or None.
        anchor: member of the manifest: previous digest of the first record where the export
            does not start at genesis, or None.
        text_root: member of the manifest: root of a Merkle tree over the own digests, where a node
            is the digest of the texts of its two children and the last of an odd level is paired
            with a text of zeros; or None.
    """

    value: Name
    signature: Name | None
    head: Name | None
    style: JsonStyle
    count: Name | None = None
    first: Name | None = None
    last: Name | None = None
    public_key: Name | None = None
    anchor: Name | None = None
    text_root: Name | None = None

    @property
    def named(self) -> tuple[Name, ...]:
        """Return the members that a document must have to hold such a summary."""
        beside = (self.count, self.head, self.text_root)
        stated = ((*self.value, *name) for name in beside if name is not None)
        names = (self.value, self.signature or (), *stated)
        return tuple(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Version:
    """An older recipe of the same log: what the version field says of it, or what to call it.

    Without a ``digest`` of its own it has that of the profile.
    """

    value: str
    digest: DigestRecipe | None
    preimage: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ChainProfile:
    """The whole recipe of one kind of log.

    Attributes:
        id: short, stable, unique name.
        title: one line for people.
        description: what writes such logs and what the chain covers.
        origin: where the recipe was read.
        sha256: lower hex digest of the profile file.
        container: how records lie in a file.
        fields: which fields play a part.
        digest: how the own digest is computed and written.
        preimage: the bytes it is computed over, in order.
        genesis: what the first record has for a previous digest.
        sequence: numbers of records.
        line_form: whether lines must be canonical.
        clock_tolerance: seconds that time may go back without being reported.
        seals: tags and signatures of each record beside the chain.
        manifest: signed summary of an export bundle, or None.
        version_field: field that chooses among ``versions``; None: they are tried, newest first.
        versions: older recipes, oldest first.
        not_covered: fields that the digest is known not to cover.
        sections: marks of chains that follow each other in one log, or None.
    """

    id: str
    title: str
    description: str
    origin: Origin
    sha256: str
    container: Container
    fields: Fields
    digest: DigestRecipe
    preimage: tuple[Part, ...]
    genesis: Genesis = Genesis()
    sequence: Sequence = Sequence()
    line_form: LineForm = LineForm.FREE
    clock_tolerance: int = 300
    seals: tuple[Seal, ...] = ()
    manifest: Manifest | None = None
    version_field: Name | None = None
    versions: tuple[Version, ...] = ()
    not_covered: tuple[str, ...] = ()
    sections: Sections | None = None

    @property
    def present(self) -> tuple[Name, ...]:
        """Return the fields that every record must have for the profile to fit."""
        named = (self.fields.own, self.fields.previous, self.fields.sequence, *self.fields.required)
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def as_of(self, version: Version) -> "ChainProfile":
        """Return the profile as it was in an older version."""
        digest, preimage = version.digest or self.digest, version.preimage
        return replace(self, digest=digest, preimage=preimage, versions=(), version_field=None)

    def fits(self, record: Mapping[str, object]) -> bool:
        """Tell whether a record, or a whole bundle, has the fields that the profile names.

        Fields only: whether the digests reproduce is not looked at.
        """
        if self.manifest is not None:
            named = (*self.manifest.named, self.container.path)
            return all(has(record, name) for name in named)
        inner = get(record, self.container.entry) if self.container.entry else record
        return isinstance(inner, Mapping) and all(has(inner, name) for name in self.present)


def has(record: Mapping[str, object], name: Name) -> bool:
    """Tell whether a record has a member at ``name``, whatever its value."""
    value: object = record
    for part in name:
        if not isinstance(value, Mapping) or part not in value:
            return False
        value = value[part]
    return True


def get(record: Mapping[str, object], name: Name) -> object:
    """Return the value at ``name``; None where there is none."""
    value: object = record
    for part in name:
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
