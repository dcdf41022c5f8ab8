"""Logs: chains in each container, the search for unknown recipes, events, OpenLineage."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

from tests.builders import KEY, SECRET, LogBuilder
from tests.fuzz.notes import _anchor
from tests.fuzz.parsers import SELFTEST, Harness, Parser, require
from tests.verify.infer.lists import RejectedError
from tests.verify.infer.logs import draw
from workbench.evidence.drop import open_drop
from workbench.evidence.file import single
from workbench.evidence.limits import KIB, MIB, Limits
from workbench.evidence.strict_json import JsonError, parse
from workbench.evidence.subject import Subject
from workbench.formats.event_columns import Stretch, columns_of
from workbench.formats.event_fields import guess_fields
from workbench.formats.sniff import catalog_reader
from workbench.formats.table import sort_out
from workbench.formats.tally import inventory
from workbench.model.event import EventFields
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Secret, Trust
from workbench.model.verdict import Code, Indication, SubjectVerdict
from workbench.verify.chain import library
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.piece import Task, walk
from workbench.verify.chain_log import VERIFIER
from workbench.verify.infer.log import infer
from workbench.verify.recheck.compare import with_second_opinion
from workbench.verify.verifier import Bench

AT = datetime(2026, 6, 30, tzinfo=UTC)
SMALL = Limits(record=16 * KIB, document=MIB)
FIELDS = EventFields(("time",), ("actor",), ("action",), ("object",), ("outcome",))
_BUDGET = "workbench.verify.infer.verdict.IN_PASSING"
#: Preimages that are tried: in passing, where a search is not what is looked at, and in a search.
PASSING, SEARCHED = 50, 1000
STORES = Path(__file__).resolve().parents[1] / "formats" / "stores"


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="workbench-fuzz-"))


@cache
def _bench(*, trusted: bool = False) -> Bench:
    trust = Trust(AT, secrets=(Secret(None, SECRET),))
    if trusted:
        trust = trust.with_anchors([_anchor(KEY)])
    return Bench(trust, profiles=library.shipped(), limits=SMALL)


@contextmanager
def _subject(data: bytes, container: str, head: bytes = b"") -> Iterator[Subject]:
    folder = _place() / "drop"
    folder.mkdir(exist_ok=True)
    (folder / "log").write_bytes(data)
    (folder / "log.head").write_bytes(head)
    with open_drop([folder], cancel=Cancel(), progress=Silent()) as drop:
        log, anchor = sorted(drop.files, key=lambda file: file.name)
        anchors = (anchor,) if head else ()
        yield Subject(log.path, None, "chain", (log,), anchors=anchors, container=container)


def judged(container: str) -> Callable[[bytes], None]:
    """Return what judges a log in a container twice: two programs agree, and nothing is signed."""

    def run(data: bytes) -> None:
        # The search for a recipe has a budget that takes seconds; here it is one of its own below.
        with _subject(data, container) as subject, patch(_BUDGET, PASSING):
            verdict = VERIFIER.verify(subject, _bench())
            sound(verdict)
            again = with_second_opinion(verdict, subject, _bench())
            require(again.integrity.code != Code.SECOND_OPINION_DIFFERS, "two programs differ")

    return run


def sound(verdict: SubjectVerdict) -> None:
    """Require what holds of a log for which nobody vouches."""
    good = verdict.authenticity.indication is Indication.PASSED
    require(not good, "a signer out of nothing")
    broken = verdict.integrity.indication is Indication.FAILED
    require(not broken or bool(verdict.diagnoses), "broken, but not where")


def logs(*names: str) -> Callable[[], Iterator[bytes]]:
    """Return the vectors that have such a name, the small ones."""

    def found() -> Iterator[bytes]:
        for name in names:
            for path in sorted(SELFTEST.glob(f"chain/*/drop/{name}")):
                if path.stat().st_size <= 12_000:
                    yield path.read_bytes()

    return found


def arrays() -> Iterator[bytes]:
    """Yield documents with a log in them."""
    yield from logs("*.json")()
    for kind in ("workbench", "certmate"):
        records = LogBuilder(kind, 4).records
        yield json.dumps(records).encode()
        yield json.dumps({"meta": 1, "a": {"entries": records}}).encode()


@cache
def _lines() -> tuple[bytes, bytes, dict[str, None]]:
    log = LogBuilder("workbench", 5)
    return log.data(), log.head(), dict.fromkeys(map(bytes.decode, log.lines()))


def headed(data: bytes) -> None:
    """Judge a log beside its signed head: only the records that were signed are green."""
    _, head, signed = _lines()
    with _subject(data, "jsonl", head) as subject:
        verdict = VERIFIER.verify(subject, _bench(trusted=True))
        parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
        if all(part.indication is Indication.PASSED for part in parts):
            bare = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
            kept = [line.removesuffix(b"\r") for line in bare if line.strip()]
            require(kept == [line.encode() for line in signed], "other records are green")


def any_value(data: bytes) -> None:
    """Chain records that hold some JSON: what was never touched is not called broken."""
    value = parse(data, what="x")
    log = LogBuilder("workbench", 3)
    log.records[1]["detail"] = value
    log.rechain()
    try:
        parse(log.lines()[1], what="x")
    except JsonError:
        return
    with _subject(log.data(), "jsonl") as subject:
        verdict = VERIFIER.verify(subject, _bench())
        require(verdict.integrity.indication is Indication.PASSED, "a sound log is called broken")


def both_ways(data: bytes) -> None:
    """Walk a log in the fast way and in the exact way: they find the same."""
    (profile,) = (p for p in library.shipped() if p.id == "workbench")
    task = Task(Cut(0, data), profile, edge=1772400000.0)
    fast = walk(task)
    with patch("workbench.verify.chain.piece.quick_path", lambda profile: None):
        slow = walk(task)
    require(fast.stretches == slow.stretches, "the fast way finds something else")
    require((fast.records, fast.edge) == (slow.records, slow.edge), "the fast way counts otherwise")


def searched(container: str) -> Callable[[bytes], None]:
    """Return what searches the recipe of a log, not for long."""

    def run(data: bytes) -> None:
        path = _place() / "unknown"
        path.write_bytes(data)
        infer(single(path), container, _bench(), budget=SEARCHED)

    return run


def drawn() -> Iterator[bytes]:
    """Yield logs by recipes that were drawn."""
    random = Random(20260630)
    for _ in range(12):
        try:
            yield b"".join(draw(random).log.data.splitlines(keepends=True)[:4])
        except RejectedError:
            continue


def events(data: bytes) -> None:
    """Read events many at once and one by one: they are the same."""
    lines = Stretch(5, data, framed)
    together, alone = columns_of(lines, FIELDS), columns_of(replace(lines, lines=False), FIELDS)
    require(together == alone, "events differ by how they are read")
    records = []
    for _, line in framed(0, data):
        try:
            value = parse(line, what="x")
        except JsonError:
            continue
        if isinstance(value, dict):
            records.append(value)
    guess_fields(records)


def framed(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    """Return the lines of some bytes with where they begin."""
    found = []
    for line in data.split(b"\n"):
        bare = line.removesuffix(b"\r")
        if bare.strip():
            found.append((offset, bare))
        offset += len(line) + 1
    return found


def plain_events() -> Iterator[bytes]:
    """Yield events."""
    yield (
        b'{"time":"2026-03-01T00:00:00Z","actor":"ann","action":"a","object":"o","outcome":"ok"}\n'
        b'{"time":1772323200,"actor":{"name":"x"},"action":null,"outcome":false}\r\n'
        b'{"time":NaN}\n{"time":"9999-12-31T23:59:59Z","actor":"\\ud83d\\ude00"}\n[]\n'
    )


def lineage(data: bytes) -> None:
    """Read events of OpenLineage to their end."""
    path = _place() / "events.ndjson"
    path.write_bytes(data)
    with open_drop([path], cancel=Cancel(), progress=Silent()) as drop:
        for subject in sort_out(drop, ()).subjects:
            reader = catalog_reader(subject.format)
            if reader is not None:
                read = reader.read(subject, limits=SMALL, cancel=Cancel(), progress=Silent())
                inventory(read)


def lineages() -> Iterator[bytes]:
    """Yield events of OpenLineage."""
    lines = (STORES / "openlineage-1.54.0.ndjson").read_bytes().splitlines(keepends=True)
    yield from (b"".join(lines[n : n + 2]) for n in range(0, len(lines), 2))


HARNESS = Harness(
    (
        Parser("lines", judged("jsonl"), logs("*.jsonl")),
        Parser("document", judged("json-array"), arrays),
        Parser("table", judged("csv"), logs("*.csv", "*.tsv")),
        Parser("lines of text", judged("text"), logs("*.log", "*.cef")),
        Parser("log and head", headed, lambda: [_lines()[0]]),
        Parser(
            "any value", any_value, lambda: [b'{"a":[1,-0.0,1e16,"\\u2028",{"hash":"x"}]}', b"1"]
        ),
        Parser("two ways", both_ways, lambda: [_lines()[0]]),
        Parser("search in lines", searched("jsonl"), drawn),
        Parser("search in a table", searched("csv"), logs("*.csv")),
        Parser("search in text", searched("text"), logs("*.log", "*.cef")),
        Parser("search in a document", searched("json-array"), arrays),
        Parser("events", events, plain_events),
        Parser("OpenLineage", lineage, lineages),
    )
)
