"""One record whose digest is to be reproduced, and the count of what was tried on it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.model.profile import ChainProfile, Container, Fields, Origin
from workbench.model.recipe import Algorithm, DigestRecipe, Key, Part, Previous
from workbench.verify.chain.digests import digest_of, hasher
from workbench.verify.chain.engine import Engine, Secrets
from workbench.verify.infer.roles import Roles, chain_of
from workbench.verify.infer.rows import Row, Shape

#: What may stand between parts that are joined, the likeliest first.
SEPARATORS = (
    b"", b"|", b":", b"\n", b",", b";", b" ", b".", b"-", b"_", b"/", b"::", b"||", b"\t",
    b"\x00", b"\x1f", b"\x1e", b"~", b"#", b"&",
)  # fmt: skip
_BY_SIZE = {
    32: (Algorithm.SHA256, Algorithm.SHA3_256, Algorithm.BLAKE2S, Algorithm.BLAKE3),
    64: (Algorithm.SHA512, Algorithm.BLAKE2B),
}


_PROFILE = ChainProfile(
    "", "", "", Origin(""), "", Container(), Fields(()), DigestRecipe(), (Previous(),)
)


class Exhausted(Exception):  # noqa: N818 - no error: the search has an end
    """As many preimages were tried as may be tried."""


def algorithms(size: int) -> tuple[Algorithm, ...]:
    """Return the algorithms whose digests have so many bytes; all, where it is part of one."""
    return _BY_SIZE.get(size, tuple(Algorithm))


@dataclass(slots=True)
class Target:
    """A record, and a test whether bytes are its preimage.

    Attributes:
        row: the record.
        roles: what its fields are.
        previous: the previous digest as text, "" where there is none.
        raw_previous: the bytes of it.
        is_right: tells whether bytes are what the stored digest is over.
        engine: renders parts of the record as a profile would.
    """

    row: Row
    roles: Roles
    previous: str
    raw_previous: bytes
    is_right: Callable[[bytes], bool]
    engine: Engine

    def part(self, part: Part) -> bytes:
        """Return the bytes of a part of this record.

        Raises:
            UnrenderableError: it has no such part.
        """
        record = self.engine.placed(dict(self.row.value), self.previous)
        return self.engine.part(part, record, self.row.raw)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members of the record beside its own digest, in the order of the file."""
        return tuple(name for name in self.row.value if (name,) != self.roles.own)


def target(
    rows: Sequence[Row],
    index: int,
    roles: Roles,
    algorithm: Algorithm,
    *,
    secret: bytes | None,
    budget: list[int],
) -> Target | None:
    """Return a record as a target; None where it has no digest.

    Args:
        rows: the records.
        index: which of them.
        roles: what the fields are.
        algorithm: what to hash with.
        secret: key of an HMAC, or None.
        budget: how many preimages may still be tried, in one box for all targets.
    """
    stored = rows[index].value.get(roles.own[-1])
    want = roles.shape.bytes_of(stored) if isinstance(stored, str) else None
    if not want:
        return None
    previous = chain_of(rows, roles, index) or ""
    recipe = recipe_of(roles.shape, algorithm, Key() if secret is not None else None)
    return Target(
        rows[index],
        roles,
        previous,
        roles.shape.bytes_of(previous) or b"",
        _test(want, recipe, secret, budget),
        engine_of(roles, recipe),
    )


def engine_of(
    roles: Roles,
    recipe: DigestRecipe,
    parts: tuple[Part, ...] = (Previous(),),
    secret: bytes | None = None,
) -> Engine:
    """Return an engine that renders parts of records, and digests with a key."""
    fields = Fields(roles.own, roles.previous)
    profile = replace(_PROFILE, fields=fields, digest=recipe, preimage=parts)
    return Engine(profile, Secrets(secret))


def recipe_of(shape: Shape, algorithm: Algorithm, key: Key | None) -> DigestRecipe:
    """Return how digests of a shape are computed and written."""
    whole = len(digest_of(b"", DigestRecipe(algorithm)))
    length = shape.characters if shape.size < whole else None
    return DigestRecipe(algorithm, shape.encoding, shape.prefix, length, key)


def _test(
    want: bytes, recipe: DigestRecipe, secret: bytes | None, budget: list[int]
) -> Callable[[bytes], bool]:
    digest, size = hasher(recipe, secret), len(want)
    if secret is None and recipe.algorithm is Algorithm.SHA256 and size == 32:
        sha256 = hashlib.sha256

        def is_usual(data: bytes) -> bool:
            budget[0] -= 1
            if budget[0] < 0:
                raise Exhausted
            return sha256(data).digest() == want

        return is_usual

    def is_right(data: bytes) -> bool:
        budget[0] -= 1
        if budget[0] < 0:
            raise Exhausted
        return digest(data)[:size] == want

    return is_right
