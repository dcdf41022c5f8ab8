"""Valid logs of every container and family of recipes, with what may be done to them.

They are written by the writers of the tests, which follow the projects' own formulas. What of a
record is protected stands here once more, by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import builders, chain_writers
from tests.builders import KINDS, LogBuilder
from tests.chain_writers import WRITERS, Written
from tests.mutation import reading
from tests.mutation.reading import Record, Row
from workbench.sign.head import write_head
from workbench.verify.chain import library
from workbench.verify.heads.merkle import Accumulator

ZEROS = "0" * 64
LENGTH = 12


@dataclass(frozen=True)
class ChainLog:
    """A valid log, and how it is written.

    Attributes:
        name: what it is called in the table.
        file: name of its file.
        records: what it holds.
        chain: writes records anew from the first, as who wrote them did.
        data: the file of records.
        read: the records of a file, plainly read.
        own: member with the digest.
        previous: member with the previous digest; "" where it is not stored.
        edit: names of the member that is changed by an edit.
        covered: members that digests protect; empty: all of them.
        loose: members whose change may hold or not, with nothing wrong about either.
        times: covered members of which the moment is protected, not the spelling.
        sequence: member with a number that has no gaps, or "".
        partition: member by which records are parted into chains, or "".
        order: member by which rows are put in order, or "".
        nulls: whether a member that is null counts as one that is not there.
        canonical: whether each byte of a line is protected.
        forward: whether nothing can be checked after a record that does not hold.
        restarts: whether the profile says that a chain may start again.
        recomputable: whether the recipe of its digests is known.
        seal: a member with a keyed tag beside the chain, or "".
        profile: id of the shipped profile, or "".
        written_profile: a profile that the auditor brings, as YAML.
        secrets: shared secrets, by id.
        keys: public keys that the auditor trusts for logs, by file.
        clean: what of a record is protected in another way.
    """

    name: str
    file: str
    records: tuple[Record, ...]
    chain: Callable[[list[Record]], list[Record]]
    data: Callable[[Iterable[Record]], bytes]
    read: Callable[[bytes], list[Row]]
    own: str
    previous: str
    edit: tuple[str, ...] = ("action",)
    covered: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    sequence: str = ""
    partition: str = ""
    order: str = ""
    nulls: bool = False
    canonical: bool = False
    forward: bool = False
    restarts: bool = False
    recomputable: bool = True
    seal: str = ""
    profile: str = ""
    written_profile: str = ""
    secrets: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    clean: Callable[[Record], Record] = lambda record: record

    @property
    def implicit(self) -> bool:
        """Tell whether records do not store the previous digest."""
        return not self.previous

    @property
    def in_document(self) -> bool:
        """Tell whether the records lie in one JSON document."""
        return PurePosixPath(self.file).suffix == ".json"

    def protected(self, record: Record, *, meant: bool = False) -> str:
        """Return what digests protect of a record, in one form."""
        names = self.covered or record.keys()
        found = {n: record[n] for n in names if n in record and n not in self.loose}
        if self.nulls:
            found = {n: v for n, v in found.items() if v is not None}
        if meant:
            found |= {n: reading.moment(found[n]) for n in self.times & found.keys()}
        return reading.shown(self.clean(found), meant=meant)

    def edited(self, record: Record) -> Record:
        """Return a record with another value of a member that is covered."""
        name, *rest = self.edit
        if not rest:
            return {**record, name: f"{record[name]} by mallory"}
        return {**record, name: {**record[name], rest[0]: "mallory"}}

    def head(self, size: int, key: Any = builders.KEY) -> bytes:
        """Return a signed head over the first records of the file."""
        tree = Accumulator()
        rows = self.read(self.data(self.records))[:size]
        for row in rows:
            tree.add_leaf(row.raw.removesuffix(b"\n"))
        own = str(self.records[size - 1][self.own]).removeprefix("0x")
        known = {p.id: p.sha256 for p in library.shipped()}
        return write_head(
            "example.org/log",
            size,
            tree.root(),
            ("sha256", bytes.fromhex(own)),
            (self.profile, known[self.profile]),
            key,
            "example.org/log",
        )


_COVERED = {
    "hashchainalgo": "ts actor action details prev_hash hash",
    "certmate": "seq entry prev_hash hash",
    "agentmesh": " ".join(builders._MESH) + " content_hash",
    "caura": f"{chain_writers._CAURA} prev_hash event_hash",
    "agentmesh-go": "timestamp agent_id action decision previous_hash hash",
    "agentmesh-export": f"{chain_writers._EXPORTED} entry_hash",
    "pagespace-activity": f"{chain_writers._ACTIVITY} previousLogHash logHash",
    "pagespace-security": f"{chain_writers._SECURITY} previousHash eventHash",
    "qwed": f"{chain_writers._QWED} entry_hash",
    "summit": "ts runId actor action payload prevHash hash",
    "sql-au9": "created_at actor_user_id action resource_type resource_id workspace_id "
    "previous_hash record_hash",
    "sql-immutable-log": "log_timestamp event_type user_id structure_id resource_type resource_id "
    "action previous_value new_value hash_chain",
    "sql-journal-entries": "tenant_id user_id action details created_at previous_hash entry_hash",
    "sql-audit-dual": "user_id action resource_type resource_id metadata created_at prev_hash hash",
    "lemma-ocsf": "entry_hash prev_hash",
}
_TIMES = {
    "caura": "created_at",
    "steward": "created_at",
    "agentmesh-export": "timestamp",
    "pagespace-activity": "timestamp",
    "pagespace-security": "timestamp",
    "qwed": "timestamp",
    "sql-au9": "created_at",
    "sql-journal-entries": "created_at",
    "sql-audit-dual": "created_at",
    "igs-audit": "at",
    "coreason": "timestamp",
}
_LOOSE = {
    "pagespace-activity": "chainSeed",
    "sql-audit-dual": "secret_version",
    "sql-journal-entries": "id",
    "lemma-ocsf": "signature signer_key_id signed_at",
    "qwed": "hmac_signature",
}
_SEQUENCES = {"caura": "seq", "steward": "seq", "xrpl-wallet-mcp": "sequence", "igs-audit": "seq"}
_PARTITIONS = {
    "caura": "tenant_id",
    "caura-table": "tenant_id",
    "sql-immutable-log": "structure_id",
    "sql-journal-entries": "tenant_id",
    "sql-audit-dual": "user_id",
    "steward": "tenant_id",
}
_ORDERS = {"caura-table": "seq", "sql-journal-entries": "id"}
_EDITS = {
    "certmate": ("entry", "user"),
    "agentmesh": ("action",),
    "xrpl-wallet-mcp": ("tool",),
    "pagespace-activity": ("operation",),
    "pagespace-security": ("eventType",),
    "qwed": ("query",),
    "cyntra": ("kind",),
    "lemma-ocsf": ("signed_at",),
    "acra": ("text",),
    "acra-cef": ("text",),
    "sql-immutable-log": ("event_type",),
}


def pem(key: Any) -> bytes:
    """Return the public half of a key."""
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


def of_builder(kind: str, *, sealed: bool = False) -> ChainLog:
    """Return a log of JSON lines."""

    def chained(records: Iterable[Record]) -> list[Record]:
        log = LogBuilder(kind, 0)
        log.records = [dict(record) for record in records]
        log.rechain()
        return log.records

    how = KINDS[kind]
    seal = {"agentmesh": "signature", "earcrawler": "hmac"}.get(kind, "")

    def data(records: Iterable[Record]) -> bytes:
        return b"".join(how.line(record).encode() + b"\n" for record in records)

    covered = _names(_COVERED.get(kind, ""))
    return ChainLog(
        name=f"{kind} sealed" if sealed else kind,
        file="log.jsonl",
        records=tuple(LogBuilder(kind, LENGTH).records),
        chain=chained,
        data=data,
        read=reading.json_lines,
        own=how.own,
        previous=how.previous,
        edit=_EDITS.get(kind, ("actor",)),
        covered=covered | {seal} if sealed and covered else covered,
        loose=frozenset() if sealed or not seal else frozenset({seal}),
        sequence=how.sequence or "",
        canonical=kind == "workbench",
        restarts=kind == "earcrawler",
        seal=seal if sealed else "",
        profile=kind,
        secrets={kind: builders.SECRET} if sealed or how.keyed else {},
    )


def _reader(written: Written) -> Callable[[bytes], list[Row]]:
    match PurePosixPath(written.name).suffix:
        case ".csv" if written.profile == "caura":
            return partial(reading.table, typed=("seq", "detail"))
        case ".csv":
            return reading.table
        case ".json":
            return reading.document("entries")
        case ".log":
            return reading.texts(written.own)
        case _:
            return reading.json_lines


def of_writer(name: str) -> ChainLog:
    """Return a log as its project writes it."""
    written = WRITERS[name]()
    kind = written.profile
    nulls = {"caura", "pagespace-activity", "pagespace-security", "qwed", "coreason", "steward"}
    nulls |= {"sql-immutable-log", "sql-audit-dual"}
    return ChainLog(
        name=name,
        file=written.name,
        records=tuple(written.records),
        chain=written.chain,
        data=written.data,
        read=_reader(written),
        own=written.own,
        previous=written.previous,
        edit=_EDITS.get(kind, ("action",)),
        covered=_names(_COVERED.get(kind, "")),
        loose=_names(_LOOSE.get(kind, "")),
        times=_names(_TIMES.get(kind, "")),
        sequence=_SEQUENCES.get(kind, ""),
        partition=_PARTITIONS.get(name, ""),
        order=_ORDERS.get(name, ""),
        nulls=kind in nulls,
        forward=kind.startswith("acra"),
        recomputable=kind != "lemma-ocsf",
        profile=kind,
        secrets=chain_writers.secrets_of(written),
        keys={"signer.pem": pem(chain_writers.SIGNER)} if kind == "lemma-ocsf" else {},
        clean=_CLEANERS.get(kind, lambda record: record),
    )


def _listed_only(record: Record) -> Record:
    """Return a record as JSON.stringify with a list of its names writes it."""

    def picked(value: Any) -> Any:
        if isinstance(value, dict):
            return {n: picked(v) for n, v in value.items() if n in record}
        return value

    return {name: picked(value) for name, value in record.items()}


def _joined(null: str) -> Callable[[Record], Record]:
    """Return what counts NULL as a text."""
    return lambda record: {n: null if v is None else v for n, v in record.items()}


_CLEANERS: dict[str, Callable[[Record], Record]] = {
    "xrpl-wallet-mcp": _listed_only,
    "sql-au9": lambda record: {n: v for n, v in record.items() if v},
    "sql-immutable-log": _joined("NULL"),
    "sql-journal-entries": lambda record: {n: v for n, v in record.items() if v},
}
