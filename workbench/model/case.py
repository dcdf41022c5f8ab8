"""What a case holds beside evidence: the engagement, custody, findings, the journal of acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbench.model.expectation import Period
from workbench.model.locator import Locator

#: The file by which the folder of a case is known.
CASE_FILE = "case.sqlite"
#: How the name of that folder ends.
CASE_SUFFIX = ".case"


@dataclass(frozen=True, slots=True)
class Engagement:
    """Who asked for what, for which period.

    Attributes:
        title: name of the case.
        number: the auditor's own number, or "".
        client: who is audited, or "".
        period: period under audit, or None.
        cut_off: after this time nothing was looked at, aware UTC, or None.
        team: names of those who work on it.
        scope: what is and is not looked at, in the auditor's words.
        criteria: against what, in the auditor's words.
    """

    title: str
    number: str = ""
    client: str = ""
    period: Period | None = None
    cut_off: datetime | None = None
    team: tuple[str, ...] = ()
    scope: str = ""
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class Custody:
    """How evidence came to the auditor (ISO/IEC 27037: chain of custody).

    Attributes:
        received_from: person or system that handed it over, or "".
        received_at: when, aware UTC, or None.
        received_how: medium or channel, or "".
        note: anything else, or "".
    """

    received_from: str = ""
    received_at: datetime | None = None
    received_how: str = ""
    note: str = ""


class ControlTotalState(StrEnum):
    """How a stated control total compares with what was counted."""

    MATCH = "match"
    DIFFERS = "differs"
    NOT_COUNTED = "not counted"


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A number that the audited side stated, beside the one that was counted here."""

    name: str
    stated: int
    counted: int | None = None

    @property
    def state(self) -> ControlTotalState:
        """Return how the two compare."""
        if self.counted is None:
            return ControlTotalState.NOT_COUNTED
        same = self.counted == self.stated
        return ControlTotalState.MATCH if same else ControlTotalState.DIFFERS


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """A place in evidence, tied to the bytes it was read from: survives a rebuilt index.

    Attributes:
        sha256: digest of the source, lower hex.
        locator: the place.
        note: what it shows, or "".
    """

    sha256: str
    locator: Locator
    note: str = ""


class Severity(StrEnum):
    """How much a finding matters, the gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A part of a case that was handed over, with pseudonyms for names.

    Attributes:
        at: when, aware UTC.
        name: what it was called.
        rows: how many rows of each list were in it.
        withheld: how many were not.
        names: how many names were replaced.
    """

    at: datetime
    name: str
    rows: Mapping[str, int]
    withheld: Mapping[str, int]
    names: int


class FindingState(StrEnum):
    """Where a finding is between noticed and closed."""

    DRAFT = "draft"
    OPEN = "open"
    RESPONDED = "responded"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in five parts (the five Cs), frozen to the evidence it rests on.

    Attributes:
        id: ``F-0001``…, unique in the case.
        title: one line.
        severity: how much it matters.
        criteria: what should be.
        condition: what is.
        cause: why; "Not established" is an answer.
        consequence: what follows from it.
        corrective_action: what to do about it.
        state: where it is.
        owner: who answers for the action, or "".
        due: by when, aware UTC, or None.
        response: what the audited side said, or "".
        retest: what a later look showed, or "".
        evidence: places it rests on.
        origin: check, diagnosis or rows it was made from, or "".
        author: who wrote it.
        modified: when it was last changed, aware UTC, or None.
    """

    id: str
    title: str
    severity: Severity = Severity.MEDIUM
    criteria: str = ""
    condition: str = ""
    cause: str = ""
    consequence: str = ""
    corrective_action: str = ""
    state: FindingState = FindingState.DRAFT
    owner: str = ""
    due: datetime | None = None
    response: str = ""
    retest: str = ""
    evidence: tuple[EvidenceRef, ...] = ()
    origin: str = ""
    author: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One act of the auditor on the case, chained to the act before it.

    Attributes:
        number: from 1.
        at: when, aware UTC.
        who: who did it.
        act: verb and noun, as ``evidence.add``.
        subject: what it was done to.
        detail: what else must be known to repeat it, as canonical JSON text.
        previous: digest of the entry before, lower hex; of no bytes for the first.
        digest: digest of this entry, lower hex.
    """

    number: int
    at: datetime
    who: str
    act: str
    subject: str
    detail: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class JournalBreak:
    """Where a journal does not hold: the case was changed behind our back.

    Attributes:
        number: the first entry that is not as it was written, or that is missing, or that states
            of some tables what they are not.
        expected: digest that should be there, lower hex.
        found: digest that is there.
        tables: what the entry does not agree with; "" where the chain itself is broken.
    """

    number: int
    expected: str
    found: str
    tables: str = ""

    @property
    def sentence(self) -> str:
        """Return it in one sentence."""
        if not self.tables:
            return f"The journal of this case does not hold from entry {self.number:,} on."
        return f"What this case holds ({self.tables}) is not what its journal recorded."


@dataclass(frozen=True, slots=True)
class JournalState:
    """What the journal of a case comes to.

    Attributes:
        entries: how many acts.
        head: digest of the last one, lower hex; it goes into each report.
        broken: the first entry that does not hold, or None.
        contradicted: groups of tables that are not what the journal recorded of them.
        noticed: those of which that was noticed before, now or at any time.
        doubted: verifications up to this number may not be what was found at their time.
    """

    entries: int
    head: str
    broken: JournalBreak | None = None
    contradicted: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    doubted: int = 0

    def doubts(self, *tables: str) -> bool:
        """Tell whether one of some groups of tables was ever found changed by other means."""
        return not {*self.contradicted, *self.noticed}.isdisjoint(tables)


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """What an act touched, so that views know what to read again."""

    areas: frozenset[str] = field(default_factory=frozenset)
