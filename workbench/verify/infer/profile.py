"""The recipe that was found as a chain profile, and as the file that the auditor can keep."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.model.profile import (
    Beginning,
    ChainProfile,
    Container,
    Fields,
    Genesis,
    GenesisKind,
    Origin,
    get,
)
from workbench.model.profile import Sequence as Numbering
from workbench.model.profile_file import parse_profile
from workbench.model.recipe import (
    DigestRecipe,
    FieldText,
    JsonObject,
    JsonStyle,
    Key,
    LengthPrefix,
    Literal,
    Name,
    Part,
    Previous,
    RawLine,
)
from workbench.verify.infer.refine import Judge
from workbench.verify.infer.roles import chain_of
from workbench.verify.infer.rows import Row, shape_of
from workbench.verify.infer.search import Found

#: What logs are seen to begin with where no previous digest is stored, the likeliest first.
_BEGINNINGS = ("", "0" * 64, "GENESIS", "genesis", "0", "null", "root", "0" * 128, "0" * 40)
Tree = str | list["Tree"] | dict[str, "Tree"]


def profile_of(
    rows: Sequence[Row], found: Found, container: Container, *, name: str, secret: bytes | None
) -> tuple[ChainProfile, bytes]:
    """Return the recipe as a profile, and the file that says the same.

    Args:
        rows: the records it was found on.
        found: the recipe.
        container: how the records lie in the file.
        name: how to call the profile.
        secret: the key of an HMAC, to find the beginning of a chain, or None.
    """
    roles = found.roles
    recipe = found.refined.recipe
    key = Key(name) if recipe.key is not None else None
    fields = Fields(
        roles.own, roles.previous, roles.sequence, roles.time, partition=roles.partition
    )
    made = ChainProfile(
        name,
        f"Recipe found by search ({name})",
        f"Found by search: it reproduces {sum(found.refined.right):,} of {len(rows):,} records.",
        Origin("found by search in the log itself"),
        "",
        container,
        fields,
        replace(recipe, key=key),
        found.refined.parts,
        _genesis(rows, found, secret),
        _numbering(rows, found),
    )
    text = file_of(made)
    sha256 = hashlib.sha256(text).hexdigest()
    return parse_profile(tree_of(made), what=f"{name}.yaml", sha256=sha256), text


def _genesis(rows: Sequence[Row], found: Found, secret: bytes | None) -> Genesis:
    """Return what the first records of the chains have for a previous digest."""
    firsts = [n for n, before in enumerate(found.roles.before) if before < 0]
    if found.roles.previous is None:
        return _unstored(rows, found, firsts, secret)
    values = {chain_of(rows, found.roles, n) for n in firsts}
    if values == {None}:
        names = [get(rows[n].value, found.roles.previous[:-1]) for n in firsts]
        there = any(isinstance(n, Mapping) and found.roles.previous[-1] in n for n in names)
        return Genesis(GenesisKind.NULL if there else GenesisKind.ABSENT)
    stated = next(iter(values)) if len(values) == 1 else None
    shape = shape_of(stated)
    if stated is not None and (shape is None or len(set(stated[len(shape.prefix) :])) == 1):
        return Genesis(GenesisKind.TEXT, stated)
    return Genesis(GenesisKind.ANY, otherwise=Beginning.CONTINUED)


def _unstored(
    rows: Sequence[Row], found: Found, firsts: Sequence[int], secret: bytes | None
) -> Genesis:
    judge = Judge(found.roles, found.refined.parts, found.refined.recipe, secret)
    for text in _BEGINNINGS:
        if firsts and judge.is_right(rows, firsts[0], previous=text):
            return Genesis(GenesisKind.TEXT, text)
    return Genesis(GenesisKind.ANY, otherwise=Beginning.CONTINUED)


def _numbering(rows: Sequence[Row], found: Found) -> Numbering:
    """Return where numbers start, if all chains start alike, and whether there are gaps."""
    roles = found.roles
    if roles.sequence is None:
        return Numbering()
    numbers = [_number(get(row.value, roles.sequence)) for row in rows]
    starts = {numbers[n] for n, before in enumerate(roles.before) if before < 0}
    steps = {
        after - before
        for n, index in enumerate(roles.before)
        if index >= 0
        and (after := numbers[n]) is not None
        and (before := numbers[index]) is not None
    }
    start = next(iter(starts)) if len(starts) == 1 else None
    return Numbering(start if start in {0, 1} else None, gap_free=steps <= {1})


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def file_of(profile: ChainProfile) -> bytes:
    """Return a profile as YAML; every text is quoted, so that it stays what it is."""
    return ("\n".join(_lines(tree_of(profile), 0)) + "\n").encode()


def _lines(tree: Tree, depth: int) -> list[str]:
    pad = "  " * depth
    found: list[str] = []
    if isinstance(tree, dict):
        for name, value in tree.items():
            if isinstance(value, str) or not value:
                found.append(f"{pad}{_key(name)}: {_scalar(value)}")
            else:
                found += [f"{pad}{_key(name)}:", *_lines(value, depth + 1)]
    elif isinstance(tree, list):
        for item in tree:
            if isinstance(item, str):
                found.append(f"{pad}- {_scalar(item)}")
            else:
                inner = _lines(item, depth + 1)
                found += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
    return found


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else json.dumps(name)


def _scalar(value: Tree) -> str:
    return json.dumps(value)  # a JSON text is a YAML text; an empty list or mapping is one too


def tree_of(profile: ChainProfile) -> dict[str, Tree]:
    """Return a profile as the mapping that its file holds."""
    fields, genesis, numbers = profile.fields, profile.genesis, profile.sequence
    names: dict[str, Name | None] = {
        "own": fields.own,
        "previous": fields.previous,
        "sequence": fields.sequence,
        "time": fields.time,
    }
    placed: dict[str, Tree] = {role: _pointer(name) for role, name in names.items() if name}
    if fields.partition:
        placed["partition"] = [_pointer(name) for name in fields.partition]
    begun: dict[str, Tree] = {"kind": genesis.kind.value, "otherwise": genesis.otherwise.value}
    if genesis.kind is GenesisKind.TEXT:
        begun["value"] = genesis.value
    counted: dict[str, Tree] = {"gap_free": _flag(numbers.gap_free)}
    if numbers.start is not None:
        counted["start"] = str(numbers.start)
    return {
        "id": profile.id,
        "title": profile.title,
        "description": profile.description,
        "origin": {"project": profile.origin.project},
        "container": _container(profile.container),
        "fields": placed,
        "digest": _digest(profile.digest),
        "preimage": [_part(part) for part in profile.preimage],
        "genesis": begun,
        "sequence": counted,
    }


def _pointer(name: Name) -> str:
    if len(name) == 1 and not name[0].startswith("/"):
        return name[0]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in name)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _container(container: Container) -> dict[str, Tree]:
    made: dict[str, Tree] = {"kind": container.kind.value}
    if container.path:
        made["path"] = _pointer(container.path)
    if container.entry:
        made["entry"] = _pointer(container.entry)
    if container.delimiter != ",":
        made["delimiter"] = container.delimiter
    if container.json_column:
        made["json_column"] = container.json_column
    if container.types:
        made["types"] = {name: kind.value for name, kind in container.types}
    return made


def _digest(recipe: DigestRecipe) -> dict[str, Tree]:
    made: dict[str, Tree] = {
        "algorithm": recipe.algorithm.value,
        "encoding": recipe.encoding.value,
    }
    if recipe.prefix:
        made["prefix"] = recipe.prefix
    if recipe.length is not None:
        made["length"] = str(recipe.length)
    if recipe.key is not None:
        made["key"] = {"id": recipe.key.id or "", "encoding": recipe.key.encoding.value}
    return made


def _part(part: Part) -> dict[str, Tree]:
    made: dict[str, Tree] = {}
    if part.length_prefix is not LengthPrefix.NONE:
        made["length_prefix"] = part.length_prefix.value
    match part:
        case Previous():
            return {"previous": {"form": part.form.value, **made}}
        case Literal():
            return {"literal": {**_literal(part.value), **made}}
        case FieldText():
            return {"field": {"name": _pointer(part.name), **_rendering(part), **made}}
        case RawLine():
            return {"raw_line": {"own": part.own.value, **made}}
        case JsonObject():
            return {"json": {**_json(part), **made}}


def _literal(value: bytes) -> dict[str, Tree]:
    text = value.decode("utf-8", "replace")
    return {"text": text} if text.encode() == value and text.isprintable() else {"hex": value.hex()}


def _rendering(part: FieldText) -> dict[str, Tree]:
    made: dict[str, Tree] = {"null": part.rendering.null}
    if (style := part.rendering.time) is not None:
        made["time"] = {
            "unit": style.unit,
            "digits": str(style.digits),
            "zone": style.zone,
            "separator": style.separator,
        }
    return made


def _json(part: JsonObject) -> dict[str, Tree]:
    made: dict[str, Tree] = {}
    if part.include is not None:
        made["include"] = list(part.include)
        made["missing"] = part.missing.value
    else:
        made["exclude"] = list(part.exclude)
    if part.wrap:
        made["wrap"] = dict(part.wrap)
    made["style"] = _style(part.style)
    return made


def _style(style: JsonStyle) -> dict[str, Tree]:
    return {
        "sort": style.sort.value,
        "item_separator": style.item_separator,
        "key_separator": style.key_separator,
        "ensure_ascii": _flag(style.ensure_ascii),
        "keep_nulls": _flag(style.keep_nulls),
        "numbers": style.numbers.value,
    }
