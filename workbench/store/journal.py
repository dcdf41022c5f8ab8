"""The journal: each act of the auditor, chained to the act before it.

An entry is written as one line of canonical JSON, and its digest is the SHA-256 of that line
without its member ``digest``: the chain profile ``workbench-journal``, so that an exported
journal is verified like any other log, here or by hand. The first entry's previous digest is the
SHA-256 of no bytes. How long the chain is and where it ends stands beside it in the case file, and
in a file beside that (``checkpoint``): a chain that lost its end still holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.model.case import HandedOver, JournalBreak, JournalEntry, JournalState
from workbench.model.moment import claimed_ns, time_of
from workbench.store.tables import JournalHeadRow, JournalRow
from workbench.store.tables.base import canonical

NOTHING = hashlib.sha256(b"").hexdigest()
NOTICED = "journal.broken"
ANEW = "index.rebuild"
MIGRATED = "case.migrate"
VERIFIED = "case.verify"
#: A server was asked by what is no act on record, or by an act that failed.
ASKED = "network.ask"
#: Acts that write a report: they follow what they report on, and do not change it.
REPORTS = ("report.sign", "report.write")
#: Acts for which a server may have been asked for a time stamp.
_STAMPED = (*REPORTS, "package.write", ASKED)
#: A part of the case was handed over.
SUBSET = "subset.write"
#: Beginnings of acts that leave alone what anything is derived from.
_HARMLESS = ("check", "finding", "report", "note", "tag", "view", "subset", "package", "network")
#: Acts on which verdicts rest: after one of them the newest verification is out of date.
_BEARING = {
    "evidence.add": "Evidence was added",
    "evidence.totals": "A control total was stated",
    "trust.add": "A key was trusted",
    "trust.confirm": "A fingerprint was confirmed",
    "trust.remove": "A key was trusted no more",
    "case.engagement": "The engagement was changed",
    MIGRATED: "The case was brought to a newer format",
}
#: Member of an entry's detail that seals tables (``seals``).
SEALS = "seals"
#: Member of ``Session.info``: what was found of the journal.
STATE = "journal state"
_ONLY = 1


def append(
    session: Session,
    *,
    at: datetime,
    who: str,
    act: str,
    subject: str,
    detail: Mapping[str, JsonValue],
) -> JournalEntry:
    """Add an entry, in the transaction of what it records."""
    last = session.scalars(select(JournalRow).order_by(JournalRow.number.desc()).limit(1)).first()
    entry = _chained(
        JournalEntry(
            number=last.number + 1 if last else 1,
            at=at,
            who=plain(who),
            act=act,
            subject=plain(subject),
            detail=canonical(_plain_value(dict(detail))),
            previous=last.digest if last else NOTHING,
            digest="",
        )
    )
    session.add(_row(entry))
    end = session.get(JournalHeadRow, _ONLY) or JournalHeadRow(id=_ONLY)
    end.entries, end.head = entry.number, entry.digest
    session.add(end)
    return entry


@dataclass(slots=True)
class Chain:
    """The chain as it was recomputed.

    Attributes:
        entries: how many acts.
        head: digest of the last one.
        broken: the first entry that does not hold, or None.
        seals: digest that was stated last of each group of tables, and the entry that did.
        doubtful: groups that were sealed last where the chain does not hold.
        noticed: groups that were found changed before.
        doubted: verifications up to this number were doubted then.
    """

    entries: int = 0
    head: str = NOTHING
    broken: JournalBreak | None = None
    seals: dict[str, tuple[str, int]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    noticed: set[str] = field(default_factory=set)
    doubted: int = 0
    _holds: bool = True

    def take(self, row: JournalRow) -> None:
        """Take the next entry."""
        self.entries += 1
        digest = _digest(row)
        expected = (self.entries, self.head, digest)
        if (row.number, row.previous, row.digest) != expected:
            self._break(row, digest)
        elif row.act == NOTICED:
            self._noticed(_value(row.detail))
        if SEALS in row.detail:
            self._sealed(_value(row.detail).get(SEALS), row.number)
        if row.act == ANEW:
            self.noticed.discard("index")
        self.head = row.digest

    def _break(self, row: JournalRow, digest: str) -> None:
        self._holds = False
        linked = row.previous == self.head
        expected, found = (digest, row.digest) if linked else (self.head, row.previous)
        self.broken = self.broken or JournalBreak(self.entries, expected, found)

    def _noticed(self, detail: Mapping[str, JsonValue]) -> None:
        self._holds = True
        tables, number = detail.get("tables"), detail.get("verifications")
        self.noticed |= set(map(str, tables)) if isinstance(tables, list) else set()
        self.doubted = max(self.doubted, number if isinstance(number, int) else 0)

    def _sealed(self, seals: JsonValue, number: int) -> None:
        for name, digest in seals.items() if isinstance(seals, dict) else ():
            self.seals[name] = str(digest), number
            (self.doubtful.discard if self._holds else self.doubtful.add)(name)


def recomputed(session: Session) -> Chain:
    """Recompute the whole chain; where it states another end than it has, it is broken."""
    chain = Chain()
    for row in _rows(session):
        chain.take(row)
    end = session.get(JournalHeadRow, _ONLY)
    stated = (end.entries, end.head) if end else (0, "")
    if chain.broken is None and stated != (chain.entries, chain.head):
        chain.broken = JournalBreak(chain.entries + 1, stated[1], chain.head)
        chain.doubtful |= set(chain.seals)
    return chain


def verify(session: Session) -> JournalState:
    """Recompute the whole chain and return what it comes to, without what it says of tables."""
    chain = recomputed(session)
    return JournalState(chain.entries, chain.head, chain.broken)


def head(session: Session) -> JournalState:
    """Return number and digest of the last entry, without looking at the others."""
    last = session.scalars(select(JournalRow).order_by(JournalRow.number.desc()).limit(1)).first()
    return JournalState(last.number, last.digest) if last else JournalState(0, NOTHING)


def of_content(session: Session) -> JournalState:
    """Return number and digest of the last act that bears on what the case holds.

    Writing a report is none, nor is asking a server for a time stamp: the same case gives the same
    report however often it was written.
    """
    content = select(JournalRow).where(JournalRow.act.not_in((*REPORTS, ASKED)))
    last = session.scalars(content.order_by(JournalRow.number.desc()).limit(1)).first()
    return JournalState(last.number, last.digest) if last else JournalState(0, NOTHING)


def digest_of(session: Session, number: int) -> str:
    """Return the digest of an entry; "" where there is none with this number."""
    wanted = select(JournalRow.digest).where(JournalRow.number == number)
    return session.scalar(wanted) or ""


def entries(session: Session, *, first: int = 1, count: int | None = None) -> list[JournalEntry]:
    """Return entries from number ``first`` on."""
    rows = select(JournalRow).where(JournalRow.number >= first).order_by(JournalRow.number)
    return [entry_of(row) for row in session.scalars(rows.limit(count))]


def stale(session: Session) -> str:
    """Return in one sentence what was done since the newest verification that bears on verdicts.

    "" where there was none, or where the case was not verified yet.
    """
    verified = select(func.max(JournalRow.number)).where(JournalRow.act == VERIFIED)
    after = session.scalar(verified)
    if after is None:
        return ""
    bearing = JournalRow.number > after, JournalRow.act.in_(_BEARING)
    row = session.scalars(select(JournalRow).where(*bearing).order_by(JournalRow.number)).first()
    if row is None:
        return ""
    return f"{_BEARING[row.act]} after the newest verification (act {row.number:,})."


def content(session: Session) -> str:
    """Return the digest of the newest act that changed what the case holds or derives from.

    It commits to all acts before it; writing findings, reports or running checks changes nothing.
    """
    changing = (JournalRow.act.not_like(f"{start}.%") for start in _HARMLESS)
    rows = select(JournalRow.digest).where(*changing).order_by(JournalRow.number.desc())
    return session.scalars(rows.limit(1)).first() or ""


def handed_over(session: Session) -> list[HandedOver]:
    """Return the parts of the case that were handed over, in order, with what was left out."""
    found = []
    rows = select(JournalRow).where(JournalRow.act == SUBSET).order_by(JournalRow.number)
    for row in session.scalars(rows):
        entry = entry_of(row)
        match _value(entry.detail):
            case {"rows": dict(given), "withheld": dict(withheld), "names": int(names)}:
                counts = (_counts(given), _counts(withheld))
                found.append(HandedOver(entry.at, entry.subject, *counts, names))
            case _:
                pass
    return found


def network(session: Session) -> tuple[str, ...]:
    """Return the servers that acts on the case asked, each once."""
    named: dict[str, None] = {}
    rows = select(JournalRow.detail).where(JournalRow.act.in_(_STAMPED))
    for detail in session.scalars(rows.order_by(JournalRow.number)):
        match _value(detail):
            case {"network": list(servers)}:
                named.update((str(server), None) for server in servers)
            case _:
                pass
    return tuple(named)


def _counts(said: Mapping[str, JsonValue]) -> dict[str, int]:
    return {name: count for name, count in said.items() if isinstance(count, int)}


def total(session: Session) -> int:
    """Return how many entries there are."""
    return session.scalar(select(func.count()).select_from(JournalRow)) or 0


def has(session: Session, *, act: str, subject: str) -> bool:
    """Tell whether an act on a subject was recorded."""
    wanted = select(JournalRow.number).where(JournalRow.act == act, JournalRow.subject == subject)
    return session.scalars(wanted.limit(1)).first() is not None


def sayings(
    session: Session, state: JournalState, acts: Iterable[str]
) -> Iterator[tuple[JournalEntry, Mapping[str, JsonValue]]]:
    """Yield the entries of some acts with what they say, as far as the journal holds.

    Args:
        session: the case.
        state: what was found of its journal; what stands after a break in it says nothing.
        acts: names of the acts.
    """
    rows = select(JournalRow).where(JournalRow.act.in_(list(acts))).order_by(JournalRow.number)
    if state.broken is not None and not state.broken.tables:
        rows = rows.where(JournalRow.number < state.broken.number)
    for row in session.scalars(rows):
        yield entry_of(row), _value(row.detail)


def lines(session: Session) -> Iterator[bytes]:
    """Yield the journal as lines that ``workbench verify`` reads."""
    for row in _rows(session):
        yield _line(row, digest=True) + b"\n"


def entry_of(row: JournalRow) -> JournalEntry:
    """Return a row as a word of the model; a time that is none (a broken entry) as the epoch."""
    at = time_of(claimed_ns(row.at) or 0)
    return JournalEntry(
        row.number, at, row.who, row.act, row.subject, row.detail, row.previous, row.digest
    )


def _rows(session: Session) -> Iterable[JournalRow]:
    rows = select(JournalRow).order_by(JournalRow.number)
    return session.scalars(rows.execution_options(yield_per=1000))


def _row(entry: JournalEntry) -> JournalRow:
    return JournalRow(
        number=entry.number,
        at=_time(entry.at),
        who=entry.who,
        act=entry.act,
        subject=entry.subject,
        detail=entry.detail,
        previous=entry.previous,
        digest=entry.digest,
    )


def _chained(entry: JournalEntry) -> JournalEntry:
    row = _row(entry)
    row.digest = _digest(row)
    return entry_of(row)


def _digest(row: JournalRow) -> str:
    return hashlib.sha256(_line(row, digest=False)).hexdigest()


def _line(row: JournalRow, *, digest: bool) -> bytes:
    """Return the canonical line; ``detail`` is canonical already and goes in as it stands."""
    members = [
        f'"act":{canonical(row.act)}',
        f'"at":{canonical(row.at)}',
        f'"detail":{row.detail}',
        *([f'"digest":{canonical(row.digest)}'] if digest else []),
        f'"number":{row.number:d}',
        f'"previous":{canonical(row.previous)}',
        f'"subject":{canonical(row.subject)}',
        f'"who":{canonical(row.who)}',
    ]
    return f"{{{','.join(members)}}}".encode()


def _value(detail: str) -> Mapping[str, JsonValue]:
    """Return what an entry says; nothing where it was made unreadable."""
    try:
        value = parse(detail.encode(), what="journal")
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(text: str) -> str:
    """Return text that can be written as UTF-8: lone surrogates of file names as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _plain_value(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return plain(value)
        case list():
            return [_plain_value(one) for one in value]
        case dict():
            return {plain(name): _plain_value(one) for name, one in value.items()}
        case _:
            return value
