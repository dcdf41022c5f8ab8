"""Whether a case is what its journal recorded: the chain, its end, and what it says of tables."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from workbench.errors import StoreError
from workbench.model.case import JournalBreak, JournalState
from workbench.store import checkpoint, journal, seals, verdicts
from workbench.store.database import REFUSED

if TYPE_CHECKING:
    from workbench.evidence.strict_json import JsonValue

#: Stands for every verification there is.
EVERY = 2**62
_UNREADABLE = JournalState(
    0,
    "",
    JournalBreak(0, "a readable journal", "a damaged one"),
    contradicted=tuple(seals.GROUPS),
    doubted=EVERY,
)


def looked_at(session: Session, folder: Path, *, whole: bool = False) -> JournalState:
    """Recompute the journal and hold the case against it.

    One that cannot even be read is broken, and stops nothing else.

    Args:
        session: sees the case at one moment.
        folder: the case.
        whole: also what catalogs say, which may take a while.
    """
    try:
        chain = journal.recomputed(session)
        _hold_against(chain, checkpoint.read(folder), session)
        known = {*chain.seals, *seals.catalogs(session)} if whole else set()
        now = seals.digests(session, known.union(seals.GROUPS))
    except REFUSED:
        return _UNREADABLE
    stated = {name: chain.seals.get(name, ("", 1)) for name in now}
    wrong = {name for name, digest in now.items() if stated[name][0] != digest}
    contradicted = sorted(wrong | chain.doubtful.intersection(now))
    broken = chain.broken
    if broken is None and contradicted:
        digest, number = stated.get(contradicted[0], ("", 1))
        broken = JournalBreak(number, digest, now[contradicted[0]], ", ".join(contradicted))
    return JournalState(
        chain.entries,
        chain.head,
        broken,
        tuple(contradicted),
        tuple(sorted(chain.noticed)),
        EVERY if "verdicts" in contradicted else chain.doubted,
    )


def _hold_against(
    chain: journal.Chain, known: checkpoint.Checkpoint | None, session: Session
) -> None:
    """Break a chain that is shorter than it once was, or that has another past."""
    if known is None or chain.broken is not None:
        return
    found = journal.digest_of(session, known.entries)
    if found != known.head:
        number = min(known.entries, chain.entries + 1)
        chain.broken = JournalBreak(number, known.head, found)
        chain.doubtful |= set(chain.seals)


def note(session: Session, state: JournalState, *, at: datetime, who: str) -> JournalState:
    """Record what was found changed, before the first act after it; return the state then.

    From here on the tables are what they were found to be; that they were changed stays on record
    for ever, and so does the doubt in what rests on them.
    """
    broken = state.broken
    if broken is None:
        return state
    subject = f"entry {broken.number}"
    if not state.contradicted and journal.has(session, act=journal.NOTICED, subject=subject):
        return state
    last = verdicts.last(session)
    detail: dict[str, JsonValue] = {"expected": broken.expected, "found": broken.found}
    if state.contradicted:
        detail |= {
            "tables": list(state.contradicted),
            "verifications": last,
            journal.SEALS: dict(seals.digests(session, state.contradicted)),
        }
    journal.append(session, at=at, who=who, act=journal.NOTICED, subject=subject, detail=detail)
    return replace(
        state,
        contradicted=(),
        noticed=tuple(sorted({*state.contradicted, *state.noticed})),
        doubted=last if "verdicts" in state.contradicted else state.doubted,
    )


def require_derivable(state: JournalState) -> None:
    """Refuse to derive anything from tables that were changed by other means.

    Raises:
        StoreError: they were, and were not made anew since.
    """
    lasting = {n for n in state.noticed if n == "index" or n.startswith(seals.CATALOG)}
    wrong = sorted({*state.contradicted, *lasting})
    if not wrong:
        return
    what = f"What this case holds ({', '.join(wrong)}) is not what its journal recorded"
    if set(wrong) <= {"index"}:
        raise StoreError(f"{what}. Make the index anew: workbench case index CASE.")
    if set(wrong) <= {"verdicts", "index"}:
        raise StoreError(f"{what}. Verify the case again: workbench case verify CASE.")
    raise StoreError(
        f"{what}. Restore a backup (workbench case restore), or take the evidence into a new case."
    )
