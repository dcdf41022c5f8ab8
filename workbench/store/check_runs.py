"""What packs of checks said last, kept with the content of the case that they were asked of."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from workbench import __version__
from workbench.errors import WorkbenchError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.policy import CheckResult, KeptRun, Pack
from workbench.model.policy_keeping import results_of, results_to_json
from workbench.store import journal
from workbench.store.tables import CheckRunRow


def put(
    session: Session, pack: Pack, results: Sequence[CheckResult], *, at: datetime, who: str
) -> str:
    """Keep what a pack said in place of what it said before; return the kept document."""
    row = session.get(CheckRunRow, pack.id) or CheckRunRow(pack=pack.id)
    row.version, row.sha256, row.tool = pack.version, pack.sha256, __version__
    row.at, row.who, row.content = at, who, journal.content(session)
    row.document = json.dumps(results_to_json(results), separators=(",", ":"))
    session.add(row)
    return row.document


def latest(session: Session, pack: Pack) -> KeptRun | None:
    """Return what a pack said last; None where it was not run, or another pack had its id."""
    row = session.get(CheckRunRow, pack.id)
    if row is None or row.sha256 != pack.sha256:
        return None
    results = results_of(_parsed(row.document), pack)
    if results is None:
        return None
    is_stale = (row.content, row.tool) != (journal.content(session), __version__)
    return KeptRun(row.at, row.who, results, is_stale)


def _parsed(document: str) -> Mapping[str, JsonValue]:
    try:
        value = parse(document.encode(), what="kept results", allow_halves=True)
    except WorkbenchError:
        return {}
    return value if isinstance(value, dict) else {}
