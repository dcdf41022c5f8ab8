"""From which bytes a digest is computed, and how it is written (part of a chain profile)."""

from dataclasses import dataclass
from enum import StrEnum

#: Where a field lies in a record: the member names from the top down.
Name = tuple[str, ...]


class Algorithm(StrEnum):
    """Digest algorithms."""

    SHA256 = "sha256"
    SHA512 = "sha512"
    SHA3_256 = "sha3-256"
    BLAKE2B = "blake2b"
    BLAKE2S = "blake2s"
    BLAKE3 = "blake3"


class Encoding(StrEnum):
    """How a digest or signature is written."""

    HEX = "hex"
    UPPER_HEX = "upper-hex"
    BASE64 = "base64"


class KeyEncoding(StrEnum):
    """What the bytes of a secret file mean."""

    TEXT = "text"
    HEX = "hex"
    BASE64 = "base64"


class LengthPrefix(StrEnum):
    """What stands before a part so that parts cannot run into each other."""

    NONE = "none"
    NETSTRING = "netstring"
    U32BE = "u32be"
    U64BE = "u64be"


class Sort(StrEnum):
    """In which order the members of JSON objects are hashed."""

    CODE_POINT = "code-point"
    UTF16 = "utf16"
    TOP_LEVEL = "top-level"
    DECLARED = "declared"
    FILE = "file"


class Numbers(StrEnum):
    """How numbers are written before hashing."""

    AS_SPELLED = "as-spelled"
    PYTHON = "python"
    ECMASCRIPT = "ecmascript"
    INTEGRAL_TO_INT = "integral-to-int"


class Missing(StrEnum):
    """What an included field counts as where the record lacks it."""

    REFUSED = "refused"
    NULL = "null"
    OMITTED = "omitted"


class PreviousForm(StrEnum):
    """Whether the previous digest is hashed as its text or as its raw bytes."""

    TEXT = "text"
    RAW = "raw"


class OwnField(StrEnum):
    """What happens to the own digest when the raw line is hashed."""

    REMOVED = "removed"
    BLANKED = "blanked"
    UP_TO = "up-to"


@dataclass(frozen=True, slots=True)
class Key:
    """A shared secret: its id, for ``--secret ID=FILE``, and what its bytes mean.

    Where a log has several, ``by`` is the field that names which: its value follows the id and a
    dash (``--secret ID-2=FILE``).
    """

    id: str | None = None
    encoding: KeyEncoding = KeyEncoding.TEXT
    by: Name | None = None


@dataclass(frozen=True, slots=True)
class DigestRecipe:
    """How a digest is computed and written.

    Attributes:
        algorithm: hash function.
        encoding: how it is written.
        prefix: text before it, as ``sha256:`` or ``0x``.
        length: characters kept after the prefix where the log shows less than all, or None.
        key: present for HMAC.
        forward: whether the key is replaced by its SHA-256 before each record, beginning with the
            secret, and the tag before is hashed last; what is written is the SHA-256 of the tag.
    """

    algorithm: Algorithm = Algorithm.SHA256
    encoding: Encoding = Encoding.HEX
    prefix: str = ""
    length: int | None = None
    key: Key | None = None
    forward: bool = False


@dataclass(frozen=True, slots=True)
class TimeStyle:
    """How a time is rendered before it is hashed.

    Attributes:
        unit: ``iso``; ``python``, as its ``isoformat`` writes it, whatever the zone, or
            ``python-utc``, in UTC; or, since the epoch, ``s``, ``ms``, ``us``, ``ns``, or
            ``decimal`` for seconds with digits.
        digits: digits of a second after the point.
        zone: text of UTC: ``Z``, ``+00:00`` or none.
        separator: between date and time.
    """

    unit: str = "iso"
    digits: int = 6
    zone: str = "Z"
    separator: str = "T"


@dataclass(frozen=True, slots=True)
class Rendering:
    """How the value of a field becomes text: null, and times (None: as the record has it)."""

    null: str = ""
    time: TimeStyle | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """Part: the previous digest; where there is none, the text of the field ``seed``."""

    form: PreviousForm = PreviousForm.TEXT
    length_prefix: LengthPrefix = LengthPrefix.NONE
    seed: Name | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """Part: fixed bytes."""

    value: bytes
    length_prefix: LengthPrefix = LengthPrefix.NONE


@dataclass(frozen=True, slots=True)
class FieldText:
    """Part: the value of one field as text."""

    name: Name
    rendering: Rendering = Rendering()
    length_prefix: LengthPrefix = LengthPrefix.NONE


@dataclass(frozen=True, slots=True)
class RawLine:
    """Part: the bytes of the line, its own digest removed or blanked, or up to the digest."""

    own: OwnField = OwnField.REMOVED
    length_prefix: LengthPrefix = LengthPrefix.NONE


@dataclass(frozen=True, slots=True)
class JsonStyle:
    r"""How a JSON value becomes bytes.

    Attributes:
        sort: order of members.
        item_separator: between members and elements.
        key_separator: between a name and its value.
        ensure_ascii: whether characters beyond ASCII are written as ``\uXXXX``.
        keep_nulls: False leaves out members of the record whose value is null.
        numbers: how numbers are written.
        listed: whether members below the top are written only if a member of the top has that
            name, as ``JSON.stringify`` does with a list of names.
    """

    sort: Sort = Sort.CODE_POINT
    item_separator: str = ","
    key_separator: str = ":"
    ensure_ascii: bool = True
    keep_nulls: bool = True
    numbers: Numbers = Numbers.PYTHON
    listed: bool = False


@dataclass(frozen=True, slots=True)
class JsonObject:
    """Part: some members of the record, perhaps renamed and wrapped, as JSON.

    Attributes:
        include: names of the members that are hashed, in declared order; None: all but
            ``exclude``.
        exclude: names of the members that are not hashed.
        missing: what an included member counts as where the record lacks it.
        rename: (name in the record, name when hashed).
        wrap: (name, source) of an object around it, source ``$rest`` (the selected members),
            ``$previous`` or the name of a field; () where there is none.
        style: how it becomes bytes.
        times: members that hold a time, and how it is written.
    """

    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    missing: Missing = Missing.REFUSED
    rename: tuple[tuple[str, str], ...] = ()
    wrap: tuple[tuple[str, str], ...] = ()
    style: JsonStyle = JsonStyle()
    length_prefix: LengthPrefix = LengthPrefix.NONE
    times: tuple[tuple[str, TimeStyle], ...] = ()


Part = Previous | Literal | FieldText | RawLine | JsonObject


class SealKind(StrEnum):
    """How a record is sealed beside the chain."""

    HMAC = "hmac"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Seal:
    """A keyed tag or signature of each record, beside the chain.

    Attributes:
        kind: HMAC-SHA-256 or Ed25519.
        field: where it is stored.
        over: the bytes it is over; empty: the text of the own digest.
        raw_digest: with an empty ``over``, the raw bytes of the digest instead of its text.
        encoding: how it is written.
        key: the shared secret of an HMAC, or None.
        signer: field that names the key of a signature by the first 16 hex digits of the SHA-256
            of its 32 bytes, with or without a prefix that ends in a colon; or None.
    """

    kind: SealKind
    field: Name
    over: tuple[Part, ...] = ()
    raw_digest: bool = False
    encoding: Encoding = Encoding.HEX
    key: Key | None = None
    signer: Name | None = None
