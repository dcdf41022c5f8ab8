"""The chain profiles that ship with the program, and those that a user brings."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from workbench import resources
from workbench.errors import ProfileError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_yaml import YamlError, load_yaml
from workbench.model.profile import Beginning, ChainProfile, GenesisKind, LineForm
from workbench.model.profile_file import parse_profile
from workbench.model.recipe import (
    FieldText,
    JsonObject,
    JsonStyle,
    Literal,
    Name,
    Part,
    Previous,
    RawLine,
)
from workbench.verify.chain.engine import require_supported


@cache
def shipped() -> tuple[ChainProfile, ...]:
    """Return the profiles that ship with the program, by id."""
    files = sorted(resources.path("profiles").glob("*.yaml"))
    return tuple(sorted((load(file) for file in files), key=lambda profile: profile.id))


def chosen(name: str | None) -> tuple[ChainProfile, ...]:
    """Return the profiles that may be tried: all that ship, or the one that is named.

    Raises:
        SourceError: ``name`` is neither the id of a shipped profile nor a readable file.
        ProfileError: the file cannot be understood.
    """
    if name is None:
        return shipped()
    found = tuple(profile for profile in shipped() if profile.id == name)
    return found or (load(Path(name)),)


def load(path: Path) -> ChainProfile:
    """Return the profile in a file.

    Raises:
        SourceError: the file cannot be read.
        ProfileError: it cannot be understood, or asks for what is not supported yet.
    """
    data = read_whole(single(path), limit=LIMITS.yaml)
    try:
        mapping = load_yaml(data, what=path.name)
    except YamlError as error:
        raise ProfileError(error.message, path=str(path), place=error.place) from error
    profile = parse_profile(mapping, what=path.name, sha256=hashlib.sha256(data).hexdigest())
    require_supported(profile, path.name)
    return profile


def explain(profile: ChainProfile) -> list[str]:
    """Return what a profile says, in plain sentences."""
    fields, digest = profile.fields, profile.digest
    keyed = "HMAC with a shared secret, " if digest.key is not None else ""
    return [
        f"{profile.title} ({profile.id})",
        *([profile.description] if profile.description else []),
        *_origin(profile),
        f"Records lie in the file as {profile.container.kind.value}.",
        f"Each record keeps its digest in {dotted(fields.own)}.",
        f"It keeps the digest of the record before it in {dotted(fields.previous or ())}.",
        f"The digest is {keyed}{digest.algorithm.value}, written as {digest.encoding.value}, over:",
        *(f"  {n}. {line}" for n, line in enumerate(map(part_in_words, profile.preimage), 1)),
        *_order(profile),
        *_beginning(profile),
        *_limits(profile),
        f"The profile file has SHA-256 {profile.sha256}.",
    ]


def dotted(name: Name) -> str:
    """Return where a field lies, in words."""
    return '"' + ".".join(name) + '"'


def part_in_words(part: Part) -> str:
    """Return what a part of a preimage is."""
    prefix = "" if part.length_prefix == "none" else f", after its length ({part.length_prefix})"
    return _bare_part_in_words(part) + prefix


def _bare_part_in_words(part: Part) -> str:
    match part:
        case Previous(form=form):
            return f"the previous digest as {form.value}"
        case Literal(value=value):
            return f"the bytes {value!r}"
        case FieldText(name=name):
            return f"the text of {dotted(name)}"
        case RawLine(own=own):
            return f"the line as it stands, its own digest {own.value}"
        case JsonObject():
            return _json_in_words(part)


def _json_in_words(part: JsonObject) -> str:
    if part.include is not None:
        which = "the members " + ", ".join(part.include)
    elif part.exclude:
        which = "all members but " + ", ".join(part.exclude)
    else:
        which = "all members"
    shape = " within {" + ", ".join(f"{name}: {source}" for name, source in part.wrap) + "}"
    return f"{which}{shape if part.wrap else ''} as JSON ({style_in_words(part.style)})"


def style_in_words(style: JsonStyle) -> str:
    """Return how JSON is written."""
    return ", ".join(
        (
            f"order {style.sort.value}",
            f'separators "{style.item_separator}" and "{style.key_separator}"',
            "ASCII only" if style.ensure_ascii else "characters as they are",
            "nulls kept" if style.keep_nulls else "nulls left out",
            f"numbers {style.numbers.value}",
        )
    )


def _origin(profile: ChainProfile) -> Iterator[str]:
    origin = profile.origin
    if origin.project:
        parts = (origin.project, origin.path, origin.commit, f"licence: {origin.licence}")
        yield "Read from " + ", ".join(part for part in parts if part) + "."


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


def _beginning(profile: ChainProfile) -> Iterator[str]:
    genesis = profile.genesis
    known = f'"{genesis.value}"' if genesis.kind is GenesisKind.TEXT else genesis.kind.value
    yield f"The first record has {known} for a previous digest."
    match genesis.otherwise:
        case Beginning.PRUNED:
            yield "Old records may be pruned: a log may begin in the middle."
        case Beginning.CONTINUED:
            yield "A log may continue the one before it."
        case Beginning.TRUNCATED:
            pass
    if genesis.restarts:
        yield "The writer may start again from there within one file."


def _limits(profile: ChainProfile) -> Iterator[str]:
    if profile.line_form is LineForm.CANONICAL:
        yield "Each line must be its own canonical form, byte for byte."
    for seal in profile.seals:
        yield f"Each record may carry {seal.kind.value} in {dotted(seal.field)}, beside the chain."
    if profile.manifest is not None:
        yield f"A signed manifest in {dotted(profile.manifest.value)} states the last digest."
    if profile.not_covered:
        yield "Not covered by the digest: " + ", ".join(profile.not_covered) + "."


def covered(profile: ChainProfile, names: Iterable[str]) -> frozenset[str]:
    """Return which top-level members of a record the digest covers, its own digest included."""
    found = {profile.fields.own[0]}
    for part in profile.preimage:
        match part:
            case Previous() if profile.fields.previous is not None:
                found.add(profile.fields.previous[0])
            case FieldText(name=name):
                found.add(name[0])
            case RawLine():
                found.update(names)
            case JsonObject():
                found.update(part.include or (n for n in names if n not in part.exclude))
                found.update(s for _, s in part.wrap if not s.startswith("$"))
                if profile.fields.previous and any(s == "$previous" for _, s in part.wrap):
                    found.add(profile.fields.previous[0])
            case _:
                continue
    return frozenset(found)
