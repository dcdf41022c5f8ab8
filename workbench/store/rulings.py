"""What the auditor said of two things that may be one, as the journal keeps it.

There is no table of it: an act says which two, what and why, and the last act about two things
holds. So what was said cannot be changed without breaking the chain, and how it came about is on
record with it.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from workbench.evidence.strict_json import JsonValue
from workbench.model.alternate import Lasting, Ruled, Ruling
from workbench.model.case import JournalState
from workbench.store import journal
from workbench.store.case_store import Act

ACTS: Mapping[str, Ruled | None] = {
    "alternate.confirm": Ruled.CONFIRMED,
    "alternate.part": Ruled.PARTED,
    "alternate.undo": None,
}

LastingPair = tuple[Lasting, Lasting]


def put(act: Act, pair: LastingPair, reason: str) -> None:
    """State in an act which two things it is about, and why."""
    act.detail = {
        "things": [{"sha256": sha256, "key": key} for sha256, key in pair],
        "reason": reason,
    }
    act.areas = {"alternates"}


def every(session: Session, state: JournalState) -> dict[LastingPair, Ruling]:
    """Return the last ruling on each two things that has one, as far as the journal holds.

    Args:
        session: the case.
        state: what was found of its journal; what stands after a break in it is no ruling.
    """
    found: dict[LastingPair, Ruling] = {}
    for entry, detail in journal.sayings(session, state, ACTS):
        pair, reason = _said(detail)
        ruled = ACTS[entry.act]
        if pair is None:
            continue
        if ruled is None:
            found.pop(pair, None)
        else:
            found[pair] = Ruling(ruled, reason, entry.who, entry.at, entry.number)
    return found


def _said(value: Mapping[str, JsonValue]) -> tuple[LastingPair | None, str]:
    things = value.get("things")
    named = [_thing(each) for each in things] if isinstance(things, list) else []
    one, other = named if len(named) == 2 else (None, None)
    return (None if one is None or other is None else (one, other)), str(value.get("reason", ""))


def _thing(value: JsonValue) -> Lasting | None:
    if not isinstance(value, dict):
        return None
    sha256, key = value.get("sha256"), value.get("key")
    return (sha256, key) if isinstance(sha256, str) and isinstance(key, str) else None
