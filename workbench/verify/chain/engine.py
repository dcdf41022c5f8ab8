"""Recompute the digest of one record by the recipe of a profile."""

import hashlib
import hmac
from binascii import Error as Base64Error
from collections.abc import Iterator
from functools import lru_cache

from workbench.model.profile import DAY, ChainProfile, GenesisKind, LineForm, get
from workbench.model.recipe import (
    DigestRecipe,
    FieldText,
    JsonObject,
    LengthPrefix,
    Literal,
    OwnField,
    Part,
    Previous,
    PreviousForm,
    RawLine,
    Seal,
    SealKind,
)
from workbench.verify.chain.digests import (
    decode,
    digest_of,
    encode,
    encode_as,
    has_signed,
    keys_in,
    read_back,
    tag_of,
)
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.members import (
    EXPECTED,
    IMPLICIT,
    Record,
    chosen_of,
    day_of,
    field_text,
    genesis_data,
    is_spelled,
    plain_text,
    put,
    text_of,
    timed,
    with_numbers,
    without_own,
)
from workbench.verify.chain.reading import MalformedError, reader_of
from workbench.verify.chain.render import UnrenderableError, render


class Engine:
    """Runs one profile: parses records and recomputes their digests."""

    def __init__(self, profile: ChainProfile, secrets: Secrets) -> None:
        self.profile = profile
        self.secrets = secrets
        keyed = profile.digest.key is None or secrets.any
        self.recomputable = bool(profile.preimage) and keyed
        self._by = dict(secrets.by)
        self._older = tuple(
            Engine(profile.as_of(version), secrets.of_older(n))
            for n, version in enumerate(profile.versions)
        )
        self.canonical = profile.line_form is LineForm.CANONICAL
        self.spelled = any(is_spelled(part) for part in profile.preimage)
        self.exact: bool = self.spelled or any(older.exact for older in self._older)
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
        return plain_text(get(record, self._own))

    def previous(self, record: Record) -> str | None:
        """Return the stored previous digest; None for null, absent or no text."""
        return plain_text(get(record, self._previous))

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
        mark = "" if sections is None else plain_text(get(record, sections.field)) or ""
        return mark if sections is not None and mark in {sections.new, sections.end} else ""

    def partition(self, record: Record) -> tuple[str, ...]:
        """Return what names the chain that a record belongs to."""
        fields = self.profile.fields
        return tuple(
            day_of(get(record, fields.time or ()))
            if name == DAY
            else text_of(get(record, name), "null")
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
                digest = digest_of(genesis_data(genesis, record), self.profile.digest)
                return genesis.prefix + encode(
                    digest, self.profile.digest if genesis.as_own else None
                )
            case GenesisKind.HMAC_OF:
                secret = self.secrets.digest
                data = genesis_data(genesis, record)
                return None if secret is None else self._tagged(data, secret)

    def recompute(self, record: Record, raw: bytes, *, previous: str | None = None) -> str | None:
        """Return the digest of a record by the recipe; None where it cannot be computed.

        Args:
            record: the parsed record.
            raw: its bytes without line end.
            previous: put this in place of the stored previous digest.
        """
        if previous is not None:
            record = self._linked(record, previous)
        rank = next(self._fitting(record, raw), 0)
        return self._of_version(rank).digest_of(self._read_as(rank, record), raw)

    def versions(self, record: Record, raw: bytes) -> tuple[int, int]:
        """Return the newest and the oldest recipe that protect a record; 0 is the newest of all.

        Recipes that differ in the link alone all reproduce a first record, and recipes that differ
        in a member what has none. What none reproduces may be by any whose secret is missing.
        """
        fitting = [*self._fitting(record, raw)] or [*self._unknown(record)] or [0]
        return fitting[0], fitting[-1]

    def _unknown(self, record: Record) -> Iterator[int]:
        """Yield the recipes by which a record may be made, but whose secret nobody gave."""
        named = self._named(record)
        for n in range(0, -len(self._older) - 1, -1) if named is None else (named,):
            if self._of_version(n).missing_secret(record) is not None:
                yield n

    def missing_secret(self, record: Record) -> str | None:
        """Return how the secret is called that a record needs if it is by this recipe; None: none.

        One that names no secret, where records of this recipe do, is by another.
        """
        key = self.profile.digest.key
        if key is None or key.by is None:
            return None if key is None or self.secrets.digest is not None else key.id or ""
        return self._lacks(record) or None

    def _named(self, record: Record) -> int | None:
        """Return the recipe that a record names, the newest if it is unknown; None: none does."""
        if self.profile.version_field is None:
            return None
        label = text_of(get(record, self.profile.version_field), "")
        values = [version.value for version in self.profile.versions]
        return values.index(label) - len(values) if label in values else 0

    def _fitting(self, record: Record, raw: bytes) -> Iterator[int]:
        named = self._named(record)
        if named is not None:
            yield named
            return
        own = self.own(record)
        for n in range(0, -len(self._older) - 1, -1) if self._older else ():
            if self._of_version(n).digest_of(self._read_as(n, record), raw) == own:
                yield n

    def _of_version(self, rank: int) -> "Engine":
        return self._older[rank] if rank else self

    def _read_as(self, rank: int, record: Record) -> Record:
        """Return a record; its numbers read, where only another version takes them as spelled."""
        spelled = self._of_version(rank).spelled
        return record if spelled or not self.exact else with_numbers(record)

    def digest_of(self, record: Record, raw: bytes) -> str | None:
        """Return the digest of a record by the newest recipe; None where it cannot be computed."""
        if self.forward:
            return plain_text(record.get(EXPECTED))
        preimage = self.preimage(record, raw)
        return None if preimage is None else self.digest(preimage, record)

    def preimage(self, record: Record, raw: bytes) -> bytes | None:
        """Return what the digest of a record is over; None where it cannot be made."""
        try:
            return b"".join(self.part(part, record, raw) for part in self.profile.preimage)
        except (UnrenderableError, Base64Error):
            return None

    def digest(self, preimage: bytes, record: Record) -> str | None:
        """Return the digest over ``preimage`` as the log writes it; None without its secret."""
        name = self._secret_name(record)
        secret = self.secrets.digest if name is None else self._by.get(name)
        if self.profile.digest.key is None:
            return encode(digest_of(preimage, self.profile.digest), self.profile.digest)
        return None if secret is None else self._tagged(preimage, secret)

    def lacks(self, record: Record) -> str | None:
        """Return the name of the secret that a record needs and nobody gave; None: none.

        Of several recipes, of a record that none reproduces: a secret by which one of them might.
        """
        if not self._older:
            return self._lacks(record)
        closed = map(self._of_version, self._unknown(record))
        return next((each.missing_secret(record) for each in closed), None)

    def _lacks(self, record: Record) -> str | None:
        name = self._secret_name(record)
        return None if name is None or name in self._by else name

    def _secret_name(self, record: Record) -> str | None:
        """Return what a record says of which secret its tag was made with; None: there is one."""
        key = self.profile.digest.key
        if key is None or key.by is None:
            return None
        return text_of(get(record, key.by), "")

    def canonical_form(self, record: Record) -> bytes:
        """Return the line that a record should be where lines are canonical."""
        part = self.profile.preimage[0]
        if not isinstance(part, JsonObject):
            raise UnrenderableError("the profile has no canonical line")
        return render(record, part.style)

    def seal(self, n: int, record: Record) -> str | None:
        """Return the stored text of seal ``n``; None where the record has none."""
        return plain_text(get(record, self.profile.seals[n].field))

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
        return next((key for key in keys_in(keys) if has_signed(key, signature, signed)), None)

    def is_of_unknown_key(self, n: int, record: Record) -> bool:
        """Tell whether a record names a key for its signature that is none of those given."""
        seal, keys = self.profile.seals[n], self.secrets.seals[n] or b""
        name = None if seal.signer is None else plain_text(get(record, seal.signer))
        if seal.kind is not SealKind.ED25519 or name is None:
            return False
        known = {hashlib.sha256(key).hexdigest()[:16] for key in keys_in(keys)}
        return name.rpartition(":")[2].lower() not in known

    def line_digest(self, raw: bytes, record: Record) -> str:
        """Return the digest of a line as it stands, without its own; "" where there is none."""
        if self.profile.digest.key is not None:
            return ""
        try:
            bare = without_own(raw, self._own[-1], self.own(record) or "", OwnField.REMOVED)
        except UnrenderableError:
            return ""
        return encode(digest_of(bare, self.profile.digest), self.profile.digest)

    def _sealed(self, seal: Seal, record: Record, raw: bytes) -> bytes:
        if seal.over:
            return b"".join(self.part(part, record, raw) for part in seal.over)
        own = self.own(record) or ""
        return read_back(own, self.profile.digest) if seal.raw_digest else own.encode()

    def _tagged(self, data: bytes, secret: bytes) -> str:
        recipe = self.profile.digest
        return encode(tag_of(data, secret, recipe), recipe)

    def _linked(self, record: Record, previous: str) -> Record:
        return put(record, self._previous, previous)

    def part(self, part: Part, record: Record, raw: bytes) -> bytes:
        """Return the bytes of one part of a preimage.

        Raises:
            UnrenderableError: the record has no such part.
        """
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
            case Previous(form=PreviousForm.TEXT, seed=seed):
                previous = self.previous(record)
                if previous is None and seed is not None:
                    previous = plain_text(get(record, seed))
                return (previous or "").encode()
            case Previous():
                return self._raw(self.previous(record) or "")
            case Literal(value=constant):
                return constant
            case FieldText():
                return field_text(part, record).encode()
            case RawLine(own=own):
                return without_own(raw, self._own[-1], self.own(record) or "", own)
            case JsonObject():
                return render(self._object(part, record), part.style)

    def _raw(self, text: str) -> bytes:
        """Return the bytes of a previous digest; what begins a chain may be spelled otherwise."""
        genesis = self.profile.genesis
        begins = genesis.kind is GenesisKind.TEXT and text == genesis.value
        read = decode if begins else read_back
        return read(text, self.profile.digest) if text else b""

    def _object(self, part: JsonObject, record: Record) -> Record:
        chosen = chosen_of(part, record, self._hidden)
        chosen = timed(part, chosen) if part.times else chosen
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


@lru_cache(maxsize=64)
def engine_for(profile: ChainProfile, secrets: Secrets) -> Engine:
    """Return the engine of a profile, one a process."""
    return Engine(profile, secrets)
