"""What the program found when it checked itself on evidence with known verdicts."""

from collections.abc import Iterator

from workbench.model.selftest import SelfTestCase
from workbench.report.context import Page, Section
from workbench.report.document import Block, Callout, Column, Paragraph, Table, Text, quiet

_COLUMNS = (
    Column("Known evidence", 0.42),
    Column("Known verdict", 0.38),
    Column("This program", 0.2),
)


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
    yield Table(_COLUMNS, tuple(_row(case) for case in result.cases))


def _row(case: SelfTestCase) -> tuple[Text, ...]:
    outcome = "the same" if case.agrees else "; ".join(case.differences)
    return ((case.title, quiet(f" · {case.id}")), case.expected, outcome)


SECTION = Section("selftest", "Self-test of the program", 80, _build)
