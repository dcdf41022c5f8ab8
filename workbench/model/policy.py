"""Checks: rules over a population, and what came out (ISA 530 words: population, exception)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Row:
    """One member of a population.

    Attributes:
        label: what people call it.
        fields: what is known of it; a field that is not there is not known.
        evidence: where that was read.
    """

    label: str
    fields: Mapping[str, Value]
    evidence: tuple[EvidenceRef, ...] = ()


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
        reason: why there is no better outcome, in one sentence; "" where SATISFIED.
    """

    check: Check
    outcome: CheckOutcome
    population: int
    tested: int
    exceptions: tuple[Row, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    reason: str = ""
