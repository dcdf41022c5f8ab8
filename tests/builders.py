"""Build hash-chained logs as their own projects write them, and spoil one thing.

The formulas here are written by hand from the projects' sources, not from our profiles, so that
tests hold our engine against something else.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workbench.sign.head import write_head
from workbench.verify.chain import library
from workbench.verify.heads.merkle import Accumulator

Record = dict[str, Any]
ZEROS = "0" * 64
SECRET = b"a shared secret of the tests"
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"the log's key").digest())
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"somebody else's key").digest())


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _mac(text: str) -> str:
    return hmac.new(SECRET, text.encode(), "sha256").hexdigest()


def _without(record: Record, *names: str) -> Record:
    return {name: value for name, value in record.items() if name not in names}


def _compact(value: object, *, ascii_only: bool = True) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only)


def _spaced(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _time(n: int) -> str:
    return f"2026-03-{1 + n // 24:02d}T{n % 24:02d}:00:00"


def _details(n: int) -> Record:
    return {"model": "credit-risk", "note": f"Prüfung {n} ☃ 🜚", "auc": 0.9312, "n": n, "ok": None}


@dataclass(frozen=True)
class Kind:
    """How one project writes: the event, the digest of a record, the line."""

    own: str
    previous: str
    genesis: str
    event: Callable[[int], Record]
    digest: Callable[[Record], str]
    line: Callable[[Record], str]
    seal: Callable[[Record], Record] = lambda record: record
    sequence: str | None = None
    keyed: bool = False
    editable: str = "actor"


_MESH = [
    *("action", "agent_did", "data", "entry_id", "event_type", "matched_rule", "outcome"),
    *("policy_decision", "previous_hash", "resource", "session_id", "target_did"),
    *("timestamp", "trace_id"),
]

KINDS: dict[str, Kind] = {
    "workbench": Kind(
        "hash",
        "prev",
        ZEROS,
        lambda n: {"seq": n + 1, "time": _time(n) + "Z", "actor": "ann", "detail": _details(n)},
        lambda r: _sha(_compact(_without(r, "hash"), ascii_only=False)),
        lambda r: _compact(r, ascii_only=False),
        sequence="seq",
    ),
    "comptext": Kind(
        "hash",
        "previous_hash",
        ZEROS,
        lambda n: {"index": n, "type": "run", "payload": _details(n), "actor": "ann"},
        lambda r: _sha(_compact(_without(r, "hash"))),
        json.dumps,
        sequence="index",
    ),
    "certmate": Kind(
        "hash",
        "prev_hash",
        "",
        lambda n: {"seq": n, "entry": {"timestamp": _time(n), "user": "ann", **_details(n)}},
        lambda r: _sha(
            _compact({k: r[k] for k in ("seq", "entry", "prev_hash")}, ascii_only=False)
        ),
        lambda r: json.dumps(r, ensure_ascii=False),
        sequence="seq",
        editable="entry",
    ),
    "hashchainalgo": Kind(
        "hash",
        "prev_hash",
        "GENESIS",
        lambda n: {"ts": 1795409723.5 + n, "actor": "ann", "action": "a", "details": _details(n)},
        lambda r: _sha(
            _spaced(
                {
                    "prev": r["prev_hash"],
                    "payload": {k: r[k] for k in ("ts", "actor", "action", "details")},
                }
            )
        ),
        json.dumps,
    ),
    "earcrawler": Kind(
        "chain_hash",
        "chain_prev",
        ZEROS,
        lambda n: {"ts": _time(n) + "Z", "event": "model.sign", "user": "jörg", "actor": "ann"},
        lambda r: _sha(r["chain_prev"] + _compact(_without(r, "chain_prev", "chain_hash", "hmac"))),
        lambda r: json.dumps(r, ensure_ascii=False),
        seal=lambda r: {
            **r,
            "hmac": _mac(_compact(_without(r, "chain_prev", "chain_hash", "hmac"))),
        },
    ),
    "cmcp": Kind(
        "entry_hash",
        "prev_entry_hash",
        "genesis",
        lambda n: {
            "entry_id": f"e{n}",
            "sequence_number": n,
            "timestamp_utc": _time(n) + "+00:00",
            "session_id": "s",
            "entry_type": "tool_call",
            "actor": "ann",
            "detail": _details(n),
        },
        lambda r: _sha(_compact(_without(r, "entry_hash"))),
        json.dumps,
        sequence="sequence_number",
    ),
    "agentmesh": Kind(
        "content_hash",
        "previous_hash",
        "",
        lambda n: {
            **dict.fromkeys(_MESH),
            "entry_id": f"audit_{n}",
            "event_type": "model.sign",
            "agent_did": "did:mesh:1",
            "action": "sign",
            "data": _details(n),
            "timestamp": _time(n) + "+00:00",
            "sandbox_id": None,
        },
        lambda r: _sha(_spaced({name: r[name] for name in _MESH})),
        lambda r: json.dumps(r, sort_keys=True),
        seal=lambda r: {**r, "signature": _mac(r["content_hash"])},
        editable="action",
    ),
    "bernstein": Kind(
        "hmac",
        "prev_hmac",
        ZEROS,
        lambda n: {
            "timestamp": _time(n) + ".000000Z",
            "event_type": "model.sign",
            "actor": "ann",
            "resource_id": "m",
            "details": _details(n),
        },
        lambda r: _mac(r["prev_hmac"] + _spaced(_without(r, "hmac"))),
        lambda r: json.dumps(r, sort_keys=True),
        keyed=True,
    ),
}


class LogBuilder:
    """A valid log of one kind; records are numbered from 1."""

    def __init__(self, kind: str, count: int = 12) -> None:
        self.id = kind
        self.kind = KINDS[kind]
        self.records: list[Record] = [self.kind.event(n) for n in range(count)]
        self.rechain()

    def rechain(self, first: int = 1) -> None:
        """Write previous and own digests anew from a record on."""
        for n in range(first - 1, len(self.records)):
            before = self.records[n - 1][self.kind.own] if n else self.kind.genesis
            self.records[n][self.kind.previous] = before
            self.rehash(n + 1)

    def rehash(self, number: int) -> None:
        """Write the own digest of one record anew, and nothing else."""
        record = self.records[number - 1]
        record[self.kind.own] = self.kind.digest(record)
        self.records[number - 1] = self.kind.seal(record)

    def own(self, number: int) -> str:
        """Return the stored digest of a record."""
        digest = self.records[number - 1][self.kind.own]
        assert isinstance(digest, str)
        return digest

    def edit(self, number: int, value: object = "mallory") -> None:
        """Change a covered value of a record."""
        record = dict(self.records[number - 1])
        if isinstance(record[self.kind.editable], dict):
            record[self.kind.editable] = {**record[self.kind.editable], "user": value}
        else:
            record[self.kind.editable] = value
        self.records[number - 1] = record

    def forged(self, number: int, *, previous: str | None = None) -> Record:
        """Return a new record, right in itself, that follows the one before ``number``."""
        kind = self.kind
        record = kind.event(number - 1)
        before = self.own(number - 1) if number > 1 else kind.genesis
        record[kind.previous] = before if previous is None else previous
        if isinstance(record[kind.editable], dict):
            record[kind.editable]["user"] = "mallory"
        else:
            record[kind.editable] = "mallory"
        record[kind.own] = kind.digest(record)
        return kind.seal(record)

    def lines(self) -> list[bytes]:
        """Return the records as lines without ends."""
        return [self.kind.line(record).encode() for record in self.records]

    def data(self, end: bytes = b"\n") -> bytes:
        """Return the file."""
        return b"".join(line + end for line in self.lines())

    def write(self, folder: Path, name: str = "log.jsonl") -> Path:
        """Write the file."""
        path = folder / name
        path.write_bytes(self.data())
        return path

    def head(
        self,
        size: int | None = None,
        *,
        key: Ed25519PrivateKey = KEY,
        chain_head: bool = True,
        profile: str | None = None,
        origin: str = "example.org/log",
    ) -> bytes:
        """Return a signed head over the first ``size`` records as they are now."""
        size = len(self.records) if size is None else size
        tree = Accumulator()
        for line in self.lines()[:size]:
            tree.add_leaf(line)
        digest = bytes.fromhex(self.own(size)) if chain_head and size else None
        known = {p.id: p.sha256 for p in library.shipped()}
        return write_head(
            origin,
            size,
            tree.root(),
            None if digest is None else ("sha256", digest),
            (self.id, profile or known[self.id]),
            key,
            "example.org/log",
        )


def bundle(
    log: LogBuilder, *, signed: dict[str, int] | None = None, **change: object
) -> dict[str, object]:
    """Return an export bundle of a certmate log; ``signed`` is changed before, ``change`` after."""
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    manifest = {
        "count": len(log.records),
        "head_hash": log.own(len(log.records)),
        "public_key_pem": public.decode(),
        "seq_first": 0,
        "seq_last": len(log.records) - 1,
        **(signed or {}),
    }
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signature = b64encode(KEY.sign(canonical.encode())).decode()
    return {
        "manifest": {**manifest, **change},
        "entries": log.records,
        "bundle_signature": signature,
    }
