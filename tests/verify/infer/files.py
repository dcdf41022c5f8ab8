"""A drawn log as a file: lines, JSON, tables and lines of text, written plainly."""

import json
from collections.abc import Sequence

from tests.verify.infer.hashing import Record, Spelled
from tests.verify.infer.lists import Recipe

SUFFIXES = {"csv": ".csv", "tsv with json": ".tsv", "key=value": ".log", "cef": ".log"}
CEF = "CEF:0|Acme|Vault|3.1|audit|event|5|"
CEF_HEADER = ("version", "vendor", "product", "product_version", "signature", "name", "severity")


def name_of(recipe: Recipe) -> str:
    """Return what such a file is called."""
    if recipe.container == "array" or recipe.container.startswith("under"):
        return "log.json"
    return "log" + SUFFIXES.get(recipe.container, ".jsonl")


def line_of(recipe: Recipe, record: Record, number: int) -> bytes:
    """Return a record as it lies in the file; a table has its cells as one line."""
    match recipe.container:
        case "key=value":
            pairs = [f"{name}={_pair(str(value))}" for name, value in record.items()]
            return " ".join(["audit:", *pairs]).encode()
        case "cef":
            return (CEF + " ".join(f"{n}={_cef(str(v))}" for n, v in record.items())).encode()
        case "csv":
            return ",".join(map(_cell, record.values())).encode()
        case "tsv with json":
            return "\t".join(_bare(record, recipe)).encode()
        case "record in envelope":
            return _dumps({"received": number, "event": record}).encode()
        case _:
            return _dumps(record).encode()


def file_of(recipe: Recipe, records: Sequence[Record]) -> bytes:
    """Return a whole log."""
    lines = [line_of(recipe, record, n) for n, record in enumerate(records)]
    match recipe.container:
        case "array":
            return b"[" + b",\n ".join(lines) + b"]\n"
        case "csv":
            lines.insert(0, ",".join(records[0]).encode())
        case "tsv with json":
            lines.insert(0, "\t".join([*columns(recipe, records[0]), "data"]).encode())
        case under if under.startswith("under"):
            name = under.removeprefix("under ").encode()
            return b'{"exported": "2026-04-01", "%b": [\n' % name + b",\n".join(lines) + b"\n]}\n"
    return b"\n".join(lines) + b"\n"


def columns(recipe: Recipe, record: Record) -> list[str]:
    """Return which members have a column of their own beside that of raw JSON."""
    chain = {recipe.own, recipe.previous, "seq", "ts", "v", recipe.partition}
    return [name for name in record if name in chain]


def _bare(record: Record, recipe: Recipe) -> list[str]:
    own = columns(recipe, record)
    cells = ["\\N" if record[name] is None else str(record[name]) for name in own]
    rest = {name: value for name, value in record.items() if name not in own}
    return [*cells, _dumps(rest)]


def _dumps(value: object) -> str:
    """Return JSON with numbers as they are spelled, in the order of the members."""
    if isinstance(value, Spelled):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(n)}: {_dumps(v)}" for n, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Spelled):
        return str(value)
    text = value if isinstance(value, str) else _dumps(value)
    plain = text and not set(text) & set('",\n\r')
    return text if plain else '"' + text.replace('"', '""') + '"'


def _pair(text: str) -> str:
    plain = text and not set(text) & set(' "\\=')
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cef(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=")
