"""Lists that no table holds, asked like tables: their rows go in as one JSON parameter."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from workbench.model.case import JournalState
from workbench.model.kept import KeptSignature
from workbench.model.moment import nanoseconds
from workbench.model.remark import Remark, RemarkKind
from workbench.store import remarks, sources, verdicts
from workbench.store.journal import STATE

_SIGNATURES = "signatures"
NOTES = ("number", "kind", "tag", "note", "place", "source", "source_id", "who", "at")
SIGNED = (
    *("number", "indication", "code", "signer", "fingerprint", "trusted_by", "covers"),
    *("time", "source", "source_id"),
)

_Row = Sequence[str | int | None]


def table_of(columns: Iterable[str]) -> str:
    """Return what follows FROM: rows called ``r``, out of one parameter."""
    cells = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(columns))
    return f"(SELECT {cells} FROM json_each(?)) AS r"


def remarks_of(session: Session) -> list[Remark]:
    """Return the tags and notes that hold."""
    state = session.info.get(STATE)
    return list(remarks.every(session, state)) if isinstance(state, JournalState) else []


def remark_rows(session: Session) -> str:
    """Return the tags and notes that hold, as rows of ``NOTES``."""
    numbers = {s.sha256: s for s in sources.every(session, superseded=True)}
    rows: list[_Row] = []
    for said in remarks_of(session):
        source = numbers.get(said.on.sha256)
        tag, note = (said.text, None) if said.kind is RemarkKind.TAG else (None, said.text)
        path, number = (source.display, source.id) if source else (None, None)
        at = nanoseconds(said.at) // 1000
        rows.append(
            (said.number, said.kind.value, tag, note, said.place, path, number, said.who, at)
        )
    return json.dumps(rows)


def signatures_of(session: Session) -> list[KeptSignature]:
    """Return the signatures that the newest verification judged; read once a session."""
    if _SIGNATURES not in session.info:
        session.info[_SIGNATURES] = verdicts.signatures(session)
    return list(session.info[_SIGNATURES])


def signature_rows(session: Session) -> str:
    """Return the signatures that the newest verification judged, as rows of ``SIGNED``."""
    rows: list[_Row] = []
    for kept in signatures_of(session):
        found = kept.signature
        time = None if found.time is None else nanoseconds(found.time) // 1000
        rows.append(
            (kept.id, found.indication.value, found.code, found.signer, found.fingerprint,
             found.trusted_by, found.covers, time, kept.path, kept.source)
        )  # fmt: skip
    return json.dumps(rows)
