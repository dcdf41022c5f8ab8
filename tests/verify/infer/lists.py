"""What a declarative chain profile must express, as lists of options; recipes drawn from them.

Every list is drawn from uniformly and independently of the others; what contradicts itself is
rejected, with the reason. Nothing here is known to the product.
"""

from dataclasses import dataclass, field
from random import Random

CONTAINERS = (
    "jsonl", "array", "under entries", "under events", "under records", "csv", "tsv with json",
    "key=value", "cef", "payload in entry", "record in envelope",
)  # fmt: skip
PARTITIONS = (None, "tenant", "agent", "user", "structure", "day")
ALGORITHMS = ("sha256", "sha3-256", "sha512", "blake2b", "blake2s", "blake3")
KEYS = (None, "text", "hex", "base64")
ENCODINGS = ("hex", "upper-hex", "base64")
PREFIXES = ("", "0x", "named")
DISPLAYS = ("whole", "cut and linked so", "cut for display")
SHAPES = ("fields", "json", "line")
FORMS = ("text", "raw")
PLACES = ("before", "after", "inside", "before and inside", "after and inside")
SEPARATORS = ("", "|", ":", "\n", ",", ";", " ", ".", "-", "_", "\t", "::", "||")
ORDERS = ("file", "sorted", "declared")
MEMBERS = ("include", "exclude", "wrapped")
SORTS = ("code-point", "utf16", "top-level", "declared", "file")
NUMBERS = ("python", "ecmascript", "integral-to-int", "as-spelled")
NULLS = ("", "NULL", "null")
TIMES = (
    "s", "ms", "ns", "T.3.Z", "T.6.Z", "T.3.+00:00", "T.6.+00:00", " .3.Z", " .6.Z",
    " .3.+00:00", " .6.+00:00",
)  # fmt: skip
MEASURES = (None, "netstring", "u32be")
GENESES = (
    "", "null", "absent", "GENESIS", "genesis", "64 zeros", "raw zeros", "custom", "of tenant",
    "tag of constant", "random", "continues",
)  # fmt: skip
VERSIONS = (None, "field", "tried")
SIGNATURES = (None, "hmac of digest", "ed25519 of raw digest", "checkpoint")
OWN = ("hash", "entry_hash", "log_digest", "integrity", "h", "chainHash", "record_hash")
PREVIOUS = ("prev_hash", "previous", "parent_digest", "prevHash", "last", "p", "previous_hash")
WRAPS = (
    ("prev", "payload"), ("prev_hash", "data"), ("previous_hash", "entry"), ("prevHash", "event"),
    ("parent", "record"), ("previous", "body"), ("last_hash", "content"),
)  # fmt: skip
OPTIONAL = (
    "actor", "action", "object", "outcome", "session", "reason", "amount", "retries", "approved",
    "detail", "tags", "ip",
)  # fmt: skip
#: Lines of text hold texts and no objects, and tell no null from what is left out.
TEXTS = frozenset({"key=value", "cef"})
TABLES = frozenset({"csv", "tsv with json"})


class RejectedError(Exception):
    """A draw that cannot be a chain, and why."""


@dataclass(frozen=True)
class Fields:
    """Fields joined: names, what stands between them or their lengths before each."""

    names: tuple[tuple[str, ...], ...]
    separator: str
    null: str
    time: str | None
    measure: str | None
    measured_link: bool
    mark: bytes


@dataclass(frozen=True)
class Json:
    """Members as JSON: which, in which order and style."""

    members: str
    names: tuple[str, ...]
    sort: str
    item: str
    key: str
    ascii_only: bool
    keep_nulls: bool
    numbers: str
    wrap: tuple[tuple[str, str], ...]
    place: int


@dataclass(frozen=True)
class Preimage:
    """From what one digest is computed."""

    shape: str
    form: str
    place: str
    fields: Fields
    json: Json
    own: str

    @property
    def inside(self) -> bool:
        """Tell whether the previous digest stands among the members or in the line."""
        return "inside" in self.place


@dataclass(frozen=True)
class Recipe:
    """A recipe, and how its log lies in a file."""

    container: str
    own: str
    previous: str
    stored: bool
    start: int | None
    gaps: bool
    partition: str | None
    shuffled: bool
    algorithm: str
    key: str | None
    encoding: str
    prefix: str
    length: int | None
    genesis: str
    version: str | None
    signature: str | None
    members: tuple[str, ...]
    preimages: tuple[Preimage, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the top-level members beside own and previous digest, in the order of the file."""
        chain = ["seq"] if self.start is not None else []
        chain += ["v"] if self.version == "field" else []
        chain += [self.partition] if self.partition not in {None, "day"} else []  # type: ignore[list-item]
        if self.container == "payload in entry":
            return (*chain, "entry")
        return (*chain, "ts", *self.members)

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Return where every field lies, those within the payload too."""
        below = [("entry", name) for name in ("ts", *self.members)]
        return tuple(p for n in self.names for p in (below if n == "entry" else [(n,)]))


def draw_recipe(random: Random) -> Recipe:
    """Return a recipe drawn from the lists.

    Raises:
        RejectedError: what was drawn contradicts itself.
    """
    choice, container = random.choice, random.choice(CONTAINERS)
    members = OPTIONAL if container not in TEXTS else [*OPTIONAL[:6], "ip"]
    algorithm, prefix = choice(ALGORITHMS), choice(PREFIXES)
    display = choice(DISPLAYS)
    recipe = Recipe(
        container,
        choice(OWN),
        choice(PREVIOUS),
        choice((True, False)),
        choice((None, 0, 1)),
        choice((True, False)),
        choice(PARTITIONS),
        choice((True, False)),
        algorithm,
        choice(KEYS),
        choice(ENCODINGS),
        f"{algorithm}:" if prefix == "named" else prefix,
        None if display == "whole" else choice((16, 32, 40)),
        choice(GENESES),
        choice(VERSIONS),
        choice(SIGNATURES),
        tuple(sorted(random.sample(members, random.randint(3, 6)), key=OPTIONAL.index)),
    )
    _require_one_chain(recipe, display)
    count = 1 if recipe.version is None else 2
    preimages = tuple(_preimage(random, recipe) for _ in range(count))
    return Recipe(**{**vars(recipe), "preimages": preimages})


def _require_one_chain(recipe: Recipe, display: str) -> None:
    texts, link = recipe.container in TEXTS, recipe.genesis
    refused = {
        "the next record is over digits that the export does not show":
            display == "cut for display",
        "no HMAC over BLAKE3 is defined": recipe.key is not None and recipe.algorithm == "blake3",
        "0x is no mark of base64": recipe.prefix == "0x" and recipe.encoding == "base64",
        "lines and elements stand in the order of their chain":
            recipe.shuffled and recipe.container not in TABLES,
        "rows in another order have nothing that puts them in order":
            recipe.shuffled and recipe.start is None,
        "a genesis by tenant needs a partition":
            link == "of tenant" and recipe.partition in {None, "day"},
        "a genesis that is a tag needs a key": link == "tag of constant" and recipe.key is None,
        "a line of text has no null": texts and link == "null" and recipe.stored,
        "a table has no member that is absent": recipe.container in TABLES and link == "absent",
        "a link that is not stored is not null": not recipe.stored and link in {"null", "absent"},
        "gaps need numbers": recipe.gaps and recipe.start is None,
    }  # fmt: skip
    for reason, is_so in refused.items():
        if is_so:
            raise RejectedError(reason)


def _preimage(random: Random, recipe: Recipe) -> Preimage:
    choice = random.choice
    shape = choice(SHAPES)
    made = Preimage(
        shape,
        choice(FORMS),
        choice(PLACES),
        _fields(random, recipe),
        _json(random, recipe),
        choice(("removed", "blanked")),
    )
    _require_preimage(recipe, made)
    return made


def _fields(random: Random, recipe: Recipe) -> Fields:
    choice, paths = random.choice, list(recipe.paths)
    chosen = random.sample(paths, random.randint(2, min(6, len(paths))))
    order = choice(ORDERS)
    if order == "file":
        chosen.sort(key=paths.index)
    elif order == "sorted":
        chosen.sort()
    measure = choice(MEASURES)
    return Fields(
        tuple(chosen),
        choice(SEPARATORS) if measure is None else "",
        choice(NULLS),
        choice((None, choice(TIMES))),
        measure,
        choice((True, False)),
        choice((b"", b"\x00", b"\x01")) if measure else b"",
    )


def _json(random: Random, recipe: Recipe) -> Json:
    choice, names = random.choice, list(recipe.names)
    members, wrap = choice(MEMBERS), list(zip(choice(WRAPS), ("$previous", "$rest"), strict=True))
    random.shuffle(wrap)
    if members == "include":
        listed = random.sample(names, random.randint(min(2, len(names)), len(names)))
    else:
        listed = random.sample(names, random.randint(0, min(3, len(names) - 1)))
    return Json(
        members,
        tuple(listed),
        choice(SORTS),
        choice((",", ", ")),
        choice((":", ": ")),
        choice((True, False)),
        choice((True, False)),
        choice(NUMBERS),
        tuple(wrap) if members == "wrapped" else (),
        random.randrange(12),
    )


def _require_preimage(recipe: Recipe, made: Preimage) -> None:
    json = made.shape == "json"
    bare = made.place == "inside" or (json and made.json.wrap)
    raw = made.form == "raw" and not bare
    refused = {
        "a link among the members is that which the record stores":
            made.inside and not recipe.stored and not (json and made.json.wrap),
        "joined fields have no inside": made.inside and made.shape == "fields",
        "a list of what is left out declares no order":
            json and made.json.sort == "declared" and made.json.members == "exclude",
        "a row of a table is no line that is hashed":
            made.shape == "line" and recipe.container in TABLES,
        "a line of text has no member that is blanked":
            made.shape == "line" and recipe.container in TEXTS and made.own == "blanked",
        "a line holds the link that the record stores":
            made.shape == "line" and recipe.stored and not made.inside,
        "a record in an envelope is no line":
            made.shape == "line" and "envelope" in recipe.container,
        "a line that is hashed has no signature that was added to it later":
            made.shape == "line" and str(recipe.signature).startswith(("hmac", "ed25519")),
        "text is no bytes of a digest": raw and not _is_raw(recipe),
        "wrapped members hold the link": json and bool(made.json.wrap) and made.place != "inside",
        "raw bytes are no member": made.form == "raw" and bool(bare),
    }  # fmt: skip
    for reason, is_so in refused.items():
        if is_so:
            raise RejectedError(reason)


def _is_raw(recipe: Recipe) -> bool:
    """Tell whether what stands for the first previous digest has bytes."""
    if recipe.encoding == "base64" and recipe.genesis == "64 zeros":
        return False
    return recipe.genesis not in {"GENESIS", "genesis", "custom"}
