"""Checks: rules over a population, and what came out (ISA 530 words: population, exception)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workbench.model.case import EvidenceRef, Severity

#: A value that a rule may ask for; None is "the evidence does not say".
Value = None | bool | int | float | str | tuple["Value", ...] | Mapping[str, "Value"]


class Population(StrEnum):
    """What a rule is asked of, one row at a time."""

    SOURCE = "source"
    RUN = "run"
    MODEL = "model"
    MODEL_VERSION = "model_version"
    DATASET = "dataset"
    EDGE = "edge"
    APPROVAL = "approval"
    DEPLOYMENT = "deployment"
    EVENT = "event"


class CheckOutcome(StrEnum):
    """What a check says; an exception is worse than what could not be decided."""

    SATISFIED = "SATISFIED"
    NOT_SATISFIED = "NOT_SATISFIED"
    INDETERMINATE = "INDETERMINATE"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a framework that a check speaks to."""

    framework: str
    clause: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A law, standard or text that checks are mapped to.

    Attributes:
        id: short name.
        title: its own title.
        first: in force from, or None.
        last: in force until, or None.
        status: what must be said of it today, in a sentence.
        source: where its clauses were read, and when.
        clauses: our own short wording of each clause, by its number.
    """

    id: str
    title: str
    first: date | None
    last: date | None
    status: str
    source: str
    clauses: Mapping[str, str]

    @property
    def dates(self) -> str:
        """Say from when to when it binds."""
        first = f"from {self.first}" if self.first else "from no stated day"
        return f"{first} to {self.last}" if self.last else first

    def in_force(self, on: date) -> bool:
        """Tell whether it binds on a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of a pack.

    Attributes:
        id: ``APP-01``…, unique in the pack.
        title: what must hold, in one line.
        criteria: the same in full, as a finding quotes it.
        severity: of an exception.
        population: what it is asked of.
        where: CEL that narrows the population, or "".
        needs: fields that must be known of a row before the rule is asked.
        rule: CEL that is true of a row without exception; "" for a query.
        exceptions: query of the index that finds exceptions, for events; "" for a rule.
        consequence: what an exception means for the audited side.
        remedy: what would put it right.
        mappings: clauses it speaks to.
    """

    id: str
    title: str
    criteria: str
    severity: Severity
    population: Population
    where: str = ""
    needs: tuple[str, ...] = ()
    rule: str = ""
    exceptions: str = ""
    consequence: str = ""
    remedy: str = ""
    mappings: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of checks, as one file.

    Attributes:
        id: short name.
        version: of the file, as its author counts.
        title: what it is.
        description: for whom and from what.
        sha256: of the file, lower hex: a report names it.
        checks: in the order of the file.
    """

    id: str
    version: str
    title: str
    description: str
    sha256: str
    checks: tuple[Check, ...]


class Footing(StrEnum):
    """How what a row claims is protected, the weakest first (VERDICTS section 3, assurance).

    ``VERDICT`` is a row that is what this program found itself, not what evidence claims.
    """

    BROKEN = "broken"
    UNVERIFIED = "unverified"
    UNPROTECTED = "unprotected"
    CONSISTENT = "consistent"
    SIGNED = "signed"
    TIMESTAMPED = "timestamped"
    WITNESSED = "witnessed"
    VERDICT = "own verdict"


#: What nothing protects: whoever could write to it could have made it up.
BARE = frozenset({Footing.UNVERIFIED, Footing.UNPROTECTED})


def mapped(checks: Iterable[Check], frameworks: Iterable[Framework]) -> tuple[Framework, ...]:
    """Return those frameworks that some checks are mapped to."""
    named = {clause.framework for check in checks for clause in check.mappings}
    return tuple(framework for framework in frameworks if framework.id in named)


@dataclass(frozen=True, slots=True)
class Row:
    """One member of a population.

    Attributes:
        label: what people call it.
        fields: what is known of it; a field that is not there is not known.
        evidence: where that was read.
        silent: for a field that is not there, why, in a sentence.
        doubt: why nothing can be said of it at all, in a sentence, or "".
        footing: how the weakest of its places is protected.
        shaken: the source with Integrity FAILED that it rests on, or "".
        elsewhere: footing, and source that FAILED, of fields that were not read at ``evidence``.
    """

    label: str
    fields: Mapping[str, Value]
    evidence: tuple[EvidenceRef, ...] = ()
    silent: Mapping[str, str] = field(default_factory=dict)
    doubt: str = ""
    footing: Footing = Footing.UNPROTECTED
    shaken: str = ""
    elsewhere: Mapping[str, tuple[Footing, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A row of which the evidence does not say enough."""

    row: Row
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check said of a case.

    Attributes:
        check: the check.
        outcome: what it says.
        population: how many rows it is about.
        tested: how many of them could be decided.
        exceptions: rows of which the rule is not true.
        undecided: rows that could not be decided, each with the reason.
        reason: why there is no better outcome, in sentences; "" where SATISFIED.
        basis: how many rows of the population are protected how, the weakest first.
        notes: what else must be known of the case it was asked of, in sentences.
    """

    check: Check
    outcome: CheckOutcome
    population: int
    tested: int
    exceptions: tuple[Row, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    reason: str = ""
    basis: tuple[tuple[Footing, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Return the outcome as it may be printed: never SATISFIED alone on bare claims."""
        bare = [footing.value for footing, _ in self.basis if footing in BARE]
        if self.outcome is not CheckOutcome.SATISFIED or not bare:
            return self.outcome.value
        return f"{self.outcome.value} on {' and '.join(bare)} claims"

    @property
    def protection(self) -> str:
        """Say how the rows that it rests on are protected, or "" where there are none."""
        if any(footing is Footing.VERDICT for footing, _ in self.basis):
            return "Rests on the verdicts of this program."
        counts = ", ".join(f"{count:,} {footing.value}" for footing, count in self.basis)
        return f"Rests on rows that are: {counts}." if counts else ""


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What a pack said when it was run last.

    Attributes:
        at: when, aware UTC.
        who: who ran it.
        results: what each check said, in the order of the pack.
        is_stale: the case, or this program, changed since.
    """

    at: datetime
    who: str
    results: tuple[CheckResult, ...]
    is_stale: bool
