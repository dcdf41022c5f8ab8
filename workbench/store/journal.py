"""The journal: each act of the auditor, chained to the act before it.

An entry is written as one line of canonical JSON, and its digest is the SHA-256 of that line
without its member ``digest``: the chain profile ``workbench-journal``, so that an exported
journal is verified like any other log, here or by hand. The first entry's previous digest is the
SHA-256 of no bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workbench.evidence.strict_json import JsonValue
from workbench.model.case import JournalBreak, JournalEntry, JournalState
from workbench.model.moment import claimed_ns, time_of
from workbench.store.tables import JournalRow
from workbench.store.tables.base import canonical

NOTHING = hashlib.sha256(b"").hexdigest()
NOTICED = "journal.broken"


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
    return entry


def verify(session: Session) -> JournalState:
    """Recompute the whole chain and return what it comes to."""
    previous, count, broken = NOTHING, 0, None
    for count, row in enumerate(_rows(session), 1):
        digest = _digest(row)
        good = (row.number, row.previous, row.digest) == (count, previous, digest)
        if broken is None and not good:
            expected = digest if row.previous == previous else previous
            found = row.digest if row.previous == previous else row.previous
            broken = JournalBreak(count, expected, found)
        previous = row.digest
    return JournalState(count, previous, broken)


def head(session: Session) -> JournalState:
    """Return number and digest of the last entry, without looking at the others."""
    last = session.scalars(select(JournalRow).order_by(JournalRow.number.desc()).limit(1)).first()
    return JournalState(last.number, last.digest) if last else JournalState(0, NOTHING)


def entries(session: Session, *, first: int = 1, count: int | None = None) -> list[JournalEntry]:
    """Return entries from number ``first`` on."""
    rows = select(JournalRow).where(JournalRow.number >= first).order_by(JournalRow.number)
    return [entry_of(row) for row in session.scalars(rows.limit(count))]


def total(session: Session) -> int:
    """Return how many entries there are."""
    return session.scalar(select(func.count()).select_from(JournalRow)) or 0


def has(session: Session, *, act: str, subject: str) -> bool:
    """Tell whether an act on a subject was recorded."""
    wanted = select(JournalRow.number).where(JournalRow.act == act, JournalRow.subject == subject)
    return session.scalars(wanted.limit(1)).first() is not None


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
