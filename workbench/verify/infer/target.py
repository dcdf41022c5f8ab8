"""One record whose digest is to be reproduced, and the count of what was tried on it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.model.profile import ChainProfile, Container, Fields, Genesis, Origin
from workbench.model.progress import Cancel
from workbench.model.recipe import Algorithm, DigestRecipe, Key, KeyEncoding, Part, Previous
from workbench.verify.chain.digests import Hash, decode_secret, digest_of, hasher
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.keyed import Secrets
from workbench.verify.infer.roles import Roles, chain_of
from workbench.verify.infer.rows import Row, Shape, flat

#: What may stand between parts that are joined, the likeliest first.
SEPARATORS = (
    b"", b"|", b":", b"\n", b",", b";", b" ", b".", b"-", b"_", b"/", b"::", b"||", b"\t",
    b"\x00", b"\x1f", b"\x1e", b"~", b"#", b"&",
)  # fmt: skip
#: Each so many bytes of what is hashed count as one more digest: long records end the search too.
_LONG = 2048
#: After how many digests it is looked whether to go on: within a fifth of a second.
_OFTEN = 50_000
_BY_SIZE = {
    32: (Algorithm.SHA256, Algorithm.SHA3_256, Algorithm.BLAKE2S, Algorithm.BLAKE3),
    64: (Algorithm.SHA512, Algorithm.BLAKE2B),
}
_PROFILE = ChainProfile(
    "", "", "", Origin(""), "", Container(), Fields(()), DigestRecipe(), (Previous(),)
)


class Exhausted(Exception):  # noqa: N818 - no error: the search has an end
    """As many digests were tried as may be tried."""


@dataclass(slots=True)
class Budget:
    """How many digests may still be tried, by whom all may be stopped.

    Attributes:
        left: so many, long ones counted as several; less than none: no more.
        cancel: checked now and then.
        mark: where it is looked at next.
    """

    left: int
    cancel: Cancel
    mark: int = 0

    def check(self) -> None:
        """Go on, or stop.

        Raises:
            Exhausted: as many were tried as may be tried.
            Cancelled: the user stopped it.
        """
        if self.left < 0:
            raise Exhausted
        self.cancel.check()
        self.mark = max(self.left - _OFTEN, 0)


def algorithms(shape: Shape) -> tuple[Algorithm, ...]:
    """Return the algorithms whose digests are so long, or the one that stands before them."""
    named = shape.prefix[:-1].lower().replace("_", "-")
    if named in set(Algorithm):
        return (Algorithm(named),)
    return _BY_SIZE.get(shape.size, tuple(Algorithm))


@dataclass(frozen=True, slots=True)
class Digester:
    """One way to make digests of the shape that a log has.

    Attributes:
        recipe: algorithm, key and how it is written.
        secret: the decoded key of an HMAC, or None.
        number: which of the secrets given it was decoded from, or None.
        digest: makes one.
    """

    recipe: DigestRecipe
    secret: bytes | None
    number: int | None
    digest: Hash

    @classmethod
    def of(cls, recipe: DigestRecipe, secret: bytes | None, number: int | None) -> "Digester":
        """Return what makes digests by a recipe."""
        return cls(recipe, secret, number, hasher(recipe, secret))


def digesters(shape: Shape, secrets: Sequence[bytes]) -> list[Digester]:
    """Return every way to make digests of a shape: with the secrets that were given first."""
    keys = [
        (key, decoded, number)
        for number, secret in enumerate(secrets)
        for key, decoded in _meanings(secret)
    ]
    found = []
    for key, decoded, number in keys:
        for algorithm in algorithms(shape):
            if algorithm is not Algorithm.BLAKE3:
                recipe = recipe_of(shape, algorithm, key)
                found.append(Digester.of(recipe, decoded, number))
    for algorithm in algorithms(shape):
        recipe = recipe_of(shape, algorithm, None)
        found.append(Digester.of(recipe, None, None))
    return found


def _meanings(secret: bytes) -> Iterator[tuple[Key, bytes]]:
    """Yield what the bytes of a secret may stand for: hex digits are hardly meant as base64."""
    for encoding in (KeyEncoding.HEX, KeyEncoding.BASE64):
        key = Key(encoding=encoding)
        decoded = decode_secret(secret, key)
        if decoded:
            yield key, decoded
            break
    yield Key(), secret


@dataclass(slots=True)
class Target:
    """A record, and a test whether bytes are its preimage.

    Attributes:
        row: the record.
        roles: what its fields are.
        previous: the previous digest as text, "" where there is none.
        raw_previous: the bytes of it.
        is_right: tells whether bytes are what the stored digest is over; it raises Exhausted where
            as many were tried as may be.
        constant: members that are the same in every record.
        empty: members that are null in every record.
        engine: renders parts of the record as a profile would.
        hits: what made the digests of bytes that were right.
        kept: what was rendered before, for all targets.
    """

    row: Row
    roles: Roles
    previous: str
    raw_previous: bytes
    is_right: Callable[[bytes], bool]
    constant: frozenset[str]
    empty: frozenset[str]
    engine: Engine
    hits: list[Digester]
    kept: dict[object, object]

    def part(self, part: Part) -> bytes:
        """Return the bytes of a part of this record.

        Raises:
            UnrenderableError: it has no such part.
        """
        record = self.engine.placed(dict(self.row.value), self.previous)
        return self.engine.part(part, record, self.row.raw)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members of the record beside its own digest, in the order of the file.

        Digests and tags that stand beside the chain are made after the digest: they are none.
        """
        late = {name[0] for name in self.roles.digests if len(name) == 1}
        return tuple(n for n in self.row.value if (n,) != self.roles.own and n not in late)

    @property
    def every_name(self) -> tuple[str, ...]:
        """Return all members beside its own digest, in the order of the file."""
        return tuple(name for name in self.row.value if (name,) != self.roles.own)


def target(
    rows: Sequence[Row],
    index: int,
    roles: Roles,
    tried: Sequence[Digester],
    *,
    budget: Budget,
    kept: dict[object, object],
) -> Target | None:
    """Return a record as a target; None where it has no digest.

    Args:
        rows: the records.
        index: which of them.
        roles: what the fields are.
        tried: what may have made the digests.
        budget: how many digests may still be tried, for all targets.
        kept: what was rendered before, for all targets.
    """
    stored = dict(flat(rows[index].value)).get(roles.own)
    want = roles.shape.bytes_of(stored) if isinstance(stored, str) else None
    if not want:
        return None
    previous, hits = chain_of(rows, roles, index) or "", list[Digester]()
    return Target(
        rows[index],
        roles,
        previous,
        roles.shape.bytes_of(previous) or b"",
        _test(want, tried, budget, hits),
        constant(rows),
        frozenset(n for n in rows[index].value if all(row.value.get(n) is None for row in rows)),
        engine_of(roles, tried[0].recipe),
        hits,
        kept,
    )


def _test(
    want: bytes, tried: Sequence[Digester], budget: Budget, hits: list[Digester]
) -> Callable[[bytes], bool]:
    """Return what tells whether one of some digests of bytes is the one that is wanted."""
    ways, size, count = [(each.digest, each) for each in tried], len(want), len(tried)

    def is_right(data: bytes) -> bool:
        budget.left -= count * (1 + len(data) // _LONG)  # a long one costs as much as many
        if budget.left < budget.mark:
            budget.check()
        for digest, each in ways:
            if digest(data)[:size] == want:
                hits.append(each)
                return True
        return False

    return is_right


def constant(rows: Sequence[Row]) -> frozenset[str]:
    """Return the members that say the same in every record, as a header of each line does."""
    first = rows[0].value
    return frozenset(n for n, v in first.items() if all(row.value.get(n) == v for row in rows))


def engine_of(
    roles: Roles,
    recipe: DigestRecipe,
    parts: tuple[Part, ...] = (Previous(),),
    secret: bytes | None = None,
    *,
    begins: str = "",
) -> Engine:
    """Return an engine that renders parts of records, and digests with a key.

    ``begins``: what stands for a previous digest where a chain begins.
    """
    fields = Fields(roles.own, roles.previous)
    genesis = Genesis(value=begins)
    profile = replace(_PROFILE, fields=fields, digest=recipe, preimage=parts, genesis=genesis)
    return Engine(profile, Secrets(secret))


def recipe_of(shape: Shape, algorithm: Algorithm, key: Key | None) -> DigestRecipe:
    """Return how digests of a shape are computed and written."""
    whole = len(digest_of(b"", DigestRecipe(algorithm)))
    length = shape.characters if shape.size < whole else None
    return DigestRecipe(algorithm, shape.encoding, shape.prefix, length, key)
