"""What checks and rules said last, kept with the content of the case that they were asked of.

The entry of the journal that records a run states the digest of what was kept of it: what was
changed since by other means is not shown.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench import __version__
from workbench.errors import WorkbenchError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.contract import Json
from workbench.model.moment import nanoseconds
from workbench.model.policy import CheckResult, KeptRun, Pack
from workbench.model.policy_keeping import results_of, results_to_json
from workbench.store import journal
from workbench.store.case_store import Act
from workbench.store.tables import CheckRunRow, JournalRow

RAN = "check.run"
#: Member of the entry's detail: the digest of what was kept.
_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a case.

    Attributes:
        name: by which it is found again.
        version: as its author counts, or "".
        sha256: of what was asked.
    """

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """What was said, as it was kept.

    Attributes:
        at: when.
        who: who asked.
        sha256: of what was asked.
        document: what was said.
        basis: content of the case and version of the program then.
        is_stale: one of them changed since.
    """

    at: datetime
    who: str
    sha256: str
    document: Mapping[str, JsonValue]
    basis: tuple[str, str]
    is_stale: bool


def put(act: Act, pack: Pack, results: Sequence[CheckResult], *, who: str) -> None:
    """Keep what a pack said, in the act that records it, in place of what it said before."""
    keep(act, Asked(pack.id, pack.version, pack.sha256), results_to_json(results), who=who)


def latest(session: Session, pack: Pack) -> KeptRun | None:
    """Return what a pack said last.

    None where it was not run, where another pack had its id, or where what is kept is not what the
    journal recorded.
    """
    found = kept(session, pack.id, act=RAN)
    if found is None or found.sha256 != pack.sha256:
        return None
    results = results_of(found.document, pack)
    return None if results is None else KeptRun(found.at, found.who, results, found.is_stale)


def keep(act: Act, asked: Asked, said: Mapping[str, Json], *, who: str) -> None:
    """Keep what was said, in the act that records it, in place of what was said before."""
    session = act.session
    row = session.get(CheckRunRow, asked.name) or CheckRunRow(pack=asked.name)
    row.version, row.sha256 = asked.version, asked.sha256
    row.at, row.who, (row.content, row.tool) = act.at, who, basis(session)
    row.document = json.dumps(said, separators=(",", ":"))
    session.add(row)
    act.detail[_KEPT] = _digest(row)


def kept(session: Session, name: str, *, act: str) -> KeptDocument | None:
    """Return what was said last, or None: it is not there, or not what the journal recorded."""
    row = session.get(CheckRunRow, name)
    if row is None or _recorded(session, name, act) != _digest(row):
        return None
    then = row.content, row.tool
    said = _parsed(row.document)
    return KeptDocument(row.at, row.who, row.sha256, said, then, then != basis(session))


def basis(session: Session) -> tuple[str, str]:
    """Return what all that is said of a case rests on: its content, and the program's version."""
    return journal.content(session), __version__


def _digest(row: CheckRunRow) -> str:
    at = nanoseconds(row.at) // 1000
    parts = (row.pack, row.version, row.sha256, at, row.who, row.tool, row.content, row.document)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _recorded(session: Session, name: str, act: str) -> JsonValue:
    """Return the digest that the newest act of asking stated."""
    mine = JournalRow.act == act, JournalRow.subject == name
    newest = select(JournalRow.detail).where(*mine).order_by(JournalRow.number.desc())
    return _parsed(session.scalars(newest.limit(1)).first() or "").get(_KEPT)


def _parsed(document: str) -> Mapping[str, JsonValue]:
    try:
        value = parse(document.encode(), what="kept results", allow_halves=True)
    except WorkbenchError:
        return {}
    return value if isinstance(value, dict) else {}
