"""Links that records do not store, as Python that anyone can run (see ``recipe_line``).

Each record is given the digest of the record of its chain before it, under a name that no JSON has.
"""

from workbench.model.profile import DAY, ChainProfile, GenesisKind
from workbench.model.recipe import Algorithm, JsonObject
from workbench.verify.by_hand import text_of

#: Code for the previous digest that a record was given.
GIVEN = "[None]"


def link_code(profile: ChainProfile) -> list[str] | None:
    """Return the definitions that give each record its link; None where none are short.

    They go on from ``l``, the records, and ``o``, the stored digest of one.
    """
    fields = profile.fields
    genesis = _genesis(profile)
    plain = all(len(name) == 1 and name != DAY for name in fields.partition)
    whole = any(isinstance(p, JsonObject) and p.include is None for p in profile.preimage)
    if genesis is None or not plain or whole or fields.order is not None:
        return None
    parts = "".join(f"J(x.get({text_of(name[0])})), " for name in fields.partition)
    return [
        "J = lambda v: v if isinstance(v, str) else json.dumps(v)",
        f"Q = lambda x: ({parts})",
        f"G = lambda x: {genesis}",
        "B = {}; [(x.update({None: B.get(Q(x), G(x))}), B.update({Q(x): o(x)})) for x in l]",
    ]


def _genesis(profile: ChainProfile) -> str | None:
    """Return code for what the first record of a chain goes on from."""
    genesis = profile.genesis
    match genesis.kind:
        case GenesisKind.TEXT:
            return text_of(genesis.value)
        case GenesisKind.NULL | GenesisKind.ABSENT:
            return "None"
        case GenesisKind.DIGEST_OF if profile.digest.algorithm is Algorithm.SHA256:
            if genesis.as_own or (genesis.field is not None and len(genesis.field) != 1):
                return None
            name = None if genesis.field is None else genesis.field[0]
            tail = (
                ""
                if name is None
                else f" + (lambda v: '' if v is None else J(v))(x.get({text_of(name)}))"
            )
            made = f"hashlib.sha256(({text_of(genesis.value)}{tail}).encode()).hexdigest()"
            return f"{text_of(genesis.prefix)} + {made}"
        case _:
            return None
