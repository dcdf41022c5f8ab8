"""Say in plain sentences what a chain profile says, field by field."""

from collections.abc import Iterator

from workbench.model.profile import (
    Beginning,
    ChainProfile,
    ContainerKind,
    Genesis,
    GenesisKind,
    LineForm,
)
from workbench.model.recipe import (
    DigestRecipe,
    FieldText,
    JsonObject,
    JsonStyle,
    Key,
    KeyEncoding,
    Literal,
    Name,
    Part,
    Previous,
    RawLine,
    Seal,
    SealKind,
    TimeStyle,
)

_CONTAINERS = {
    ContainerKind.JSONL: "One record a line, each a JSON object; a JSON list of them is read too.",
    ContainerKind.JSON_ARRAY: "The records are a list in one JSON document.",
    ContainerKind.CSV: "The records are the rows of a table.",
    ContainerKind.TSV_JSON: "The records are the rows of a table with JSON in a column.",
    ContainerKind.KEY_VALUE: "One record a line, its fields written as name=value.",
    ContainerKind.CEF: "One record a line, in Common Event Format.",
}
_ENCODINGS = {
    KeyEncoding.TEXT: ", whose bytes are taken as they are",
    KeyEncoding.HEX: ", written in hex",
    KeyEncoding.BASE64: ", written in base64",
}
_GENESIS = {
    GenesisKind.NULL: "null",
    GenesisKind.ABSENT: "nothing",
    GenesisKind.ANY: "any value, which is taken as it stands: a cut head cannot be told",
}


def explain(profile: ChainProfile) -> list[str]:
    """Return what a profile says, in plain sentences."""
    digest = profile.digest
    return [
        f"{profile.title} ({profile.id})",
        *([profile.description] if profile.description else []),
        *_origin(profile),
        *_container(profile),
        *_fields(profile),
        *_order(profile),
        *_digest(profile),
        *(f"  {n}. {line}" for n, line in enumerate(map(part_in_words, profile.preimage), 1)),
        *_versions(profile),
        *_keys(digest),
        *_beginning(profile),
        *_limits(profile),
        f"The profile file has SHA-256 {profile.sha256}.",
    ]


def _origin(profile: ChainProfile) -> Iterator[str]:
    origin = profile.origin
    if origin.project:
        licence = f"licence: {origin.licence}" if origin.licence else ""
        parts = (origin.project, origin.path, origin.commit, licence)
        yield "Read from " + ", ".join(part for part in parts if part) + "."


def _container(profile: ChainProfile) -> Iterator[str]:
    container = profile.container
    yield _CONTAINERS[container.kind]
    if container.path:
        yield f"The list is in {dotted(container.path)}."
    if container.entry:
        yield f"Each record is wrapped: it is in {dotted(container.entry)}."
    if container.json_column is not None:
        yield f'The column "{container.json_column}" holds members of the record as JSON.'
    if container.columns:
        yield f"A table without names has these columns: {', '.join(container.columns)}."
    if container.types:
        types = ", ".join(f"{name} ({kind.value})" for name, kind in container.types)
        yield f"Of a table these columns are no plain texts: {types}."


def _fields(profile: ChainProfile) -> Iterator[str]:
    fields = profile.fields
    yield f"Each record keeps its digest in {dotted(fields.own)}."
    if fields.previous is None:
        yield "It does not keep the digest of the record before it: that is taken from there."
    else:
        yield f"It keeps the digest of the record before it in {dotted(fields.previous)}."
    if fields.required:
        yield f"It is recognised by having {_listed(fields.required)} too."
    if fields.partition:
        yield f"Records with one value of {_listed(fields.partition)} are a chain of their own."
    if fields.order is not None:
        yield f"Rows of a table are put in order by {dotted(fields.order)}."


def _listed(names: tuple[Name, ...]) -> str:
    return ", ".join(map(dotted, names))


def dotted(name: Name) -> str:
    """Return where a field lies, in words."""
    return '"' + ".".join(name) + '"'


def _order(profile: ChainProfile) -> Iterator[str]:
    if profile.fields.sequence is not None:
        start = profile.sequence.start
        begin = "" if start is None else f" from {start}"
        gaps = "without gaps" if profile.sequence.gap_free else "perhaps with gaps"
        yield f"Records are numbered in {dotted(profile.fields.sequence)}{begin}, {gaps}."
    else:
        yield "Records carry no number: a deletion cannot be told from a rewriting without anchor."
    if profile.fields.time is not None:
        yield f"Their time is in {dotted(profile.fields.time)}, as claimed."


def _digest(profile: ChainProfile) -> Iterator[str]:
    digest = profile.digest
    if not profile.preimage:
        yield "What the digest is over is not known: it is compared, never recomputed."
        return
    keyed = "HMAC with a shared secret, " if digest.key is not None else ""
    shown = f", with {digest.prefix!r} before it" if digest.prefix else ""
    cut = "" if digest.length is None else f", the first {digest.length} characters of it"
    yield (
        f"The digest is {keyed}{digest.algorithm.value}, written as {digest.encoding.value}"
        f"{shown}{cut}, over:"
    )


def _versions(profile: ChainProfile) -> Iterator[str]:
    if not profile.versions:
        return
    if profile.version_field is not None:
        yield f"{dotted(profile.version_field)} says where an older recipe is meant."
    else:
        yield "Where this does not reproduce a record, older recipes are tried."
    for version in reversed(profile.versions):
        parts = "; ".join(map(part_in_words, version.preimage))
        yield f"The recipe {version.value!r} is over: {parts}."
    yield "An older recipe after a newer one is reported."


def _keys(digest: DigestRecipe) -> Iterator[str]:
    if digest.key is not None:
        yield _key(digest.key, "The secret is given")
    if digest.forward:
        yield (
            "The key goes forward: before each record it is replaced by its SHA-256, and the tag "
            "of the record before is hashed with the record."
        )


def _key(key: Key, what: str) -> str:
    name = "FILE" if key.id is None else f"{key.id}=FILE"
    if key.by is not None:
        name = f"{key.id}-VALUE=FILE, one for each value of {dotted(key.by)}"
    return f"{what} with --secret {name}{_ENCODINGS[key.encoding]}."


def _beginning(profile: ChainProfile) -> Iterator[str]:
    genesis = profile.genesis
    yield f"The first record has {_genesis(genesis)} for a previous digest."
    match genesis.otherwise:
        case Beginning.PRUNED:
            yield "Old records may be pruned: a log may begin in the middle."
        case Beginning.CONTINUED:
            yield "A log may continue the one before it."
        case Beginning.TRUNCATED:
            pass
    if genesis.restarts:
        yield "The writer may start again from there within one file."
    if profile.sections is not None:
        marks = f"{profile.sections.new!r} and {profile.sections.end!r}"
        where = dotted(profile.sections.field)
        yield f"Chains follow each other in one log; {marks} in {where} mark beginning and end."


def _genesis(genesis: Genesis) -> str:
    match genesis.kind:
        case GenesisKind.TEXT:
            return f'"{genesis.value}"'
        case GenesisKind.DIGEST_OF:
            before = f"{genesis.prefix!r} and " if genesis.prefix else ""
            how = ", written as digests are" if genesis.as_own else ""
            return f"{before}the digest of {_genesis_data(genesis)}{how}"
        case GenesisKind.HMAC_OF:
            return f"the HMAC of {_genesis_data(genesis)}"
        case kind:
            return _GENESIS[kind]


def _genesis_data(genesis: Genesis) -> str:
    value = [repr(genesis.value)] if genesis.value or genesis.field is None else []
    return " and ".join([*value, *([dotted(genesis.field)] if genesis.field else [])])


def _limits(profile: ChainProfile) -> Iterator[str]:
    if profile.line_form is LineForm.CANONICAL:
        yield "Each line must be its own canonical form, byte for byte."
    for seal in profile.seals:
        yield from _seal(seal)
    if profile.manifest is not None:
        signed = "signed " if profile.manifest.signature is not None else ""
        where = dotted(profile.manifest.value) if profile.manifest.value else "the document"
        yield f"A {signed}summary in {where} states what there should be."
    if profile.not_covered:
        yield "Not covered by the digest: " + ", ".join(profile.not_covered) + "."


def _seal(seal: Seal) -> Iterator[str]:
    form = "the raw digest" if seal.raw_digest else "the text of the digest"
    over = "; ".join(map(part_in_words, seal.over)) if seal.over else form
    name = "an HMAC" if seal.kind is SealKind.HMAC else "an Ed25519 signature"
    yield f"Each record may carry {name} in {dotted(seal.field)}, over {over}."
    if seal.key is not None:
        yield _key(seal.key, "Its secret is given")
    if seal.signer is not None:
        yield f"{dotted(seal.signer)} names the key of the signature."


def part_in_words(part: Part) -> str:
    """Return what a part of a preimage is."""
    prefix = "" if part.length_prefix == "none" else f", after its length ({part.length_prefix})"
    return _bare_part_in_words(part) + prefix


def _bare_part_in_words(part: Part) -> str:
    match part:
        case Previous(form=form, seed=seed):
            first = "" if seed is None else f", or in the first record the text of {dotted(seed)}"
            return f"the previous digest as {form.value}{first}"
        case Literal(value=value):
            return f"the bytes {value!r}"
        case FieldText(name=name, rendering=rendering):
            null = f" (null counts as {rendering.null!r})" if rendering.null else ""
            time = "" if rendering.time is None else f", a time {_time(rendering.time)}"
            return f"the text of {dotted(name)}{null}{time}"
        case RawLine(own="up-to"):
            return "the line as it stands, up to its own digest"
        case RawLine(own=own):
            return f"the line as it stands, its own digest {own.value}"
        case JsonObject():
            return _json_in_words(part)


def _time(style: TimeStyle) -> str:
    match style.unit:
        case "iso":
            digits = f"{style.digits} digits of a second"
            return f"as date{style.separator}time{style.zone} with {digits}"
        case "python" | "python-utc":
            return "as Python writes it" + (" in UTC" if style.unit == "python-utc" else "")
        case "decimal":
            return f"in seconds since 1970 with {style.digits} digits"
        case unit:
            return f"in {unit} since 1970"


def _json_in_words(part: JsonObject) -> str:
    if part.include is not None:
        which = "the members " + ", ".join(part.include)
    elif part.exclude:
        which = "all members but " + ", ".join(part.exclude)
    else:
        which = "all members"
    shape = " within {" + ", ".join(f"{name}: {source}" for name, source in part.wrap) + "}"
    times = "".join(f", {name} {_time(style)}" for name, style in part.times)
    style = style_in_words(part.style)
    return f"{which}{shape if part.wrap else ''} as JSON ({style}{times})"


def style_in_words(style: JsonStyle) -> str:
    """Return how JSON is written."""
    nested = ("members within members only if called as one of the top",) if style.listed else ()
    return ", ".join(
        (
            f"order {style.sort.value}",
            f'separators "{style.item_separator}" and "{style.key_separator}"',
            "ASCII only" if style.ensure_ascii else "characters as they are",
            "nulls kept" if style.keep_nulls else "nulls left out",
            f"numbers {style.numbers.value}",
            *nested,
        )
    )
