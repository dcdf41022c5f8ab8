"""A chain profile as the file that says the same, for the auditor to keep."""

import json

from workbench.model.profile import ChainProfile, Container, Genesis, GenesisKind, Version
from workbench.model.recipe import (
    DigestRecipe,
    FieldText,
    JsonObject,
    JsonStyle,
    LengthPrefix,
    Literal,
    Name,
    Part,
    Previous,
    RawLine,
    TimeStyle,
)

Tree = str | list["Tree"] | dict[str, "Tree"]


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
    fields, numbers = profile.fields, profile.sequence
    names: dict[str, Name | None] = {
        "own": fields.own,
        "previous": fields.previous,
        "sequence": fields.sequence,
        "time": fields.time,
        "order": fields.order,
    }
    placed: dict[str, Tree] = {role: _pointer(name) for role, name in names.items() if name}
    if fields.partition:
        placed["partition"] = [_pointer(name) for name in fields.partition]
    counted: dict[str, Tree] = {"gap_free": _flag(numbers.gap_free)}
    if numbers.start is not None:
        counted["start"] = str(numbers.start)
    made: dict[str, Tree] = {
        "id": profile.id,
        "title": profile.title,
        "description": profile.description,
        "origin": {"project": profile.origin.project},
        "container": _container(profile.container),
        "fields": placed,
        "digest": _digest(profile.digest),
        "preimage": [_part(part) for part in profile.preimage],
        "genesis": _genesis(profile.genesis),
        "sequence": counted,
    }
    if profile.version_field is not None:
        made["version_field"] = _pointer(profile.version_field)
    if profile.versions:
        made["versions"] = [_version(version) for version in profile.versions]
    if profile.not_covered:
        made["not_covered"] = list(profile.not_covered)
    return made


def _genesis(genesis: Genesis) -> dict[str, Tree]:
    made: dict[str, Tree] = {"kind": genesis.kind.value, "otherwise": genesis.otherwise.value}
    if genesis.kind in {GenesisKind.TEXT, GenesisKind.DIGEST_OF, GenesisKind.HMAC_OF}:
        made["value"] = genesis.value
    if genesis.field is not None:
        made["field"] = _pointer(genesis.field)
    if genesis.prefix:
        made["prefix"] = genesis.prefix
    if genesis.as_own:
        made["as_own"] = "true"
    if genesis.restarts:
        made["restarts"] = "true"
    return made


def _version(version: Version) -> dict[str, Tree]:
    made: dict[str, Tree] = {"value": version.value}
    if version.digest is not None:
        made["digest"] = _digest(version.digest)
    return {**made, "preimage": [_part(part) for part in version.preimage]}


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
        made["time"] = _time(style)
    return made


def _time(style: TimeStyle) -> dict[str, Tree]:
    return {
        "unit": style.unit,
        "digits": str(style.digits),
        "zone": style.zone,
        "separator": style.separator,
    }


def _json(part: JsonObject) -> dict[str, Tree]:
    made: dict[str, Tree] = {}
    if part.include is not None:
        made["include"] = list(part.include)
        made["missing"] = part.missing.value
    else:
        made["exclude"] = list(part.exclude)
    if part.wrap:
        made["wrap"] = dict(part.wrap)
    if part.times:
        made["times"] = {name: _time(style) for name, style in part.times}
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
