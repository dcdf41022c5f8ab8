"""Logs as their own projects write them, one small writer a recipe, for tests and test vectors.

The formulas are written by hand from the projects' sources, not from our profiles, so that tests
hold our engine against something else.
"""

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Record = dict[str, Any]
ZEROS = "0" * 64
SECRET = b"0123456789abcdef0123456789abcdef"
SIGNER = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a signer of records").digest())


@dataclass(frozen=True)
class Written:
    """A log of one recipe.

    Attributes:
        profile: id of the profile that fits.
        name: of the file.
        records: what it holds, with digests.
        data: the bytes of records, in the container that the recipe is met in.
        secret: whether its values are keyed.
        previous: where a record has the previous digest; "" where it has none.
        own: where a record has its digest.
        chain: writes records anew from some, as who wrote them did.
    """

    profile: str
    name: str
    records: list[Record]
    data: Callable[[Iterable[Record]], bytes]
    own: str
    previous: str
    chain: Callable[[list[Record]], list[Record]]
    secret: tuple[str, ...] = ()


def sha(*parts: str | bytes) -> str:
    """Return the digest of some texts put together."""
    return hashlib.sha256(
        b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)
    ).hexdigest()


def mac(*parts: str | bytes) -> str:
    """Return the HMAC of some texts put together."""
    data = b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)
    return hmac.new(SECRET, data, "sha256").hexdigest()


def compact(value: object, *, ascii_only: bool = False) -> str:
    """Return sorted JSON without spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only)


def spaced(value: object, *, ascii_only: bool = True) -> str:
    """Return sorted JSON as Python writes it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=ascii_only)


def lines(records: Iterable[Record]) -> bytes:
    """Return records as lines of JSON."""
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records)


def table(records: Iterable[Record]) -> bytes:
    """Return records as a database exports them: NULL is nothing, a text of none is quoted."""
    rows = list(records)
    names = list(rows[0]) if rows else []
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    plain.writerow(names)
    for row in rows:
        text.write(",".join(_cell(row[name]) for name in names) + "\n")
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    shown = json.dumps(value) if isinstance(value, dict | list) else str(value)
    quoted = shown == "" or any(c in shown for c in ',"\n')
    return '"' + shown.replace('"', '""') + '"' if quoted else shown


def at(n: int, digits: str = ".123456", zone: str = "Z") -> str:
    """Return the time of an event."""
    return f"2026-03-{1 + n // 24:02d}T{n % 24:02d}:00:00{digits}{zone}"


def detail(n: int) -> Record:
    """Return what an event is about, with what is hard to write twice the same way."""
    return {"model": "credit-risk", "note": f"Prüfung {n} ☃ 🜚", "auc": 0.9312, "n": n, "ok": None}


def _linked(
    own: str, previous: str, genesis: str | None, digest: Callable[[Record], str]
) -> Callable[[list[Record]], list[Record]]:
    def chain(records: list[Record]) -> list[Record]:
        before, done = genesis, []
        for record in records:
            fresh = {**record, previous: before}
            fresh.pop(own, None)
            fresh[own] = digest(fresh)
            done.append(fresh)
            before = fresh[own]
        return done

    return chain


def _log(
    profile: str,
    events: list[Record],
    *,
    own: str,
    previous: str,
    genesis: str | None,
    digest: Callable[[Record], str],
    data: Callable[[Iterable[Record]], bytes] = lines,
    name: str = "log.jsonl",
    secret: tuple[str, ...] = (),
) -> Written:
    chain = _linked(own, previous, genesis, digest)
    return Written(profile, name, chain(events), data, own, previous, chain, secret)


def _but(record: Record, *names: str) -> Record:
    return {name: value for name, value in record.items() if name not in names}


def _of(record: Record, names: str) -> Record:
    return {name: record.get(name) for name in names.split()}


_CAURA = "tenant_id seq agent_id action resource_type resource_id detail created_at"


def _caura(record: Record) -> str:
    shown = {**_of(record, _CAURA), "seq": int(record["seq"])}
    return sha(compact(shown), bytes.fromhex(record["prev_hash"].removeprefix("\\x")))


def _caura_event(n: int, tenant: str, seq: int) -> Record:
    return {
        "id": f"id-{n}",
        "tenant_id": tenant,
        "seq": seq,
        "agent_id": "ann" if n % 3 else None,
        "action": "model.sign",
        "resource_type": "model",
        "resource_id": None,
        "detail": detail(n),
        "created_at": at(n),
    }


def _by(
    field: str, chain: Callable[[list[Record]], list[Record]]
) -> Callable[[list[Record]], list[Record]]:
    """Return what chains the records of each value of a field by themselves, order kept."""

    def parted(records: list[Record]) -> list[Record]:
        done: dict[int, Record] = {}
        for value in dict.fromkeys(r[field] for r in records):
            mine = [n for n, r in enumerate(records) if r[field] == value]
            done |= dict(zip(mine, chain([records[n] for n in mine]), strict=True))
        return [done[n] for n in range(len(records))]

    return parted


def caura(*, in_table: bool = False) -> Written:
    """Two tenants side by side, as lines or as a table."""
    events = [_caura_event(n, f"t{1 + n % 2}", 1 + n // 2) for n in range(12)]
    chain = _by("tenant_id", _linked("event_hash", "prev_hash", ZEROS, _caura))
    name, data = ("audit.csv", table) if in_table else ("log.jsonl", lines)
    return Written("caura", name, chain(events), data, "event_hash", "prev_hash", chain)


def steward() -> Written:
    """One tenant; the tag is keyed."""
    names = (
        "tenant_id seq actor_type actor_id action resource_type resource_id metadata ip_address "
        "user_agent request_id created_at"
    )
    events = [
        {
            **dict.fromkeys(names.split()),
            "tenant_id": "t1",
            "seq": n + 1,
            "actor_type": "user",
            "action": "model.sign",
            "metadata": {"model": "credit-risk", "n": n},
            "created_at": at(n, ".123"),
        }
        for n in range(8)
    ]

    def tag(record: Record) -> str:
        return mac(bytes.fromhex(record["prev_hash"]), compact(_of(record, names)))

    return _log(
        "steward", events, own="hmac", previous="prev_hash", genesis=ZEROS, digest=tag,
        secret=("steward",),
    )  # fmt: skip


def agentmesh_go(*, older: int = 0) -> Written:
    """Values with their lengths; the first ``older`` by the recipe that joins them."""
    events = [
        {
            "timestamp": at(n, ".1234567"),
            "agent_id": "a",
            "action": "sign",
            "decision": f"allow-{n}",
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        values = [record[k] for k in ("timestamp", "agent_id", "action", "decision")]
        values.append(record["previous_hash"])
        if int(record["decision"].partition("-")[2]) < older:
            return sha("|".join(values))
        return sha(b"\x01", *(len(v.encode()).to_bytes(4, "big") + v.encode() for v in values))

    return _log(
        "agentmesh-go", events, own="hash", previous="previous_hash", genesis="", digest=digest
    )


_EXPORTED = "entry_id timestamp event_type agent_did action resource data outcome previous_hash"


def _exported(records: Iterable[Record]) -> bytes:
    rows = list(records)
    level = [row["entry_hash"] for row in rows]
    while len(level) > 1:
        level += [ZEROS] * (len(level) % 2)
        level = [sha(a, b) for a, b in zip(level[::2], level[1::2], strict=True)]
    root = level[0] if level else ZEROS
    document = {"exported_at": at(30), "merkle_root": root, "chain_root": root}
    return json.dumps({**document, "entry_count": len(rows), "entries": rows}, indent=1).encode()


def agentmesh_export() -> Written:
    """A document with a root; times are shown with a space."""
    events = [
        {
            "entry_id": f"audit_{n}",
            "timestamp": at(n, zone="+00:00").replace("T", " "),
            "event_type": "sign",
            "agent_did": "did:mesh:1",
            "action": "sign",
            "resource": "m",
            "data": detail(n),
            "outcome": "success",
            "trace_id": None,
        }
        for n in range(6)
    ]

    def digest(record: Record) -> str:
        shown = _of(record, _EXPORTED)
        return sha(spaced({**shown, "timestamp": shown["timestamp"].replace(" ", "T")}))

    return _log(
        "agentmesh-export", events, own="entry_hash", previous="previous_hash", genesis="",
        digest=digest, data=_exported, name="export.json",
    )  # fmt: skip


_ACTIVITY = (
    "contentSnapshot driveId id metadata newValues operation pageId previousValues resourceId "
    "resourceType timestamp"
)
_SECURITY = (
    "anomalyFlags details eventType previousHash resourceId resourceType riskScore serviceId "
    "timestamp"
)


def pagespace_activity() -> Written:
    """The previous digest before sorted JSON; it begins with a seed."""
    events = [
        {
            **dict.fromkeys(_ACTIVITY.split()),
            "id": f"log_{n}",
            "operation": "update",
            "resourceType": "page",
            "resourceId": "p1",
            "newValues": {"title": f"Ünï {n}", "weight": 2},
            "timestamp": at(n, ".789"),
            "userId": "u1",
            "chainSeed": None if n else sha("a seed"),
        }
        for n in range(8)
    ]
    return _log(
        "pagespace-activity", events, own="logHash", previous="previousLogHash",
        genesis=None,
        digest=lambda r: sha(r["previousLogHash"] or r["chainSeed"], compact(_of(r, _ACTIVITY))),
    )  # fmt: skip


def pagespace_security() -> Written:
    """The previous digest inside sorted JSON."""
    events = [
        {
            **dict.fromkeys(_SECURITY.split()),
            "eventType": "auth.login.success",
            "riskScore": 0.5,
            "timestamp": at(n, ".789"),
            "details": {"n": n},
            "userId": "u1",
        }
        for n in range(8)
    ]
    return _log(
        "pagespace-security", events, own="eventHash", previous="previousHash", genesis="genesis",
        digest=lambda r: sha(compact(_of(r, _SECURITY))),
    )  # fmt: skip


_QWED = "organization_id user_id query result is_verified domain timestamp previous_hash"


def qwed() -> Written:
    """A digest, and a tag over its text beside it."""
    events = [
        {
            "organization_id": 7,
            "user_id": None,
            "query": f"2+{n}?",
            "result": detail(n),
            "is_verified": True,
            "domain": "math",
            "timestamp": at(n, zone=""),
            "raw_llm_output": "four",
        }
        for n in range(8)
    ]
    linked = _linked("entry_hash", "previous_hash", None, lambda r: sha(spaced(_of(r, _QWED))))

    def chain(records: list[Record]) -> list[Record]:
        bare = [_but(record, "hmac_signature") for record in records]
        return [{**r, "hmac_signature": mac(r["entry_hash"])} for r in linked(bare)]

    return Written(
        "qwed", "log.jsonl", chain(events), lines, "entry_hash", "previous_hash", chain, ("qwed",)
    )


def summit() -> Written:
    """JSON in declared order."""
    events = [
        {
            "ts": at(n, ".5"),
            "runId": "r1",
            "actor": "ann",
            "action": "sign",
            "payload": {"z": n, "a": 1},
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        shown = {k: record[k] for k in ("ts", "runId", "actor", "action", "payload")}
        text = json.dumps(shown, separators=(",", ":"), ensure_ascii=False)
        return sha(record["prevHash"], text)

    return _log("summit", events, own="hash", previous="prevHash", genesis="", digest=digest)


def sql_au9() -> Written:
    """A table whose columns are joined."""
    events = [
        {
            "id": n,
            "created_at": at(n, ".123").replace("T", " ").replace("Z", "+00"),
            "actor_user_id": "u-1" if n % 2 else None,
            "action": f"model, sign {n}",
            "resource_type": 'the "model"' if n % 3 else None,
            "resource_id": None,
            "workspace_id": "w-1",
            "details": {"n": n},
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        time = record["created_at"].replace(" ", "T").replace("+00", "Z")
        rest = ("actor_user_id", "action", "resource_type", "resource_id", "workspace_id")
        return sha("|".join([record["previous_hash"], time, *(record[k] or "" for k in rest)]))

    return _log(
        "sql-au9", events, own="record_hash", previous="previous_hash", genesis=ZEROS,
        digest=digest, data=table, name="audit_logs.csv",
    )  # fmt: skip


def sql_immutable_log() -> Written:
    """Two chains in one table, and no previous digest in it."""
    names = (
        "log_timestamp event_type user_id structure_id resource_type resource_id action "
        "previous_value new_value"
    )
    events = [
        {
            **dict.fromkeys(names.split()),
            "id": f"i{n}",
            "log_timestamp": at(n, ".25").replace("T", " ").replace("Z", "+00"),
            "event_type": "user_action",
            "structure_id": f"s{1 + n % 2}",
            "action": f"sign {n}",
            "new_value": {"n": n},
            "ip_address": "10.0.0.1",
        }
        for n in range(12)
    ]

    def chain(records: list[Record]) -> list[Record]:
        before: dict[str, str] = {}
        done = []
        for record in records:
            place = record["structure_id"]
            shown = [record[k] for k in names.split()]
            texts = [
                "NULL" if v is None else json.dumps(v) if isinstance(v, dict) else v for v in shown
            ]
            digest = sha(before.get(place, "GENESIS_" + sha(place)), "|".join(texts))
            done.append({**record, "hash_chain": digest})
            before[place] = digest
        return done

    return Written(
        "sql-immutable-log",
        "immutable_audit_log.csv",
        chain(events),
        table,
        "hash_chain",
        "",
        chain,
    )


def sql_journal_entries() -> Written:
    """Two tenants in one table that was exported in no order."""
    events = [
        {
            "id": n + 1,
            "tenant_id": f"t{1 + n % 2}",
            "user_id": 3,
            "action": "post",
            "details": None if n % 3 else "invoice; paid",
            "created_at": at(n, ".250000").replace("T", " ").replace("Z", "+00"),
        }
        for n in range(12)
    ]

    def digest(record: Record) -> str:
        time = datetime.fromisoformat(record["created_at"].replace("+00", "+00:00"))
        parts = (
            record["tenant_id"],
            str(record["user_id"]),
            record["action"],
            record["details"] or "",
            f"{time.timestamp():.6f}",
            record["previous_hash"],
        )
        return sha("|".join(parts))

    def chain(records: list[Record]) -> list[Record]:
        done: dict[int, Record] = {}
        before: dict[str, str] = {}
        for record in sorted(records, key=lambda r: int(r["id"])):
            tenant = record["tenant_id"]
            fresh = {
                **_but(record, "entry_hash"),
                "previous_hash": before.get(tenant, "GENESIS_" + sha(tenant)),
            }
            fresh["entry_hash"] = before[tenant] = digest(fresh)
            done[record["id"]] = fresh
        return [done[record["id"]] for record in records]

    mixed = [events[n] for n in (5, 0, 1, 2, 8, 3, 4, 6, 11, 7, 9, 10)]
    return Written(
        "sql-journal-entries",
        "journal.csv",
        chain(mixed),
        table,
        "entry_hash",
        "previous_hash",
        chain,
    )


def sql_audit_dual(*, older: int = 3) -> Written:
    """Two recipes and two secrets in one table: the older first, or last where it is negative."""
    events = [
        {
            "id": n,
            "user_id": "u1",
            "action": f"sign {n}",
            "resource_type": "model",
            "resource_id": None,
            "metadata": None if n % 2 else {"n": n},
            "created_at": at(n, "").replace("T", " ").replace("Z", "+00"),
            "secret_version": 1 if n < 4 else 2,
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        time = datetime.fromisoformat(record["created_at"].replace("+00", "+00:00"))
        values = [
            record["prev_hash"],
            record["user_id"],
            record["action"],
            record["resource_type"],
            "null",
            json.dumps(record["metadata"]) if record["metadata"] else "{}",
            str(int(time.timestamp())),
        ]
        is_older = record["id"] >= -older if older < 0 else record["id"] < older
        joined = ("" if is_older else "|").join(values)
        key = SECRET if record["secret_version"] == 1 else SECRET[::-1]
        return hmac.new(key, joined.encode(), "sha256").hexdigest()

    return _log(
        "sql-audit-dual", events, own="hash", previous="prev_hash", genesis="", digest=digest,
        data=table, name="audit_logs.csv", secret=("sql-audit-dual-1", "sql-audit-dual-2"),
    )  # fmt: skip


def xrpl_wallet_mcp() -> Written:
    """A list of names for JSON.stringify: what is nested is left out unless called so."""
    key = bytes.fromhex(SECRET.decode())
    events = [
        {
            "sequence": n + 1,
            "timestamp": at(n, ".1"),
            "tool": "sign",
            "input": {"tool": n, "amount": n},
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        names = sorted(record)
        shown = {k: record[k] for k in names}
        shown["input"] = {k: v for k, v in record["input"].items() if k in names}
        return hmac.new(key, compact(shown).encode(), "sha256").hexdigest()

    genesis = hmac.new(key, b"XRPL-WALLET-MCP-GENESIS-V1", "sha256").hexdigest()
    return _log(
        "xrpl-wallet-mcp", events, own="hash", previous="previousHash", genesis=genesis,
        digest=digest, secret=("xrpl-wallet-mcp",),
    )  # fmt: skip


def igs_audit() -> Written:
    """The previous digest inside, and once more behind."""
    events = [
        {
            "seq": n + 1,
            "at": at(n, ".678"),
            "actor_type": "user",
            "actor_id": "u1",
            "action": "pharmacy.review.decided",
            "entity_type": "order",
            "entity_id": None,
            "data": {"ﬀ": n, "😀": 1, "b": True},
        }
        for n in range(8)
    ]

    def utf16(record: Record) -> Record:
        data = record["data"]
        names = sorted(data, key=lambda name: name.encode("utf-16-be"))
        return {
            k: {n: data[n] for n in names} if k == "data" else record[k] for k in sorted(record)
        }

    def digest(record: Record) -> str:
        text = json.dumps(utf16(record), separators=(",", ":"), ensure_ascii=False)
        return sha(text, record["prev_hash"])

    return _log("igs-audit", events, own="hash", previous="prev_hash", genesis=ZEROS, digest=digest)


def coreason() -> Written:
    """What has no value is left out; times in UTC."""
    names = (
        "id request_id root_request_id timestamp actor action outcome previous_hash safety_metadata"
    )
    events = [
        {
            "id": f"i{n}",
            "request_id": "r",
            "root_request_id": "r",
            "timestamp": at(n),
            "actor": "jörg",
            "action": "check",
            "outcome": "ok",
            "safety_metadata": {"n": n} if n % 2 else None,
        }
        for n in range(8)
    ]

    def digest(record: Record) -> str:
        shown = {k: v for k, v in _of(record, names).items() if v is not None}
        shown["timestamp"] = shown["timestamp"].replace("Z", "+00:00")
        return sha(spaced(shown, ascii_only=False))

    return _log(
        "coreason",
        events,
        own="integrity_hash",
        previous="previous_hash",
        genesis=None,
        digest=digest,
    )


def cyntra() -> Written:
    """RFC 8785, and 0x before digests."""
    events = [{"ts": at(n, ""), "kind": "forward", "size": 2.5, "n": n} for n in range(8)]
    return _log(
        "cyntra", events, own="hash", previous="prev_hash", genesis="0x" + ZEROS,
        digest=lambda r: "0x" + sha(compact(r)),
    )  # fmt: skip


def lemma_ocsf() -> Written:
    """Signed records whose digest nobody else can make."""
    public = SIGNER.public_key().public_bytes_raw()
    name = "ed25519:" + hashlib.sha256(public).hexdigest()[:16]
    events = [
        {
            "event": {"class_uid": 2003, "n": n},
            "signer_key_id": name,
            "signed_at": at(n, "", "+00:00"),
        }
        for n in range(6)
    ]
    linked = _linked(
        "entry_hash", "prev_hash", ZEROS,
        lambda r: sha("nobody knows", json.dumps(_but(r, "signature"))),
    )  # fmt: skip

    def chain(records: list[Record]) -> list[Record]:
        done = linked([_but(record, "signature") for record in records])
        return [{**r, "signature": SIGNER.sign(bytes.fromhex(r["entry_hash"])).hex()} for r in done]

    return Written(
        "lemma-ocsf", "log.jsonl", chain(events), lines, "entry_hash", "prev_hash", chain
    )


def acra(*, cef: bool = False) -> Written:
    """Keys that go forward; two chains after each other."""

    def text(n: int) -> str:
        mark = " chain=end" if n in {3, 7} else ""
        if cef:
            what = "End of current audit log chain" if mark else f"event {n}"
            return f"CEF:0|cossacklabs|acra-server|0.9|100|{what}|1|unixTime=177235200{n}.5{mark}"
        message = "End of current audit log chain" if mark else f"event {n}"
        return f'time="{at(n, "")}" level=info msg="{message}" version=1{mark}'

    def chain(records: list[Record]) -> list[Record]:
        done, key, tag = [], b"", b""
        for record in records:
            if record["new"]:
                key, tag = hashlib.sha256(SECRET).digest(), b""
            tag = hmac.digest(key, record["text"].encode() + tag, "sha256")
            key = hashlib.sha256(key).digest()
            done.append({**record, "integrity": hashlib.sha256(tag).hexdigest()})
        return done

    def data(records: Iterable[Record]) -> bytes:
        ends = {True: " chain=new", False: ""}
        rows = (f"{r['text']} integrity={r['integrity']}{ends[r['new']]}\n" for r in records)
        return "".join(rows).encode()

    events = [{"text": text(n), "new": n in {0, 4}} for n in range(8)]
    name = "acra-cef" if cef else "acra"
    return Written(name, "acra.log", chain(events), data, "integrity", "", chain, ("acra",))


WRITERS: dict[str, Callable[[], Written]] = {
    "caura": caura,
    "caura-table": lambda: caura(in_table=True),
    "steward": steward,
    "agentmesh-go": agentmesh_go,
    "agentmesh-go-upgraded": lambda: agentmesh_go(older=3),
    "agentmesh-export": agentmesh_export,
    "pagespace-activity": pagespace_activity,
    "pagespace-security": pagespace_security,
    "qwed": qwed,
    "summit": summit,
    "sql-au9": sql_au9,
    "sql-immutable-log": sql_immutable_log,
    "sql-journal-entries": sql_journal_entries,
    "sql-audit-dual": sql_audit_dual,
    "xrpl-wallet-mcp": xrpl_wallet_mcp,
    "igs-audit": igs_audit,
    "coreason": coreason,
    "cyntra": cyntra,
    "lemma-ocsf": lemma_ocsf,
    "acra": acra,
    "acra-cef": lambda: acra(cef=True),
}


def secrets_of(written: Written) -> dict[str, bytes]:
    """Return the secrets that a log is checked with, by id."""
    found = dict.fromkeys(written.secret, SECRET)
    if written.profile == "sql-audit-dual":
        found["sql-audit-dual-2"] = SECRET[::-1]
    return found
