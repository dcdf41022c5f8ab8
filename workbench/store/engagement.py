"""The engagement of a case: who asked for what, for which period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workbench.errors import StoreError
from workbench.model.case import Engagement
from workbench.model.expectation import Period
from workbench.store.tables import EngagementRow

_ONLY = 1


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case is known by.

    Attributes:
        case_id: random, the same for the life of the case.
        engagement: who asked for what.
        created: when, aware UTC.
        tool: version of the program that made it.
    """

    case_id: str
    engagement: Engagement
    created: datetime
    tool: str


def put(session: Session, engagement: Engagement, *, case_id: str, at: datetime, tool: str) -> None:
    """Write the engagement of a new case."""
    row = EngagementRow(id=_ONLY, case_id=case_id, created=at, tool=tool)
    _fill(row, engagement)
    session.add(row)


def change(session: Session, engagement: Engagement) -> None:
    """Write another engagement in place of the one that is there."""
    _fill(_row(session), engagement)


def facts(session: Session) -> CaseFacts:
    """Return what the case is known by."""
    row = _row(session)
    return CaseFacts(row.case_id, _engagement(row), row.created, row.tool)


def _row(session: Session) -> EngagementRow:
    row = session.get(EngagementRow, _ONLY)
    if row is None:
        raise StoreError("The case file holds no engagement: it is damaged.")
    return row


def _fill(row: EngagementRow, engagement: Engagement) -> None:
    row.title, row.number, row.client = engagement.title, engagement.number, engagement.client
    row.period_first = engagement.period.first if engagement.period else None
    row.period_last = engagement.period.last if engagement.period else None
    row.cut_off = engagement.cut_off
    row.team = list(engagement.team)
    row.scope, row.criteria = engagement.scope, engagement.criteria


def _engagement(row: EngagementRow) -> Engagement:
    period = None
    if row.period_first is not None and row.period_last is not None:
        period = Period(row.period_first, row.period_last)
    team = row.team if isinstance(row.team, list) else []
    return Engagement(
        title=row.title,
        number=row.number,
        client=row.client,
        period=period,
        cut_off=row.cut_off,
        team=tuple(str(name) for name in team),
        scope=row.scope,
        criteria=row.criteria,
    )
