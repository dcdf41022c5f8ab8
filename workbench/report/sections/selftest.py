"""What the program found when it checked itself on evidence with known verdicts."""

from collections.abc import Iterator

from workbench.model.selftest import SelfTestCase
from workbench.model.verdict import Dimension, DimensionVerdict, Indication
from workbench.report.context import Page, Section
from workbench.report.document import Align, Block, Callout, Cell, Column, Paragraph, Table

_MARKS = tuple(Column(letter, 0.05, Align.CENTRE) for letter in "IACT")
_COLUMNS = (Column("Known evidence", 0.62), *_MARKS, Column("This program", 0.18))
_LEGEND = "The marks are the known verdicts, as in the summary; manifest.json has their codes."


def _build(page: Page) -> Iterator[Block]:
    result = page.context.selftest
    if not result.cases:
        yield Callout(
            "The program did not check itself",
            (
                (
                    "No self-test ran before this report, so it does not show that the program can "
                    "tell good evidence from bad on this machine."
                ),
            ),
        )
        return
    yield Paragraph(
        "Before this report was made the program judged evidence, good and bad, whose verdicts "
        f"are known: {result.agreed:,} of {len(result.cases):,} came out as known."
    )
    if not result.passed:
        yield Callout(
            "The self-test disagrees",
            ("At least one known verdict was not met. Do not rely on this report.",),
        )
    yield Table(_COLUMNS, tuple(_row(case) for case in result.cases), caption=_LEGEND)


def _row(case: SelfTestCase) -> tuple[Cell, ...]:
    outcome = "the same" if case.agrees else "; ".join(case.differences)
    return (case.title, *(_mark(case, which) for which in Dimension), outcome)


def _mark(case: SelfTestCase, which: Dimension) -> Cell:
    """Return the known verdict of a dimension, which ``expected`` has in words."""
    for part in case.expected.split(", "):
        words = part.split(" ")
        if words[0] == which and len(words) > 1 and words[1] in list(Indication):
            return DimensionVerdict(Indication(words[1]), words[2] if len(words) > 2 else None)
    return "–"


SECTION = Section("selftest", "Self-test of the program", 80, _build)
