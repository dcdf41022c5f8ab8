"""Write the self-test vectors of hash-chained logs to resources/selftest/chain.

Run from anywhere; the result is the same to the byte each time. The keys and the secret are derived
from names and protect nothing. Heads name the profile file they were made under, so run this again
when a profile changes.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from cryptography.hazmat.primitives.serialization import (  # noqa: E402 - needs the path above
    Encoding,
    PublicFormat,
)

from tests.builders import KEY, OTHER_KEY, SECRET, LogBuilder  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest" / "chain"
LENGTH = 6

ALONE = "INDETERMINATE NO_SIGNATURE"
OPEN = "INDETERMINATE NO_ANCHOR"


@dataclass(frozen=True)
class Vector:
    """A log, the proof beside it, what the auditor has, and the verdict that is known for it."""

    title: str
    kind: str
    spoil: Callable[[LogBuilder], None] = lambda log: None
    heads: tuple[int, ...] = ()
    trusted: bool = True
    secret: bytes | None = None
    count: int | None = None
    change: Callable[[bytes], bytes] = lambda data: data
    integrity: str = "PASSED SELF_CONSISTENT"
    authenticity: str = ALONE
    completeness: str = OPEN
    diagnoses: list[list[str | int]] = field(default_factory=list)


def edit(log: LogBuilder) -> None:
    """Change a value of record 3."""
    log.edit(3)


def rewrite(log: LogBuilder) -> None:
    """Change record 3 and its digest."""
    log.edit(3)
    log.rehash(3)


def rechain(log: LogBuilder) -> None:
    """Change record 4 and every digest from there on."""
    log.edit(4)
    log.rechain(4)


def delete(log: LogBuilder) -> None:
    """Take record 4 away."""
    del log.records[3]


def insert(log: LogBuilder) -> None:
    """Put a forged record before record 4."""
    log.records.insert(3, log.forged(4))


def swap(log: LogBuilder) -> None:
    """Exchange records 4 and 5."""
    log.records[3], log.records[4] = log.records[4], log.records[3]


def repeat(log: LogBuilder) -> None:
    """Repeat record 3."""
    log.records.insert(3, log.records[2])


def cut_head(log: LogBuilder) -> None:
    """Take the first two records away."""
    del log.records[:2]


def cut_tail(log: LogBuilder) -> None:
    """Take the last two records away."""
    del log.records[-2:]


def second_actor(data: bytes) -> bytes:
    """Put a second actor before the real one in record 3, and hash nothing anew."""
    lines = data.split(b"\n")
    lines[2] = lines[2].replace(b'"actor":', b'"actor":"evil","actor":', 1)
    return b"\n".join(lines)


SIGNED = ("PASSED ANCHORED", "PASSED", "PASSED ANCHORED")

VECTORS = {
    "agentmesh-intact": Vector("An agentmesh log, intact.", "agentmesh"),
    "bernstein-intact": Vector(
        "An HMAC log with its secret, intact.",
        "bernstein",
        secret=SECRET,
        authenticity="INDETERMINATE SYMMETRIC_ONLY",
    ),
    "bernstein-altered": Vector(
        "An HMAC log with its secret: record 3 was changed.",
        "bernstein",
        edit,
        secret=SECRET,
        integrity="FAILED RECORD_ALTERED",
        authenticity="INDETERMINATE SYMMETRIC_ONLY",
        diagnoses=[["RECORD_ALTERED", 3]],
    ),
    "bernstein-without-secret": Vector(
        "An HMAC log without its secret: only links can be compared.",
        "bernstein",
        integrity="INDETERMINATE NOT_RECOMPUTABLE",
        authenticity="INDETERMINATE SYMMETRIC_ONLY",
    ),
    "certmate-intact": Vector("A CertMate log, intact.", "certmate"),
    "certmate-head-cut": Vector(
        "A CertMate log that begins with its third record: it may have been pruned.",
        "certmate",
        cut_head,
        completeness="INDETERMINATE HEAD_UNKNOWN",
        diagnoses=[["HEAD_TRUNCATED", 1]],
    ),
    "cmcp-intact": Vector("A cMCP log, intact.", "cmcp"),
    "cmcp-deleted": Vector(
        "A cMCP log: record 4 was deleted, as the numbers show.",
        "cmcp",
        delete,
        integrity="FAILED RECORDS_DELETED",
        completeness="FAILED RECORDS_DELETED",
        diagnoses=[["RECORDS_DELETED", 4]],
    ),
    "comptext-intact": Vector("A CompText log, intact.", "comptext"),
    "earcrawler-intact": Vector("An earCrawler ledger, intact.", "earcrawler"),
    "hashchainalgo-intact": Vector("A HashChainAlgo log, intact.", "hashchainalgo"),
    "hashchainalgo-deleted-or-rewritten": Vector(
        "A log without numbers: record 4 is missing, or record 3 was rewritten.",
        "hashchainalgo",
        delete,
        integrity="FAILED LINK_BROKEN",
        completeness="INDETERMINATE LINK_BROKEN",
        diagnoses=[["LINK_BROKEN", 4]],
    ),
    "hashchainalgo-deleted": Vector(
        "The same log with a signed head over all records: one was deleted.",
        "hashchainalgo",
        delete,
        heads=(LENGTH,),
        integrity="FAILED RECORDS_DELETED",
        authenticity="INDETERMINATE PARTIAL_COVERAGE",
        completeness="FAILED RECORDS_DELETED",
        diagnoses=[["RECORDS_DELETED", 4]],
    ),
    "workbench-anchored": Vector(
        "A log and a signed head over all its records.",
        "workbench",
        heads=(LENGTH,),
        integrity=SIGNED[0],
        authenticity=SIGNED[1],
        completeness=SIGNED[2],
    ),
    "workbench-unknown-key": Vector(
        "A signed head by a key that the auditor does not know.",
        "workbench",
        heads=(LENGTH,),
        trusted=False,
        authenticity="INDETERMINATE NO_TRUST_ANCHOR",
    ),
    "workbench-duplicate-name": Vector(
        "A second actor stands before the real one in record 3; nothing was hashed anew.",
        "workbench",
        change=second_actor,
        integrity="FAILED MALFORMED_RECORD",
        diagnoses=[["MALFORMED_RECORD", 3]],
    ),
    "workbench-inserted": Vector(
        "A forged record stands before record 4.",
        "workbench",
        insert,
        integrity="FAILED RECORD_INSERTED",
        diagnoses=[["RECORD_INSERTED", 4]],
    ),
    "workbench-no-records": Vector(
        "An empty log.", "workbench", change=lambda _: b"", integrity="INDETERMINATE NO_RECORDS"
    ),
    "workbench-rechained": Vector(
        "Record 4 was changed and every digest from there on made anew; two heads say so.",
        "workbench",
        rechain,
        heads=(2, LENGTH),
        integrity="FAILED RECHAINED_AFTER",
        authenticity="FAILED RECHAINED_AFTER",
        diagnoses=[["RECHAINED_AFTER", 3]],
    ),
    "workbench-reordered": Vector(
        "Records 4 and 5 were exchanged.",
        "workbench",
        swap,
        integrity="FAILED RECORDS_REORDERED",
        diagnoses=[["RECORDS_REORDERED", 4]],
    ),
    "workbench-repeated": Vector(
        "Record 3 stands twice.",
        "workbench",
        repeat,
        integrity="FAILED RECORD_DUPLICATED",
        diagnoses=[["RECORD_DUPLICATED", 4]],
    ),
    "workbench-rewritten": Vector(
        "Record 3 was changed and its digest made anew.",
        "workbench",
        rewrite,
        integrity="FAILED RECORD_REWRITTEN",
        diagnoses=[["RECORD_REWRITTEN", 3]],
    ),
    "workbench-tail-cut": Vector(
        "The last two records are missing; the auditor knows how many there were.",
        "workbench",
        cut_tail,
        count=LENGTH,
        completeness="FAILED TAIL_TRUNCATED",
        diagnoses=[["TAIL_TRUNCATED", 4]],
    ),
}


def write(name: str, vector: Vector) -> None:
    """Write one vector: what is verified, what is trusted, what is known."""
    folder = OUTPUT / name
    (folder / "drop").mkdir(parents=True)
    log = LogBuilder(vector.kind, LENGTH)
    for size in vector.heads:
        (folder / "drop" / f"log.jsonl.{size}.head").write_bytes(log.head(size))
    vector.spoil(log)
    (folder / "drop" / "log.jsonl").write_bytes(vector.change(log.data()))
    trust: Mapping[str, bytes] = {}
    if vector.heads:
        public = (KEY if vector.trusted else OTHER_KEY).public_key()
        trust = {"key.pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)}
    secret = {} if vector.secret is None else {"secret.txt": vector.secret}
    for file, content in {**trust, **secret}.items():
        (folder / "trust").mkdir(exist_ok=True)
        (folder / "trust" / file).write_bytes(content)
    known = {
        "title": vector.title,
        "trust": [f"log=trust/{file}" for file in trust],
        "confirm": [],
        "secret": [f"trust/{file}" for file in secret],
        "profile": None,
        "expect_count": vector.count,
        "at": "2026-06-30T00:00:00Z",
        "subject": "log.jsonl",
        "integrity": vector.integrity,
        "authenticity": vector.authenticity,
        "completeness": vector.completeness,
        "time": "INDETERMINATE NO_TRUSTED_TIME",
        "diagnoses": vector.diagnoses,
    }
    text = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    (folder / "expected.json").write_bytes(text.encode())


def main() -> None:
    """Write all vectors anew."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name, vector in VECTORS.items():
        write(name, vector)


if __name__ == "__main__":
    main()
