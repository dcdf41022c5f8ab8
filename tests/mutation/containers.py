"""The same records in other containers: documents, tables, wrappers, other separators."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.mutation import reading
from tests.mutation.logs import LENGTH, ZEROS, ChainLog, of_builder, of_writer
from tests.mutation.reading import Record, Row


def nested(kind: str, *names: str) -> ChainLog:
    """Return the records of a log in a list within a JSON document."""
    log = of_builder(kind)

    def data(records: Iterable[Record]) -> bytes:
        value: Any = list(records)
        for name in reversed(names):
            value = {"about": "an export", name: value}
        return json.dumps(value, indent=1).encode()

    where = "/".join(names) or "top"
    read = reading.document(*names)
    return replace(log, name=f"{kind} at {where}", file="export.json", data=data, read=read)


TEXT = f"""
fields: {{own: hash, previous: prev, sequence: seq}}
sequence: {{start: 1}}
preimage: [json: {{exclude: [hash, at, record, _id, _source]}}]
genesis: {{value: "{ZEROS}"}}
"""


def _own_recipe(records: Iterable[Record]) -> list[Record]:
    before, done = ZEROS, []
    for record in records:
        fresh = {n: v for n, v in record.items() if n != "hash"} | {"prev": before}
        text = json.dumps(fresh, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        done.append({**fresh, "hash": before})
    return done


def _mine(name: str, file: str, container: str, data: Any, read: Any) -> ChainLog:
    events = [
        {"seq": n + 1, "who": "ann", "action": f'signs "{n}"', "ok": n % 2 == 0}
        for n in range(LENGTH)
    ]
    return ChainLog(
        name=name,
        file=file,
        records=tuple(_own_recipe(events)),
        chain=_own_recipe,
        data=data,
        read=read,
        own="hash",
        previous="prev",
        sequence="seq",
        written_profile=f"id: mine\ntitle: Mine\ncontainer: {container}{TEXT}",
    )


def tabbed() -> ChainLog:
    """Return a log in a table with a column of JSON, parted by tabs."""

    def data(records: Iterable[Record]) -> bytes:
        rows = "".join(f"2026-03-01\t{json.dumps(record)}\n" for record in records)
        return f"at\trecord\n{rows}".encode()

    def read(raw: bytes) -> list[Row]:
        head, *rows = reading.lines(raw) or [(b"", 0, 0)]
        if head[0] != b"at\trecord":
            return []
        found = []
        for line, start, end in rows:
            cells = line.split(b"\t")
            inner = reading.json_lines(cells[1]) if len(cells) == 2 else []
            value = inner[0].value if len(inner) == 1 and reading.is_text(line) else None
            found.append(Row(line, start, end, value))
        return found

    return _mine(
        "tab-separated JSON", "log.tsv", "{kind: tsv-json, json_column: record}", data, read
    )


def wrapped() -> ChainLog:
    """Return a log whose records lie in a member of each line."""

    def data(records: Iterable[Record]) -> bytes:
        rows = ({"_id": n, "_source": record} for n, record in enumerate(records))
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    read = reading.within(reading.json_lines, "_source")
    return _mine("wrapped", "log.jsonl", "{entry: _source}", data, read)


def semicolons() -> ChainLog:
    """Return a table whose cells are parted by semicolons."""
    log = of_writer("sql-au9")

    def data(records: Iterable[Record]) -> bytes:
        rows = log.data(records).replace(b"model, sign", b"model sign")
        return rows.replace(b",", b";")

    def chained(records: list[Record]) -> list[Record]:
        plain = [{**r, "action": r["action"].replace("model, sign", "model sign")} for r in records]
        return log.chain(plain)

    fresh = [{**r, "details": None} for r in log.records]
    return replace(
        log,
        name="sql-au9 with semicolons",
        records=tuple(chained(fresh)),
        chain=chained,
        data=data,
        read=lambda raw: reading.table(raw, delimiter=";"),
    )


def with_summary() -> ChainLog:
    """Return an export in a document that states how many records it holds, and a root of them."""
    log = of_writer("agentmesh-export")
    about = json.loads(log.data(log.records))

    def data(records: Iterable[Record]) -> bytes:
        return json.dumps({**about, "entries": list(records)}, indent=1).encode()

    return replace(log, data=data)
