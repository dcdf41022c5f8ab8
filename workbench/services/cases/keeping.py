"""Make and open a case; say how it stands; hand out its journal."""

from dataclasses import dataclass
from pathlib import Path

from workbench.errors import CaseNotWritable
from workbench.evidence.strict_json import JsonValue
from workbench.model.case import CaseChanges, Engagement, JournalEntry, JournalState
from workbench.model.case_source import CaseSource, Delivery, ListedVerdict, Presence
from workbench.model.contract import time_to_json
from workbench.model.source import Role
from workbench.model.verification import Verification
from workbench.output import write_whole
from workbench.services.cases.places import presence
from workbench.store import engagement as engagements
from workbench.store import journal, sources, verdicts
from workbench.store.case_store import CaseStore, Clock, utc_now
from workbench.store.handing import require_outside


def login() -> str:
    """Return the name under which the user is logged in, or "unknown"."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def create(folder: Path, engagement: Engagement, *, who: str, clock: Clock = utc_now) -> CaseStore:
    """Make a new case and return it, open for writing.

    Raises:
        StoreError: something is there already, or it cannot be written.
    """
    return CaseStore.create(folder, engagement, who=who, clock=clock)


def open_case(
    folder: Path, *, who: str = "", write: bool | None = None, clock: Clock = utc_now
) -> CaseStore:
    """Open a case.

    Args:
        folder: the case.
        who: who works on it, for the journal.
        write: True: for writing or not at all; False: for reading; None: for writing where that
            is possible. ``CaseStore.writable`` and ``why_read_only`` say what it came to.
        clock: the time.

    Raises:
        CaseNotWritable: nothing can be written to it, and ``write`` is True.
        StoreError: it is no case, is newer than this program, or cannot be opened.
    """
    try:
        return CaseStore.open(folder, who=who, write=write is not False, clock=clock)
    except CaseNotWritable as error:
        if write:
            raise
        case = CaseStore.open(folder, who=who, write=False, clock=clock)
        case.why_read_only = error.message
        return case


def warning_of(case: CaseStore) -> str:
    """Return in a sentence that a case was changed by anything but this program, or ""."""
    state = case.journal_at_opening
    broken = state.broken
    if broken is not None:
        sentence = broken.sentence[0].lower() + broken.sentence[1:].removesuffix(".")
        return (
            f"{sentence} (expected {broken.expected}, found {broken.found}): "
            "it was changed by other means."
        )
    if state.noticed:
        return f"this case was once changed by other means: {', '.join(state.noticed)}."
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands.

    Attributes:
        case_id: random, the same for the life of the case.
        engagement: who asked for what.
        deliveries: what was handed over, in order.
        sources: all sources that none was delivered in place of.
        superseded: the others.
        presence: whether the bytes of each source can be looked at now, by id.
        verification: the newest verification, or None.
        verdicts: the newest verdict on each source, by id.
        unjudged: subjects that the newest verification did not judge: as long as there are any,
            nothing may be said of the whole case.
        stale: what was done since the newest verification that bears on verdicts, in one
            sentence, or "": the verdicts are those of before.
        journal: number of acts, head, and where it is broken.
        network: servers that acts on the case asked.
    """

    case_id: str
    engagement: Engagement
    deliveries: tuple[Delivery, ...]
    sources: tuple[CaseSource, ...]
    superseded: tuple[CaseSource, ...]
    presence: dict[int, Presence]
    verification: Verification | None
    verdicts: dict[int, ListedVerdict]
    unjudged: tuple[CaseSource, ...]
    stale: str
    journal: JournalState
    network: tuple[str, ...] = ()


def standing(case: CaseStore) -> Standing:
    """Return how the case stands now."""
    with case.reading() as session:
        facts = engagements.facts(session)
        everything = sources.every(session, superseded=True)
        current = tuple(s for s in everything if s.superseded_by is None)
        judged = verdicts.judged(session)
        return Standing(
            case_id=facts.case_id,
            engagement=facts.engagement,
            deliveries=tuple(sources.deliveries(session)),
            sources=current,
            superseded=tuple(s for s in everything if s.superseded_by is not None),
            presence=presence(case),
            verification=verdicts.latest(session),
            verdicts=verdicts.listed(session),
            unjudged=tuple(s for s in current if s.role is Role.SUBJECT and s.id not in judged),
            stale=journal.stale(session),
            journal=case.journal_state(),
            network=journal.network(session),
        )


def change_engagement(case: CaseStore, engagement: Engagement) -> CaseChanges:
    """Write another engagement in place of the one that is there."""
    with case.acting("case.engagement", subject=engagement.title) as act:
        engagements.change(act.session, engagement)
        act.detail = _told(engagement)
        act.areas = {"engagement"}
        return act.changes


def _told(engagement: Engagement) -> dict[str, JsonValue]:
    period = engagement.period
    return {
        "number": engagement.number,
        "client": engagement.client,
        "period": [time_to_json(period.first), time_to_json(period.last)] if period else None,
        "cut_off": time_to_json(engagement.cut_off),
        "team": list(engagement.team),
        "scope": engagement.scope,
        "criteria": engagement.criteria,
    }


def journal_entries(
    case: CaseStore, *, first: int = 1, count: int | None = None
) -> list[JournalEntry]:
    """Return entries of the journal from a number on."""
    with case.reading() as session:
        return journal.entries(session, first=first, count=count)


def export_journal(case: CaseStore, out: Path, *, force: bool = False) -> JournalState:
    """Write the journal as a log that ``workbench verify`` reads; return its head.

    Raises:
        UsageError: the file is there already, or lies in the case or its evidence.
        WorkbenchError: the file could not be written.
    """
    require_outside(case, out, force=force)
    with case.reading() as session:
        data = b"".join(journal.lines(session))
        state = journal.verify(session)
    write_whole(out, data, replace=force)
    return state
