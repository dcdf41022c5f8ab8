"""Questions about lineage: paths, impact, what does not hang together, labels carried on."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.model.lineage import NodeId
    from workbench.model.progress import Cancel
    from workbench.services.lineage import Answer, CaseLineage, Label
    from workbench.store.case_store import CaseStore

_FORMS = ("text", "json", "csv")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, beside a part of the lineage itself.

    Attributes:
        path: two things: why they are connected.
        impact: what rests on a thing.
        problems: what does not hang together.
        carry: which label is carried on.
        stated: labels that the auditor states, NAME=VALUE.
        value: only labels that hold this.
        of: the thing that is meant, or "".
    """

    path: tuple[str, str] | None
    impact: bool
    problems: bool
    carry: str | None
    stated: tuple[str, ...]
    value: str
    of: str

    @property
    def is_asked(self) -> bool:
        """Tell whether there is a question."""
        return bool(self.path or self.impact or self.problems or self.carry is not None)

    @property
    def forms(self) -> tuple[str, ...]:
        """Return as what it is answered."""
        return _FORMS

    def is_drawn(self, form: str) -> bool:
        """Tell whether a format is a picture or graph: of a path there are these too."""
        return bool(self.path) and form not in _FORMS


def answered(
    case: "CaseStore", graph: "CaseLineage", question: Question, form: str, *, cancel: "Cancel"
) -> bytes:
    """Return the answer to a question as text, JSON or CSV."""
    from workbench.services import lineage as lineages

    answer = _answer(case, graph, question, cancel)
    if form == "json":
        return json.dumps(lineages.to_json(graph, answer), indent=1).encode() + b"\n"
    told = lineages.csv_lines if form == "csv" else lineages.lines
    return "".join(f"{line}\n" for line in told(graph, answer)).encode("utf-8", "replace")


def _answer(
    case: "CaseStore", graph: "CaseLineage", question: Question, cancel: "Cancel"
) -> "Answer":
    from workbench.services import lineage as lineages

    if question.path:
        start, end = (lineages.find(graph, name) for name in question.path)
        return graph.connection(start, end)
    if question.impact:
        return graph.impact(lineages.find(graph, question.of))
    if question.problems:
        return graph.problems()
    return lineages.carry(
        case,
        graph,
        _label(question.carry or ""),
        stated=dict(_stated(graph, text) for text in question.stated),
        of=lineages.find(graph, question.of) if question.of else None,
        value=question.value,
        cancel=cancel,
    )


def _label(text: str) -> "Label":
    from workbench.services import lineage as lineages

    try:
        return lineages.Label(text)
    except ValueError:
        known = ", ".join(lineages.Label)
        raise UsageError(f"--carry takes {known}; not {text or 'nothing'}.") from None


def _stated(graph: "CaseLineage", text: str) -> tuple["NodeId", str]:
    from workbench.services import lineage as lineages

    name, equals, value = text.rpartition("=")
    if not equals or not value.strip():
        raise UsageError(f"--state takes NAME=VALUE; not {text}.")
    return lineages.find(graph, name), value.strip()
