"""JSON: three readers that must agree, and the framing of records in a document."""

import json
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from tests.fuzz.parsers import Harness, Parser, files, require
from workbench.evidence.file import single
from workbench.evidence.json_records import RawRecord, elements, lines
from workbench.evidence.limits import Limits
from workbench.evidence.quick_json import json_text, parse_quickly, plain_text
from workbench.evidence.strict_json import (
    JsonError,
    JsonTooDeep,
    JsonValue,
    Number,
    parse,
    parse_exact,
)
from workbench.formats.records import list_path
from workbench.model.progress import Cancel
from workbench.verify.recheck import strict

SHALLOW = Limits(json_depth=8, record=400)
SPELLINGS = (
    b'{"a": 1, "a": 1}', b'{"a":1,"\\u0061":2}', b"[NaN, Infinity]", b'["\\ud800"]', b'["\xff"]',
    b'\xef\xbb\xbf{"a": 1}', b'{"a": [1.10, 1E5, -0.0, 1e999, 18446744073709551616]}', b"[" * 300,
    b'{"events":[{"a":{}},[],"x,]"],"b":[1]}', b'{"a":1}\r\n\n{"a":2}\n[', b'["\\ud83d\\ude00"]',
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield small documents, and the first lines of logs."""
    yield from SPELLINGS
    for data in chain(files("*/*/drop/**/*.json", "*/*/drop/**/*.sig", most=6000)):
        yield data
    for data in files("chain/*/drop/**/*.jsonl"):
        yield data[:2000]


def spelled(value: JsonValue | object) -> object:
    """Return a value with its numbers as text, whichever way they were read."""
    if isinstance(value, dict):
        return {name: spelled(member) for name, member in value.items()}
    if isinstance(value, list):
        return [spelled(member) for member in value]
    if isinstance(value, strict.Spelled):
        return ("number", str(value))
    if isinstance(value, bool | None) or type(value) is str:
        return value
    return ("number", json_text(value))  # type: ignore[arg-type]


def agree(data: bytes) -> None:
    """Read with each of the three readers: they say the same, or all of them nothing."""
    outcomes: list[object] = []
    for reader in (parse_exact, parse_quickly):
        try:
            outcomes.append(spelled(reader(data, what="x")))
        except JsonError as error:
            outcomes.append((type(error), error.offset))
            require(0 <= error.offset <= len(data), "an error lies outside the document")
    require(outcomes[0] == outcomes[1], f"two readers differ: {outcomes}")
    exact = (
        outcomes[0] if not isinstance(outcomes[0], tuple) or outcomes[0][0] == "number" else None
    )
    try:
        plain = spelled(strict.read(data, spelled=True))
    except strict.BadJsonError:
        require(exact is None, "the second opinion refuses what the first reads")
        return
    require(plain is None or plain == exact, "the second opinion reads something else")


def written(data: bytes) -> None:
    """Read, write and read again: nothing changes."""
    value = parse_exact(data, what="x", allow_bom=True)
    text = json_text(value)
    plain_text(value)
    again = parse_exact(text.encode(), what="x")
    require(spelled(again) == spelled(value), "what is written reads otherwise")
    require(isinstance(value, Number | str | list | dict | bool | None), "a number lost its text")
    numbers(data)


def numbers(data: bytes) -> None:
    """Read with numbers as Python has them: none is infinite or no number."""
    value = parse(data, what="x", allow_bom=True)
    json.dumps(value, allow_nan=False)


def depth(data: bytes) -> None:
    """Read with a low limit of depth: what goes through is no deeper."""
    try:
        value = parse(data, what="x", limits=SHALLOW)
    except JsonTooDeep:
        return
    require(deepest(value) <= SHALLOW.json_depth, "deeper than the limit")
    quick = parse_quickly(data, what="x", limits=SHALLOW)
    require(deepest(quick) == deepest(value), "two readers differ in depth")


def deepest(value: object) -> int:
    """Return how deep lists and objects are nested."""
    found, level = 0, [value]
    while level := [v for v in level if isinstance(v, dict | list)]:
        found += 1
        level = [x for v in level for x in (v.values() if isinstance(v, dict) else v)]
    return found


def in_list(data: bytes) -> None:
    """Cut a document into the records of its list: they are the elements that it has."""
    value = parse(data, what="x", allow_bom=True)
    bare = data.removeprefix(b"\xef\xbb\xbf")
    if isinstance(value, list):
        same(bare, None, value)
    elif isinstance(value, dict):
        list_path(value)
        for name, member in value.items():
            if isinstance(member, list):
                same(bare, name, member)


def same(data: bytes, name: str | None, expected: list[JsonValue]) -> None:
    """Require that the records lie where they say, and are those elements."""
    found = list(elements(data, name))
    require([parse(r.data, what="x") for r in found] == expected, f"other elements of {name}")
    for record in found:
        at = slice(record.offset, record.offset + len(record.data))
        require(data[at] == record.data, "a record lies elsewhere")


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-")) / "lines"


def in_lines(data: bytes) -> None:
    """Cut a file into lines: each lies where it says, and nothing but blanks is left out."""
    _place().write_bytes(data)
    found = list(lines(single(_place()), limits=SHALLOW, cancel=Cancel()))
    records = [item for item in found if isinstance(item, RawRecord)]
    for record in records:
        at = slice(record.offset, record.offset + len(record.data))
        require(data[at] == record.data, "a line lies elsewhere")
    short = [line for line in data.split(b"\n") if len(line) <= SHALLOW.record]
    kept = [line for n, line in enumerate(short) if line.strip(b"\xef\xbb\xbf \t\r\n\v\f")]
    require(len(kept) <= len(found), "a line was left out")


HARNESS = Harness(
    tuple(
        Parser(name, run, seeds)
        for name, run in [
            ("three readers", agree), ("written again", written), ("depth", depth),
            ("elements", in_list), ("lines", in_lines),
        ]
    )
)  # fmt: skip
