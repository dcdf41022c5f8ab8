"""What of the case was handed over with names replaced, and how much of it was withheld."""

from collections.abc import Iterator, Mapping

from workbench.model.case import HandedOver
from workbench.report.context import Page, Section
from workbench.report.document import Block, Column, Paragraph, Table, Text
from workbench.report.phrases import moment

_COLUMNS = (
    Column("When", 0.2),
    Column("Called", 0.2),
    Column("Handed over", 0.22),
    Column("Withheld", 0.24),
    Column("Names replaced", 0.14),
)


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is None or not case.handed_over:
        return
    yield Paragraph(
        "Parts of this case were handed over with pseudonyms for names: keyed hashes (HMAC-SHA256) "
        "of which the auditor keeps the key and the list of who is meant. What was withheld is "
        "counted here; whoever holds such a part has no more of the case than it."
    )
    yield Table(_COLUMNS, tuple(map(_row, case.handed_over)))


def _row(part: HandedOver) -> tuple[Text, ...]:
    given, withheld = _counted(part.rows), _counted(part.withheld)
    return moment(part.at), part.name, given, withheld, f"{part.names:,}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing"


SECTION = Section("handed-over", "Parts of the case that were handed over", 64, _build)
