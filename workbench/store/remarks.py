"""Tags and notes of the auditor, as the journal keeps them.

There is no table of them: what was added and not taken back holds, as far as the journal does.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from workbench.evidence.strict_json import JsonValue
from workbench.model.case import JournalState
from workbench.model.remark import On, Place, Remark, RemarkKind
from workbench.store import journal
from workbench.store.case_store import Act

ADD: Mapping[str, RemarkKind] = {f"{kind.value}.add": kind for kind in RemarkKind}
REMOVE: Mapping[str, RemarkKind] = {f"{kind.value}.remove": kind for kind in RemarkKind}
AREA = "remarks"


def put(act: Act, place: Place, on: On, text: str) -> None:
    """State in an act what is said of what."""
    act.subject = str(place)
    act.detail = {"sha256": on.sha256, "key": on.key, "record": on.record, "text": text}
    act.areas = {AREA}


def take_back(act: Act, remark: Remark) -> None:
    """State in an act which remark holds no more."""
    act.subject = remark.place
    act.detail = {"entry": remark.number, "text": remark.text}
    act.areas = {AREA}


def every(session: Session, state: JournalState) -> tuple[Remark, ...]:
    """Return the remarks that hold, in the order they were made, as far as the journal holds."""
    found: dict[int, Remark] = {}
    for entry, detail in journal.sayings(session, state, (*ADD, *REMOVE)):
        if entry.act in REMOVE:
            gone = detail.get("entry")
            if isinstance(gone, int):
                found.pop(gone, None)
        elif (on := _on(detail)) and (text := _text(detail)):
            kind = ADD[entry.act]
            found[entry.number] = Remark(
                entry.number, kind, on, entry.subject, text, entry.who, entry.at
            )
    return tuple(found.values())


def _text(detail: Mapping[str, JsonValue]) -> str:
    """Return what was said; a case of others may hold an entry that says nothing."""
    text = detail.get("text")
    return text if isinstance(text, str) and text.strip() else ""


def _on(detail: Mapping[str, JsonValue]) -> On | None:
    match detail:
        case {"sha256": str(sha256), "key": str(key), "record": int(record)}:
            return On(sha256, key, record)
        case _:
            return None
