"""Recompute the digest of one record by the recipe of a profile."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache

import blake3

from workbench.errors import ProfileError
from workbench.evidence.strict_json import Number
from workbench.model.profile import DAY, ChainProfile, GenesisKind, LineForm, Version, get
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    Key,
    KeyEncoding,
    LengthPrefix,
    Literal,
    Missing,
    Numbers,
    OwnField,
    Part,
    Previous,
    PreviousForm,
    RawLine,
    Seal,
    SealKind,
)
from workbench.verify.chain.reading import MalformedError, reader_of
from workbench.verify.chain.render import UnrenderableError, render
from workbench.verify.chain.times import moment, rendered

Record = Mapping[str, object]
Hash = Callable[[bytes], bytes]

#: Where a record is given the previous digest that it does not store: no JSON name has it.
IMPLICIT = "\0previous"
#: Where a record is given what its digest should be, where only the whole log tells.
EXPECTED = "\0expected"
#: Bytes of an Ed25519 key.
_KEY = 32

_HASHES: dict[Algorithm, Hash] = {
    Algorithm.SHA256: lambda data: hashlib.sha256(data).digest(),
    Algorithm.SHA512: lambda data: hashlib.sha512(data).digest(),
    Algorithm.SHA3_256: lambda data: hashlib.sha3_256(data).digest(),
    Algorithm.BLAKE2B: lambda data: hashlib.blake2b(data).digest(),
    Algorithm.BLAKE2S: lambda data: hashlib.blake2s(data).digest(),
    Algorithm.BLAKE3: lambda data: blake3.blake3(data).digest(),
}
_HMAC_NAMES = {
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.SHA3_256: "sha3_256",
    Algorithm.BLAKE2B: "blake2b",
    Algorithm.BLAKE2S: "blake2s",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What keyed values of a profile are checked with; None: not given.

    Attributes:
        digest: decoded secret of the digest.
        seals: for each seal its decoded secret, or the keys of those who may have signed, 32
            bytes each.
        by: secrets of the digest by the value of the field that names them.
    """

    digest: bytes | None = field(default=None, repr=False)
    seals: tuple[bytes | None, ...] = field(default=(), repr=False)
    by: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    @property
    def any(self) -> bool:
        """Tell whether a digest can be computed with them."""
        return self.digest is not None or bool(self.by)


class Engine:
    """Runs one profile: parses records and recomputes their digests."""

    def __init__(self, profile: ChainProfile, secrets: Secrets) -> None:
        self.profile = profile
        self.secrets = secrets
        keyed = profile.digest.key is None or secrets.any
        self.recomputable = bool(profile.preimage) and keyed
        self._by = dict(secrets.by)
        self._older = tuple(Engine(_as_of(profile, v), secrets) for v in profile.versions)
        self.canonical = profile.line_form is LineForm.CANONICAL
        self.exact = any(_spelled(part) for part in profile.preimage)
        self._read = reader_of(profile, exact=self.exact)
        self._own = profile.fields.own
        self.forward = profile.digest.forward
        self.implicit = profile.fields.previous is None
        self._hidden = frozenset({IMPLICIT, EXPECTED}) if self.implicit else frozenset()
        self._previous = profile.fields.previous or (IMPLICIT,)

    def parse(self, raw: bytes) -> dict[str, object]:
        """Return the record in ``raw``.

        Raises:
            MalformedError: it is no record of the container, strictly and within the limits.
        """
        return self._read(raw)

    def own(self, record: Record) -> str | None:
        """Return the stored digest of a record; None where there is no text."""
        return _plain_text(get(record, self._own))

    def previous(self, record: Record) -> str | None:
        """Return the stored previous digest; None for null, absent or no text."""
        return _plain_text(get(record, self._previous))

    def placed(self, record: dict[str, object], before: str | None) -> dict[str, object]:
        """Return a record with the previous digest, where it does not store it by itself.

        Raises:
            MalformedError: it has a member where that is put.
        """
        if not self.implicit:
            return record
        if IMPLICIT in record or EXPECTED in record:
            raise MalformedError("a member has a name that no log has")
        previous, _, expected = (before or "").partition("\0")
        if self.forward:
            return {**record, IMPLICIT: previous or None, EXPECTED: expected or None}
        return {**record, IMPLICIT: before}

    def mark(self, record: Record) -> str:
        """Return the mark by which a record begins or ends a chain, or ""."""
        sections = self.profile.sections
        mark = "" if sections is None else _plain_text(get(record, sections.field)) or ""
        return mark if sections is not None and mark in {sections.new, sections.end} else ""

    def partition(self, record: Record) -> tuple[str, ...]:
        """Return what names the chain that a record belongs to."""
        fields = self.profile.fields
        return tuple(
            _day(get(record, fields.time or ()))
            if name == DAY
            else _text(get(record, name), "null")
            for name in fields.partition
        )

    def genesis(self, record: Record) -> str | None:
        """Return what the first record must have for a previous digest; None: null or absent."""
        genesis = self.profile.genesis
        match genesis.kind:
            case GenesisKind.TEXT:
                return genesis.value
            case GenesisKind.NULL | GenesisKind.ABSENT:
                return None
            case GenesisKind.ANY:
                return self.previous(record)
            case GenesisKind.DIGEST_OF:
                tail = "" if genesis.field is None else _text(get(record, genesis.field), "")
                digest = _digest(genesis.value.encode() + tail.encode(), self.profile.digest)
                return genesis.prefix + encode(digest)
            case GenesisKind.HMAC_OF:
                secret = self.secrets.digest
                return None if secret is None else self._tagged(genesis.value.encode(), secret)

    def recompute(self, record: Record, raw: bytes, *, previous: str | None = None) -> str | None:
        """Return the digest of a record by the recipe; None where it cannot be computed.

        Args:
            record: the parsed record.
            raw: its bytes without line end.
            previous: put this in place of the stored previous digest.
        """
        if previous is not None:
            record = self._linked(record, previous)
        return self._of_version(self.version(record, raw)).digest_of(record, raw)

    def version(self, record: Record, raw: bytes) -> int:
        """Return by which recipe a record is protected: 0 the newest, below that an older one."""
        name = self.profile.version_field
        if name is not None:
            label, count = _text(get(record, name), ""), len(self._older)
            values = [version.value for version in self.profile.versions]
            return values.index(label) - count if label in values else 0
        own = self.own(record)
        ranks = range(0, -len(self._older) - 1, -1) if self._older else ()
        found = (n for n in ranks if self._of_version(n).digest_of(record, raw) == own)
        return next(found, 0)

    def _of_version(self, rank: int) -> "Engine":
        return self._older[rank] if rank else self

    def digest_of(self, record: Record, raw: bytes) -> str | None:
        """Return the digest of a record by the newest recipe; None where it cannot be computed."""
        if self.forward:
            return _plain_text(record.get(EXPECTED))
        preimage = self.preimage(record, raw)
        return None if preimage is None else self.digest(preimage, record)

    def preimage(self, record: Record, raw: bytes) -> bytes | None:
        """Return what the digest of a record is over; None where it cannot be made."""
        try:
            return b"".join(self._part(part, record, raw) for part in self.profile.preimage)
        except (UnrenderableError, Base64Error):
            return None

    def digest(self, preimage: bytes, record: Record) -> str | None:
        """Return the digest over ``preimage`` as the log writes it; None without its secret."""
        name = self._secret_name(record)
        secret = self.secrets.digest if name is None else self._by.get(name)
        if self.profile.digest.key is None:
            return encode(_digest(preimage, self.profile.digest), self.profile.digest)
        return None if secret is None else self._tagged(preimage, secret)

    def lacks(self, record: Record) -> str | None:
        """Return the name of the secret that a record needs and nobody gave; None: none."""
        name = self._secret_name(record)
        return None if name is None or name in self._by else name

    def _secret_name(self, record: Record) -> str | None:
        """Return what a record says of which secret its tag was made with; None: there is one."""
        key = self.profile.digest.key
        if key is None or key.by is None:
            return None
        return _text(get(record, key.by), "")

    def canonical_form(self, record: Record) -> bytes:
        """Return the line that a record should be where lines are canonical."""
        part = self.profile.preimage[0]
        if not isinstance(part, JsonObject):
            raise UnrenderableError("the profile has no canonical line")
        return render(record, part.style)

    def seal(self, n: int, record: Record) -> str | None:
        """Return the stored text of seal ``n``; None where the record has none."""
        return _plain_text(get(record, self.profile.seals[n].field))

    def has_secret(self, n: int) -> bool:
        """Tell whether seal ``n`` can be checked."""
        return n < len(self.secrets.seals) and self.secrets.seals[n] is not None

    def tag(self, n: int, record: Record, raw: bytes) -> bytes | None:
        """Return what seal ``n`` should be; None where it cannot be computed."""
        secret = self.secrets.seals[n] if self.has_secret(n) else None
        if secret is None or self.profile.seals[n].kind is SealKind.ED25519:
            return None
        try:
            return hmac.digest(secret, self._sealed(self.profile.seals[n], record, raw), "sha256")
        except (UnrenderableError, Base64Error):
            return None

    def sealed(self, n: int, record: Record, raw: bytes) -> str | None:
        """Return what seal ``n`` should be, as the log writes it; None as with ``tag``."""
        tag = self.tag(n, record, raw)
        return None if tag is None else encode_as(tag, self.profile.seals[n].encoding)

    def is_sealed(self, n: int, record: Record, raw: bytes) -> bool:
        """Tell whether seal ``n`` is there and right."""
        if self.profile.seals[n].kind is SealKind.ED25519:
            return self.signer(n, record, raw) is not None
        stored = self.seal(n, record)
        return stored is not None and stored == self.sealed(n, record, raw)

    def signer(self, n: int, record: Record, raw: bytes) -> bytes | None:
        """Return the key, of those that may have, that signed a record; None where none did."""
        seal, keys, stored = self.profile.seals[n], self.secrets.seals[n], self.seal(n, record)
        if seal.kind is not SealKind.ED25519 or keys is None or stored is None:
            return None
        try:
            signature = decode(stored, DigestRecipe(encoding=seal.encoding))
            signed = self._sealed(seal, record, raw)
        except (UnrenderableError, Base64Error):
            return None
        return next((key for key in _keys(keys) if _has_signed(key, signature, signed)), None)

    def is_of_unknown_key(self, n: int, record: Record) -> bool:
        """Tell whether a record names a key for its signature that is none of those given."""
        seal, keys = self.profile.seals[n], self.secrets.seals[n] or b""
        name = None if seal.signer is None else _plain_text(get(record, seal.signer))
        if seal.kind is not SealKind.ED25519 or name is None:
            return False
        known = {hashlib.sha256(key).hexdigest()[:16] for key in _keys(keys)}
        return name.rpartition(":")[2].lower() not in known

    def line_digest(self, raw: bytes, record: Record) -> str:
        """Return the digest of a line as it stands, without its own; "" where there is none."""
        if self.profile.digest.key is not None:
            return ""
        try:
            bare = self._without_own(raw, record, OwnField.REMOVED)
        except UnrenderableError:
            return ""
        return encode(_digest(bare, self.profile.digest), self.profile.digest)

    def _sealed(self, seal: Seal, record: Record, raw: bytes) -> bytes:
        if seal.over:
            return b"".join(self._part(part, record, raw) for part in seal.over)
        own = self.own(record) or ""
        return decode(own, self.profile.digest) if seal.raw_digest else own.encode()

    def _tagged(self, data: bytes, secret: bytes) -> str:
        recipe = self.profile.digest
        return encode(hmac.digest(secret, data, _HMAC_NAMES[recipe.algorithm]), recipe)

    def _linked(self, record: Record, previous: str) -> Record:
        return _put(record, self._previous, previous)

    def _part(self, part: Part, record: Record, raw: bytes) -> bytes:
        data = self._bare(part, record, raw)
        match part.length_prefix:
            case LengthPrefix.NONE:
                return data
            case LengthPrefix.NETSTRING:
                return b"%d:%b," % (len(data), data)
            case LengthPrefix.U32BE:
                return len(data).to_bytes(4, "big") + data
            case LengthPrefix.U64BE:
                return len(data).to_bytes(8, "big") + data

    def _bare(self, part: Part, record: Record, raw: bytes) -> bytes:
        match part:
            case Previous(form=PreviousForm.TEXT):
                return (self.previous(record) or "").encode()
            case Previous():
                return decode(self.previous(record) or "", self.profile.digest)
            case Literal(value=constant):
                return constant
            case FieldText():
                return _field_text(part, record).encode()
            case RawLine(own=own):
                return self._without_own(raw, record, own)
            case JsonObject():
                return render(self._object(part, record), part.style)

    def _object(self, part: JsonObject, record: Record) -> Record:
        chosen = _chosen(part, record, self._hidden)
        chosen = _timed(part, chosen) if part.times else chosen
        if not part.style.keep_nulls:
            chosen = {name: value for name, value in chosen.items() if value is not None}
        renames = dict(part.rename)
        rest = {renames.get(name, name): value for name, value in chosen.items()}
        if not part.wrap:
            return rest
        return {name: self._source(source, rest, record) for name, source in part.wrap}

    def _source(self, source: str, rest: Record, record: Record) -> object:
        if source == "$rest":
            return rest
        return self.previous(record) if source == "$previous" else record.get(source)

    def _without_own(self, raw: bytes, record: Record, how: OwnField) -> bytes:
        """Return the line with its own digest cut out or blanked; it must occur exactly once."""
        stored = self.own(record) or ""
        if how is OwnField.UP_TO:
            before, mark, _ = raw.partition(f" {self._own[-1]}={stored}".encode())
            if not mark:
                raise UnrenderableError("the own digest is not in the line")
            return before
        name = json.dumps(self._own[-1]).encode()
        for colon in (b":", b": "):
            member = name + colon + json.dumps(stored).encode()
            if raw.count(member) == 1:
                if how is OwnField.BLANKED:
                    return raw.replace(member, name + colon + b'""')
                return _cut(raw, member)
        raise UnrenderableError("the own digest cannot be cut out of the line")


def _day(time: object) -> str:
    """Return the day, in UTC, of a time that a log claims."""
    seconds = moment(time)
    if seconds is None:
        return "no day"
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _as_of(profile: ChainProfile, version: Version) -> ChainProfile:
    """Return the profile as it was in an older version."""
    digest = version.digest or profile.digest
    return replace(
        profile, digest=digest, preimage=version.preimage, versions=(), version_field=None
    )


def _keys(joined: bytes) -> Iterator[bytes]:
    return (joined[n : n + _KEY] for n in range(0, len(joined), _KEY))


def _has_signed(key: bytes, signature: bytes, signed: bytes) -> bool:
    # Loaded only for logs with signed records: every worker process imports this module.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from workbench.verify.keys import verify_signature

    return verify_signature(Ed25519PublicKey.from_public_bytes(key), signature, signed)


def _put(record: Record, name: tuple[str, ...], value: object) -> Record:
    inner = record.get(name[0])
    below = _put(inner, name[1:], value) if len(name) > 1 and isinstance(inner, Mapping) else value
    return {**record, name[0]: below}


def _cut(raw: bytes, member: bytes) -> bytes:
    for with_comma in (b", " + member, b"," + member, member + b", ", member + b","):
        if with_comma in raw:
            return raw.replace(with_comma, b"")
    return raw.replace(member, b"")


def _spelled(part: Part) -> bool:
    return isinstance(part, JsonObject) and part.style.numbers is Numbers.AS_SPELLED


def _plain_text(value: object) -> str | None:
    return value if isinstance(value, str) and not isinstance(value, Number) else None


def _text(value: object, null: str) -> str:
    """Return a value as text for concatenation: texts as they are, the rest as JSON."""
    if value is None:
        return null
    return value if isinstance(value, str) else json.dumps(value)


def _field_text(part: FieldText, record: Record) -> str:
    value, style = get(record, part.name), part.rendering
    styled = None if style.time is None else rendered(value, style.time)
    return _text(value, style.null) if styled is None else styled


def _chosen(part: JsonObject, record: Record, hidden: Collection[str]) -> Record:
    if part.include is None:
        left_out = {*part.exclude, *hidden}
        return {name: value for name, value in record.items() if name not in left_out}
    lost = [name for name in part.include if name not in record]
    if lost and part.missing is Missing.REFUSED:
        raise UnrenderableError(f"the record lacks {lost[0]!r}")
    names = part.include
    if part.missing is Missing.OMITTED:
        names = tuple(name for name in names if name in record)
    return {name: record.get(name) for name in names}


def _timed(part: JsonObject, chosen: Record) -> Record:
    """Return members with times written as they are hashed."""
    times = {n: rendered(chosen[n], style) for n, style in part.times if n in chosen}
    return {**chosen, **{name: time for name, time in times.items() if time is not None}}


def _digest(data: bytes, recipe: DigestRecipe) -> bytes:
    return _HASHES[recipe.algorithm](data)


def encode_as(digest: bytes, encoding: Encoding) -> str:
    """Return a digest as text."""
    match encoding:
        case Encoding.HEX:
            return digest.hex()
        case Encoding.UPPER_HEX:
            return digest.hex().upper()
        case Encoding.BASE64:
            return b64encode(digest).decode()


def encode(digest: bytes, recipe: DigestRecipe | None = None) -> str:
    """Return a digest as the log writes it."""
    recipe = recipe or DigestRecipe()
    return recipe.prefix + encode_as(digest, recipe.encoding)[: recipe.length]


def decode(text: str, recipe: DigestRecipe) -> bytes:
    """Return the bytes of a digest that the log wrote.

    Raises:
        UnrenderableError: it is no such text.
    """
    bare = text.removeprefix(recipe.prefix)
    try:
        if recipe.encoding is Encoding.BASE64:
            return b64decode(bare, validate=True)
        return bytes.fromhex(bare)
    except ValueError as error:
        raise UnrenderableError("the previous digest has another form") from error


def decode_secret(secret: bytes, key: Key | None) -> bytes | None:
    """Return the bytes of a secret as the profile means them; None where it is no such text."""
    try:
        match KeyEncoding.TEXT if key is None else key.encoding:
            case KeyEncoding.TEXT:
                return secret
            case KeyEncoding.HEX:
                return bytes.fromhex(secret.decode("ascii"))
            case KeyEncoding.BASE64:
                return b64decode(secret, validate=True)
    except ValueError:
        return None


@lru_cache(maxsize=64)
def engine_for(profile: ChainProfile, secrets: Secrets) -> Engine:
    """Return the engine of a profile, one a process."""
    return Engine(profile, secrets)


def require_supported(profile: ChainProfile, what: str) -> None:
    """Raise for what the model can say but this engine cannot run.

    Raises:
        ProfileError: with the first such thing.
    """
    refused = {
        "an HMAC over BLAKE3": profile.digest.key is not None
        and profile.digest.algorithm is Algorithm.BLAKE3,
    }
    for thing, present in refused.items():
        if present:
            raise ProfileError(f"{what}: not supported yet: {thing}.", path=what)
