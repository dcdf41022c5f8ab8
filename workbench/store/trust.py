"""The trust store of a case: whom the auditor trusts, for what, and how sure that is."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.model.trust import AnchorKind, TrustAnchor, TrustEntry, TrustRole
from workbench.store.tables import TrustRow


def add(
    session: Session, anchors: Iterable[TrustAnchor], *, at: datetime, who: str
) -> list[TrustEntry]:
    """Keep anchors; one that is there already for the same role and name is not kept twice."""
    known = {_identity(entry.anchor) for entry in every(session)}
    rows = [_row(a, at=at, who=who) for a in dict.fromkeys(anchors) if _identity(a) not in known]
    session.add_all(rows)
    session.flush()
    return [_entry(row) for row in rows]


def every(session: Session) -> list[TrustEntry]:
    """Return the anchors that are trusted, in the order they were added."""
    wanted = select(TrustRow).where(TrustRow.removed_at.is_(None)).order_by(TrustRow.id)
    return [_entry(row) for row in session.scalars(wanted)]


def confirm(session: Session, fingerprint: str, *, at: datetime, how: str) -> list[TrustEntry]:
    """State that a fingerprint, of a key or of its certificate, was compared out of band.

    Raises:
        UsageError: no trusted key has it.
    """
    wanted = select(TrustRow).where(
        TrustRow.removed_at.is_(None),
        (TrustRow.fingerprint == fingerprint) | (TrustRow.key_fingerprint == fingerprint),
    )
    rows = list(session.scalars(wanted.order_by(TrustRow.id)))
    if not rows:
        raise UsageError(f"{fingerprint} is the fingerprint of no key that this case trusts.")
    for row in rows:
        row.confirmed_at, row.confirmed_how = at, how
    return [_entry(row) for row in rows]


def remove(session: Session, number: int, *, at: datetime) -> TrustEntry:
    """Trust an anchor no more; that it once was stays on record.

    Raises:
        UsageError: there is none with this number.
    """
    row = session.get(TrustRow, number)
    if row is None or row.removed_at is not None:
        raise UsageError(f"There is no trusted key {number} in this case.")
    row.removed_at = at
    return _entry(row)


def _identity(anchor: TrustAnchor) -> tuple[str, TrustRole | None, str | None, bytes]:
    return anchor.fingerprint, anchor.role, anchor.note_name, anchor.der


def _row(anchor: TrustAnchor, *, at: datetime, who: str) -> TrustRow:
    return TrustRow(
        name=anchor.name,
        kind=anchor.kind.value,
        role=None if anchor.role is None else anchor.role.value,
        fingerprint=anchor.fingerprint,
        key_fingerprint=anchor.key_fingerprint,
        der=anchor.der,
        note_name=anchor.note_name,
        added=at,
        who=who,
        confirmed_at=at if anchor.confirmed else None,
        confirmed_how=anchor.confirmed_how,
        key_id=anchor.key_id,
        valid_from=anchor.valid_from,
        valid_to=anchor.valid_to,
        source=anchor.source,
    )


def _entry(row: TrustRow) -> TrustEntry:
    anchor = TrustAnchor(
        name=row.name,
        kind=AnchorKind(row.kind),
        role=None if row.role is None else TrustRole(row.role),
        fingerprint=row.fingerprint,
        key_fingerprint=row.key_fingerprint,
        der=row.der,
        note_name=row.note_name,
        confirmed=row.confirmed_at is not None,
        key_id=row.key_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        confirmed_how=row.confirmed_how,
    )
    return TrustEntry(row.id, anchor, row.added, row.who, row.confirmed_at)
