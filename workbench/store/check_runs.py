"""What packs of checks said last, kept with the content of the case that they were asked of.

The entry of the journal that records a run states the digest of what was kept of it: what was
changed since by other means is not shown.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench import __version__
from workbench.errors import WorkbenchError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.moment import nanoseconds
from workbench.model.policy import CheckResult, KeptRun, Pack
from workbench.model.policy_keeping import results_of, results_to_json
from workbench.store import journal
from workbench.store.case_store import Act
from workbench.store.tables import CheckRunRow, JournalRow

RAN = "check.run"
#: Member of the entry's detail: the digest of what was kept.
_KEPT = "kept"


def put(act: Act, pack: Pack, results: Sequence[CheckResult], *, who: str) -> None:
    """Keep what a pack said, in the act that records it, in place of what it said before."""
    session = act.session
    row = session.get(CheckRunRow, pack.id) or CheckRunRow(pack=pack.id)
    row.version, row.sha256, row.tool = pack.version, pack.sha256, __version__
    row.at, row.who, row.content = act.at, who, journal.content(session)
    row.document = json.dumps(results_to_json(results), separators=(",", ":"))
    session.add(row)
    act.detail[_KEPT] = _digest(row)


def latest(session: Session, pack: Pack) -> KeptRun | None:
    """Return what a pack said last.

    None where it was not run, where another pack had its id, or where what is kept is not what the
    journal recorded.
    """
    row = session.get(CheckRunRow, pack.id)
    if row is None or row.sha256 != pack.sha256 or _recorded(session, pack) != _digest(row):
        return None
    results = results_of(_parsed(row.document), pack)
    if results is None:
        return None
    is_stale = (row.content, row.tool) != (journal.content(session), __version__)
    return KeptRun(row.at, row.who, results, is_stale)


def _digest(row: CheckRunRow) -> str:
    at = nanoseconds(row.at) // 1000
    parts = (row.pack, row.version, row.sha256, at, row.who, row.tool, row.content, row.document)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _recorded(session: Session, pack: Pack) -> JsonValue:
    """Return the digest that the newest run of a pack stated."""
    mine = JournalRow.act == RAN, JournalRow.subject == pack.id
    newest = select(JournalRow.detail).where(*mine).order_by(JournalRow.number.desc())
    return _parsed(session.scalars(newest.limit(1)).first() or "").get(_KEPT)


def _parsed(document: str) -> Mapping[str, JsonValue]:
    try:
        value = parse(document.encode(), what="kept results", allow_halves=True)
    except WorkbenchError:
        return {}
    return value if isinstance(value, dict) else {}
