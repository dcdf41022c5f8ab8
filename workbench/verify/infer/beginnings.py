"""What the first records of chains have for a previous digest, as logs are seen to begin."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from workbench.model.profile import Beginning, Genesis, GenesisKind
from workbench.verify.chain.digests import digest_of, encode, tag_of
from workbench.verify.chain.members import genesis_data
from workbench.verify.infer.found import Found
from workbench.verify.infer.refine import Judge
from workbench.verify.infer.roles import Roles
from workbench.verify.infer.rows import Row

#: What logs are seen to begin with where no previous digest is stored, the likeliest first.
_BEGINNINGS = ("", "0" * 64, "GENESIS", "genesis", "0", "null", "root", "0" * 128, "0" * 40)
#: What is digested, before the name of the chain or alone, for a first previous digest.
_SEEDS = ("", "GENESIS", "GENESIS_", "GENESIS:", "genesis", "genesis_", "genesis:")
_PREFIXES = ("", "GENESIS_", "GENESIS:")


def derived(roles: Roles, found: Found) -> Iterator[Genesis]:
    """Yield beginnings that are digests or tags of the name of a chain, or of a constant."""
    some = digest_of(b"some digest with letters", found.refined.recipe)
    plain = encode(some, found.refined.recipe) == encode(some)
    for field in (*roles.partition, None):
        for value in _SEEDS if field else _SEEDS[1:]:
            if not plain:  # first: where links are hashed as bytes, the other would do here as well
                yield Genesis(GenesisKind.DIGEST_OF, value, field, as_own=True)
            for prefix in _PREFIXES:
                yield Genesis(GenesisKind.DIGEST_OF, value, field, prefix)
    for field in (*roles.partition, None) if found.key is not None else ():
        for value in _SEEDS if field else _SEEDS[1:]:
            yield Genesis(GenesisKind.HMAC_OF, value, field)


def begins(genesis: Genesis, row: Row, found: Found) -> str:
    """Return the previous digest of a first record."""
    recipe = found.refined.recipe
    if genesis.kind is GenesisKind.TEXT:
        return genesis.value
    data = genesis_data(genesis, row.value)
    if genesis.kind is GenesisKind.HMAC_OF:
        return encode(tag_of(data, found.key or b"", recipe), recipe)
    return genesis.prefix + encode(digest_of(data, recipe), recipe if genesis.as_own else None)


def unstored(rows: Sequence[Row], found: Found, firsts: Sequence[int]) -> Genesis:
    """Return what first records have for a previous digest, where none is stored."""
    recipes = filter(None, (found.older, found.refined))
    judges = [Judge(found.roles, each.parts, each.recipe, found.key) for each in recipes]
    shape = found.roles.shape
    zeros = bytes(len(digest_of(b"", found.refined.recipe)))
    own = (encode(zeros, found.refined.recipe), shape.prefix + "0" * shape.characters)
    texts = (Genesis(GenesisKind.TEXT, text) for text in dict.fromkeys((*_BEGINNINGS, *own)))
    for genesis in chain(texts, derived(found.roles, found)):
        starts = [(n, begins(genesis, rows[n], found)) for n in firsts]
        right = [any(j.is_right(rows, n, previous=text) for j in judges) for n, text in starts]
        if any(right):
            # Where most chains begin elsewhere, so may the one that is not reproduced.
            few = 2 * sum(right) < len(right)
            return replace(genesis, otherwise=Beginning.CONTINUED) if few else genesis
    return Genesis(GenesisKind.ANY, otherwise=Beginning.CONTINUED)
