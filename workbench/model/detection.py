"""Detection rules: what to look for among events, and what each rule found or could not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.model.case import Severity
from workbench.model.event import IndexedEvent
from workbench.model.timeline import WorkingHours


class Pattern(StrEnum):
    """How selected events make a hit."""

    EACH = "each"
    COUNT = "count"
    SEQUENCE = "sequence"
    LEAVER = "leaver"
    OFF_HOURS = "off-hours"


class By(StrEnum):
    """What events have in common that belong together."""

    ACTOR = "actor"
    ACTION = "action"
    OBJECT = "object"


class Need(StrEnum):
    """A field that an event must have for a rule to see it."""

    TIME = "time"
    ACTOR = "actor"
    ACTION = "action"
    OBJECT = "object"


class RuleOutcome(StrEnum):
    """What a rule says of a case; that it could not look is never "no hits"."""

    HITS = "HITS"
    INDETERMINATE = "INDETERMINATE"
    NO_HITS = "NO_HITS"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Condition:
    """What makes a hit of selected events.

    Attributes:
        pattern: how.
        steps: queries (VERDICTS section 9): one, or those of a sequence in its order.
        least: for a count, how many events at least.
        within: nanoseconds from the first to the last of them; None: any time.
        by: what they must have in common.
        unless: query of what ends a sequence that has begun, or "".
    """

    pattern: Pattern
    steps: tuple[str, ...]
    least: int = 1
    within: int | None = None
    by: tuple[By, ...] = ()
    unless: str = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """Return all queries, that of ``unless`` last."""
        return (*self.steps, *filter(None, (self.unless,)))

    @property
    def placed(self) -> tuple[Need, ...]:
        """Return the fields that a selected event must have to take part."""
        timed = () if self.pattern is Pattern.EACH else (Need.TIME,)
        named = (Need.ACTOR,) if self.pattern is Pattern.LEAVER else ()
        return (*timed, *named, *(Need(by.value) for by in self.by))


@dataclass(frozen=True, slots=True)
class Vector:
    """Events, and how many hits a rule must find in them.

    Attributes:
        says: what it shows, in a few words.
        hits: how many.
        events: time, actor, action, object and outcome of each; a member that is not there is not
            stated.
    """

    says: str
    hits: int
    events: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One detection rule, as one file.

    Attributes:
        id: short name, unique.
        version: of the file, as its author counts.
        title: what it looks for, in one line.
        level: how grave a hit is.
        criteria: what should be, as a finding quotes it.
        consequence: what a hit may mean.
        remedy: what would put it right.
        innocent: causes that look the same and are none.
        blind: what it cannot see in any log, in sentences.
        needs: fields without which an event cannot be selected.
        condition: what makes a hit.
        vectors: events that it must and must not find.
        sha256: of the file, lower hex.
    """

    id: str
    version: str
    title: str
    level: Severity
    criteria: str
    consequence: str
    remedy: str
    innocent: tuple[str, ...]
    blind: tuple[str, ...]
    needs: tuple[Need, ...]
    condition: Condition
    vectors: tuple[Vector, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What the auditor states for rules that ask for it; None is "not stated".

    Attributes:
        leavers: since when (nanoseconds) each of them was gone, by name.
        hours: when people work.
    """

    leavers: Mapping[str, int] | None = None
    hours: WorkingHours | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """Events that a rule found together.

    Attributes:
        count: how many.
        first: claimed time of the first, nanoseconds, or None.
        last: claimed time of the last, or None.
        events: the first of them, in order of time.
        copies: names of other sources with the same bytes as a log that these stand in.
    """

    count: int
    first: int | None
    last: int | None
    events: tuple[IndexedEvent, ...]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule said of a case.

    Attributes:
        rule: the rule.
        outcome: what it says.
        looked: how many events it could look at.
        total: how many hits there are.
        hits: the first of them.
        unseen: what it could not see, in sentences.
    """

    rule: Rule
    outcome: RuleOutcome
    looked: int
    total: int
    hits: tuple[Hit, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleRun:
    """When a rule was asked, and of what.

    Attributes:
        at: when, aware UTC.
        who: who asked.
        leavers: how many leavers were stated; None: none.
        hours: which working hours were stated, or "".
        basis: content of the case and version of the program then.
    """

    at: datetime
    who: str
    leavers: int | None
    hours: str
    basis: tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeptRule:
    """What a rule said last, as a case keeps it.

    Attributes:
        result: what it said.
        run: when it was asked.
        is_stale: the case or the program changed since.
    """

    result: RuleResult
    run: RuleRun
    is_stale: bool


@dataclass(frozen=True, slots=True)
class OtherRule:
    """What is kept of a rule whose file is not known here, or changed since it was asked.

    Attributes:
        id: its short name.
        version: of its file, "" where that was not kept.
        sha256: of its file, lower hex.
        outcome: what it said.
        looked: how many events it could look at.
        total: how many hits there were.
        run: when it was asked.
    """

    id: str
    version: str
    sha256: str
    outcome: RuleOutcome
    looked: int
    total: int
    run: RuleRun


@dataclass(frozen=True, slots=True)
class KeptRules:
    """What each rule said last, as a case keeps it: rules may have been asked at different times.

    Attributes:
        rules: those that are known here.
        others: those that are not, or whose files changed since.
    """

    rules: tuple[KeptRule, ...]
    others: tuple[OtherRule, ...] = ()

    @property
    def results(self) -> tuple[RuleResult, ...]:
        """Return what they said."""
        return tuple(kept.result for kept in self.rules)

    @property
    def at(self) -> tuple[datetime, datetime]:
        """Return when the first and when the last of them was asked; there is at least one."""
        runs = [*(kept.run for kept in self.rules), *(other.run for other in self.others)]
        times = [run.at for run in runs]
        return min(times), max(times)

    @property
    def oldest_stale(self) -> datetime | None:
        """Return when the first of those was asked that are out of date, or None."""
        return min((kept.run.at for kept in self.rules if kept.is_stale), default=None)
