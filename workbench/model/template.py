"""What a report is for: which of its sections, in what order, and what is stated beside them.

A template is data. It can order, name and add; it can hide no verdict, exception or limit.
"""

from dataclasses import dataclass

from workbench.model.verdict import Indication

#: Sections that a report of any template has: what failed, what is open, what limits it, and how
#: it is checked.
REQUIRED = (
    "cover", "card", "summary", "evidence", "results", "checks", "findings", "trust", "journal",
    "handed-over", "recipe", "selftest", "words", "limits", "signoff",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """What the auditor has to state: its key, and what it is called on paper."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Point:
    """What a text demands and where the report answers it.

    Attributes:
        clause: where in the text.
        asks: what it demands, in our words.
        sections: ids of the sections that speak of it.
        stated: key of what the auditor states of it, or "".
    """

    clause: str
    asks: str
    sections: tuple[str, ...] = ()
    stated: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A chapter that a template adds.

    Attributes:
        key: unique in the template; its place is where ``sections`` names it.
        title: its heading.
        text: paragraphs, with ``{client}`` and the like to fill in.
        bullets: a list under them.
        conclusion: by how the case stands, what is concluded; all three or none.
        asks: what the auditor has to state; what was not stated is printed as such.
        points: clause by clause, where a text is answered.
    """

    key: str
    title: str
    text: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    conclusion: tuple[tuple[Indication, str], ...] = ()
    asks: tuple[Ask, ...] = ()
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """What a report is for.

    Attributes:
        id: unique; ``verification`` where nobody chose.
        title: what it is called in lists.
        kind: the line over the title of the report.
        summary: for whom it is, in a sentence.
        sections: ids of sections and keys of statements, in order; () for all as they come.
        titles: other headings for sections, by their ids.
        statements: chapters of its own.
        sha256: digest of its file, or "" where it is none.
    """

    id: str = "verification"
    title: str = "Verification"
    kind: str = "Verification of evidence"
    summary: str = "What can be proven about the evidence, and what cannot; nothing else."
    sections: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    statements: tuple[Statement, ...] = ()
    sha256: str = ""

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Return all that the auditor has to state."""
        return tuple(ask for statement in self.statements for ask in statement.asks)


#: The template of a report for which none was chosen.
PLAIN = Template()
