"""Read a chain profile from what its YAML file says, strictly.

Whatever is unknown, of the wrong kind, missing or contradictory is a ``ProfileError`` that
names the place by its path: a recipe that is half understood would judge logs by half.
"""

from workbench.model.profile import (
    DAY,
    Beginning,
    ChainProfile,
    ColumnType,
    Container,
    ContainerKind,
    Fields,
    Genesis,
    GenesisKind,
    LineForm,
    Manifest,
    Origin,
    Sections,
    Sequence,
    Version,
)
from workbench.model.profile_node import Node
from workbench.model.recipe import (
    Algorithm,
    DigestRecipe,
    Encoding,
    FieldText,
    JsonObject,
    JsonStyle,
    Key,
    KeyEncoding,
    LengthPrefix,
    Literal,
    Missing,
    Name,
    Numbers,
    OwnField,
    Part,
    Previous,
    PreviousForm,
    RawLine,
    Rendering,
    Seal,
    SealKind,
    Sort,
    TimeStyle,
)

_UNITS = ("iso", "python", "python-utc", "s", "ms", "us", "ns", "decimal")


def parse_profile(mapping: object, *, what: str, sha256: str) -> ChainProfile:
    """Return the profile that a file describes.

    Args:
        mapping: the loaded YAML; all scalars are text.
        what: name of the file, for messages.
        sha256: lower hex digest of the file's bytes.

    Raises:
        ProfileError: something is unknown, of the wrong kind, missing or contradictory.
    """
    root = Node(mapping, "", what)
    digest = _digest(root.node("digest"))
    profile = ChainProfile(
        id=root.text("id"),
        title=root.text("title"),
        description=root.text("description", ""),
        origin=_origin(root.node("origin")),
        sha256=sha256,
        container=_container(root.node("container")),
        fields=_fields(root.node("fields")),
        digest=digest,
        preimage=_parts(root, "preimage"),
        genesis=_genesis(root.node("genesis")),
        sequence=_sequence(root.node("sequence")),
        line_form=root.choice("line_form", LineForm.FREE),
        clock_tolerance=_or(root.number("clock_tolerance"), 300),
        seals=tuple(_seal(node) for node in root.nodes("seals")),
        manifest=_manifest(root.node("manifest")) if root.has("manifest") else None,
        version_field=root.maybe_name("version_field"),
        versions=tuple(_version(node) for node in root.nodes("versions")),
        not_covered=root.texts("not_covered"),
        sections=_sections(root.node("sections")) if root.has("sections") else None,
    )
    root.done()
    _require_sense(profile, root)
    return profile


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _origin(node: Node) -> Origin:
    origin = Origin(
        node.text("project", ""),
        node.text("path", ""),
        node.text("commit", ""),
        node.text("licence", ""),
    )
    node.done()
    return origin


def _container(node: Node) -> Container:
    container = Container(
        kind=node.choice("kind", ContainerKind.JSONL),
        path=_maybe_path(node, "path"),
        delimiter=node.text("delimiter", ","),
        columns=node.texts("columns"),
        json_column=node.maybe("json_column"),
        entry=_maybe_path(node, "entry"),
        types=_types(node),
    )
    node.done()
    return container


def _types(node: Node) -> tuple[tuple[str, ColumnType], ...]:
    if not node.has("types"):
        return ()
    below = node.node("types")
    return tuple((name, below.choice(name, ColumnType.TEXT)) for name in below.members())


def _maybe_path(node: Node, key: str) -> Name:
    return node.maybe_name(key) or ()


def _fields(node: Node) -> Fields:
    fields = Fields(
        own=node.name("own"),
        previous=node.maybe_name("previous"),
        sequence=node.maybe_name("sequence"),
        time=node.maybe_name("time"),
        partition=node.names("partition"),
        order=node.maybe_name("order"),
        required=node.names("required"),
    )
    node.done()
    return fields


def _sequence(node: Node) -> Sequence:
    sequence = Sequence(node.number("start"), node.flag("gap_free", default=True))
    node.done()
    return sequence


def _digest(node: Node) -> DigestRecipe:
    digest = DigestRecipe(
        algorithm=node.choice("algorithm", Algorithm.SHA256),
        encoding=node.choice("encoding", Encoding.HEX),
        prefix=node.text("prefix", ""),
        length=node.number("length"),
        key=_key(node),
        forward=node.flag("forward", default=False),
    )
    if digest.forward and digest.key is None:
        raise node.error("needs a key: it is the key that goes forward", "forward")
    if digest.length is not None and digest.length < 16:
        raise node.error("keeps too little of the digest to prove anything", "length")
    node.done()
    return digest


def _key(node: Node) -> Key | None:
    if not node.has("key"):
        return None
    below = node.node("key")
    encoding = below.choice("encoding", KeyEncoding.TEXT)
    key = Key(below.maybe("id"), encoding, below.maybe_name("by"))
    if key.by is not None and key.id is None:
        raise below.error("needs an id, as the log has several secrets", "by")
    below.done()
    return key


def _genesis(node: Node) -> Genesis:
    genesis = Genesis(
        kind=node.choice("kind", GenesisKind.TEXT),
        value=node.text("value", ""),
        field=node.maybe_name("field"),
        prefix=node.text("prefix", ""),
        as_own=node.flag("as_own", default=False),
        otherwise=node.choice("otherwise", Beginning.TRUNCATED),
        restarts=node.flag("restarts", default=False),
    )
    digested = genesis.kind is GenesisKind.DIGEST_OF
    if genesis.as_own and (genesis.prefix or not digested):
        raise node.error("is for a digest-of without a prefix of its own", "as_own")
    if genesis.prefix and not digested:
        raise node.error("is for a digest-of", "prefix")
    if genesis.field is not None and not digested and genesis.kind is not GenesisKind.HMAC_OF:
        raise node.error("is for a digest-of or an hmac-of", "field")
    node.done()
    return genesis


def _seal(node: Node) -> Seal:
    seal = Seal(
        kind=node.choice("kind", SealKind.HMAC),
        field=node.name("field"),
        over=_parts(node, "over"),
        raw_digest=node.flag("raw_digest", default=False),
        encoding=node.choice("encoding", Encoding.HEX),
        key=_key(node),
        signer=node.maybe_name("signer"),
    )
    node.done()
    return seal


def _sections(node: Node) -> Sections:
    sections = Sections(node.name("field"), node.text("new"), node.text("end"))
    node.done()
    return sections


def _manifest(node: Node) -> Manifest:
    manifest = Manifest(
        value=_maybe_path(node, "value"),
        signature=node.maybe_name("signature"),
        head=node.maybe_name("head"),
        style=_style(node.node("style")),
        count=node.maybe_name("count"),
        first=node.maybe_name("first"),
        last=node.maybe_name("last"),
        public_key=node.maybe_name("public_key"),
        anchor=node.maybe_name("anchor"),
        text_root=node.maybe_name("text_root"),
    )
    node.done()
    return manifest


def _version(node: Node) -> Version:
    digest = _digest(node.node("digest")) if node.has("digest") else None
    version = Version(node.text("value"), digest, _parts(node, "preimage"))
    if not version.preimage:
        raise node.error("is missing or empty", "preimage")
    node.done()
    return version


def _parts(node: Node, key: str) -> tuple[Part, ...]:
    return tuple(_part(below) for below in node.nodes(key))


def _part(node: Node) -> Part:
    kind = node.only()
    below = node.node(kind)
    prefix = below.choice("length_prefix", LengthPrefix.NONE)
    part: Part
    match kind:
        case "previous":
            form = below.choice("form", PreviousForm.TEXT)
            part = Previous(form, prefix, below.maybe_name("seed"))
        case "literal":
            part = Literal(_literal(below), prefix)
        case "field":
            part = FieldText(below.name("name"), _rendering(below), prefix)
        case "raw_line":
            part = RawLine(below.choice("own", OwnField.REMOVED), prefix)
        case "json":
            part = _json(below, prefix)
        case _:
            raise node.error("is no part of a preimage", kind)
    below.done()
    return part


def _literal(node: Node) -> bytes:
    if not node.has("hex"):
        return node.text("text").encode()
    try:
        return bytes.fromhex(node.text("hex"))
    except ValueError:
        raise node.error("must be hex digits", "hex") from None


def _rendering(node: Node) -> Rendering:
    if not node.has("time"):
        return Rendering(node.text("null", ""))
    return Rendering(node.text("null", ""), _time_style(node.node("time")))


def _time_style(below: Node) -> TimeStyle:
    style = TimeStyle(
        below.text("unit", "iso"),
        _or(below.number("digits"), 6),
        below.text("zone", "Z"),
        below.text("separator", "T"),
    )
    if style.unit not in _UNITS:
        raise below.error(f"must be one of {', '.join(_UNITS)}", "unit")
    below.done()
    return style


def _json(node: Node, prefix: LengthPrefix) -> JsonObject:
    if node.has("include") and node.has("exclude"):
        raise node.error("cannot both include and exclude")
    return JsonObject(
        include=node.texts("include") if node.has("include") else None,
        exclude=node.texts("exclude"),
        missing=node.choice("missing", Missing.REFUSED),
        rename=node.pairs("rename"),
        wrap=node.pairs("wrap"),
        style=_style(node.node("style")),
        length_prefix=prefix,
        times=_times(node),
    )


def _times(node: Node) -> tuple[tuple[str, TimeStyle], ...]:
    if not node.has("times"):
        return ()
    below = node.node("times")
    return tuple((name, _time_style(below.node(name))) for name in below.members())


def _style(node: Node) -> JsonStyle:
    style = JsonStyle(
        sort=node.choice("sort", Sort.CODE_POINT),
        item_separator=node.text("item_separator", ","),
        key_separator=node.text("key_separator", ":"),
        ensure_ascii=node.flag("ensure_ascii", default=True),
        keep_nulls=node.flag("keep_nulls", default=True),
        numbers=node.choice("numbers", Numbers.PYTHON),
        listed=node.flag("listed", default=False),
    )
    node.done()
    return style


def _require_sense(profile: ChainProfile, root: Node) -> None:
    """Raise for what contradicts itself."""
    if not (profile.preimage or profile.seals):
        raise root.error("is missing or empty", "preimage")
    if profile.version_field is not None and not profile.versions:
        raise root.error("needs both versions and version_field, or neither", "versions")
    if profile.sequence.start is not None and profile.fields.sequence is None:
        raise root.error("has a start, but fields.sequence names no field", "sequence")
    if DAY in profile.fields.partition and profile.fields.time is None:
        raise root.error("has a chain a day, but names no time", "fields.partition")
    if profile.manifest is not None and not profile.container.path:
        raise root.error("needs container.path: the records lie beside it", "manifest")
    if profile.line_form is LineForm.CANONICAL and not _one_json(profile):
        raise root.error("can be canonical only over one JSON part", "line_form")
    if profile.preimage and not (profile.digest.forward or _covers_previous(profile)):
        raise root.error("covers no previous digest: that is no chain", "preimage")


def _one_json(profile: ChainProfile) -> bool:
    """Tell whether the digest is over the whole record as JSON, but for the digest itself."""
    part = profile.preimage[0]
    if len(profile.preimage) != 1 or not isinstance(part, JsonObject):
        return False
    return part.style.keep_nulls and part == JsonObject(
        exclude=profile.fields.own, style=part.style
    )


def _covers_previous(profile: ChainProfile) -> bool:
    """Tell whether some part of the preimage holds the previous digest."""
    previous = profile.fields.previous
    for part in profile.preimage:
        match part:
            case Previous():
                return True
            case RawLine() if previous is not None:
                return True
            case FieldText(name=name) if name == previous:
                return True
            case JsonObject() if _in_object(part, previous):
                return True
            case _:
                continue
    return False


def _in_object(part: JsonObject, previous: Name | None) -> bool:
    if any(source == "$previous" for _, source in part.wrap):
        return True
    if previous is None:
        return False
    if part.include is not None:
        return previous[0] in part.include
    return previous[0] not in part.exclude
