"""The question that the catalog asks, and the facets that narrow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.errors import QueryError
from workbench.gui.text import tr
from workbench.model.query import parse, quoted
from workbench.model.query_fields import FIELDS, Area

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: Field of the query language, and its title.
FACETS: Mapping[str, str] = {
    "kind": "Kind",
    "type": "Type",
    "lifecycle": "Stage",
    "state": "State of runs",
    "owner": "Owner",
    "source": "Source",
}
_MISSING = {"owner": "No owner"}
_UNKNOWN = "unknown"
#: Facets whose word for "the source does not say" is a value of its own.
_WORDS = {"lifecycle", "state"}
MOST_VALUES = 200

Value = str | None
Chosen = Mapping[str, frozenset[Value]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: what the user wrote.
        chosen: values of each facet; of one facet any will do.
    """

    text: str = ""
    chosen: Chosen = field(default_factory=dict)

    @property
    def query(self) -> str:
        """Return the whole question."""
        return self.without("")

    def without(self, facet: str) -> str:
        """Return the question less one facet: what its counts are of."""
        text = self.text.strip()
        terms = [f"({text})"] if text else []
        terms += [_any(name, values) for name, values in self.chosen.items() if name != facet]
        return " ".join(term for term in terms if term)

    def choosing(self, facet: str, value: Value, *, wanted: bool) -> "Question":
        """Return it with one value of a facet more, or less."""
        known = self.chosen.get(facet, frozenset())
        values = known | {value} if wanted else known - {value}
        chosen = {**self.chosen, facet: values}
        return Question(self.text, {name: found for name, found in chosen.items() if found})


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values and their counts, the most frequent first."""

    name: str
    values: tuple[tuple[Value, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        question: what was asked.
        total: how many things satisfy it.
        of: how many things the case has.
    """

    question: Question
    total: int
    of: int


def ask(case: "CaseStore", question: Question) -> Answer | QueryError:
    """Return how much there is, or what is wrong with the text: that is no failure."""
    from workbench.services import investigation

    try:
        parse(question.text, FIELDS[Area.THINGS])  # alone: its brackets must close within it
        total = investigation.listed(case, Area.THINGS, question.query, count=0).total
    except QueryError as error:
        return error
    return Answer(question, total, investigation.listed(case, Area.THINGS, count=0).total)


def facets(case: "CaseStore", question: Question) -> Sequence[Facet]:
    """Return the facets; the counts of each follow what is chosen in the others."""
    from workbench.services import investigation

    found = []
    for name in FACETS:
        asked = question.without(name)
        values = investigation.facets(case, Area.THINGS, asked, name, most=MOST_VALUES)
        known = {value for value, _ in values}
        gone = [(value, 0) for value in question.chosen.get(name, ()) if value not in known]
        found.append(Facet(name, (*values, *gone)))
    return found


def word_of(facet: str, value: Value) -> str:
    """Return a value as it is shown; what is not stated is a value."""
    if is_missing(facet, value) or value is None:
        return tr(_MISSING.get(facet, "Not stated"))
    if facet == "source":
        return value.rpartition("/")[2]
    return value if facet == "owner" else value.replace("_", " ").capitalize()


def is_missing(facet: str, value: Value) -> bool:
    """Tell whether a value says that the source does not say."""
    return value is None or (facet in _WORDS and value == _UNKNOWN)


def _any(name: str, values: frozenset[Value]) -> str:
    terms = sorted(f"-{name}:*" if v is None else f"{name}={quoted(v)}" for v in values)
    return f"({' OR '.join(terms)})" if terms else ""
