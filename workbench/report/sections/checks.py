"""What the checks of a pack said: population, tested, exceptions (ISA 530)."""

from collections.abc import Iterator

from workbench.model.policy import CheckResult, Row
from workbench.report.context import Page, Section
from workbench.report.document import (
    Align,
    Block,
    Column,
    Heading,
    KeyValues,
    Paragraph,
    Table,
    Text,
    mono,
    quiet,
)
from workbench.report.shorten import grouped

_RESULTS = (
    Column("Check", 0.1),
    Column("What must hold", 0.4),
    Column("Result", 0.2, mono=True),
    Column("Tested", 0.16, Align.RIGHT),
    Column("Exceptions", 0.14, Align.RIGHT),
)
_EXCEPTIONS = (Column("Exception", 0.4), Column("Place", 0.6))
_MOST = 25


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is None or case.pack is None:
        return
    pack = case.pack
    yield Paragraph(
        "Each check was asked of every member of its population that the evidence says enough "
        "about; fewer tested than there are means that the evidence is silent on the rest. A check "
        "rests on what the evidence claims: the results say how far that is protected."
    )
    rows: tuple[tuple[str, Text], ...] = (
        ("Pack", f"{pack.title} ({pack.id}, version {pack.version})"),
        ("SHA-256 of the pack", mono(grouped(pack.sha256))),
    )
    yield KeyValues(rows)
    yield Table(_RESULTS, tuple(_result(result) for result in case.checks))
    for result in case.checks:
        if result.exceptions:
            yield Heading(3, f"{result.check.id}  {result.check.title}", f"check-{result.check.id}")
            yield Table(_EXCEPTIONS, tuple(map(_exception, result.exceptions)), limit=_MOST)


def _result(result: CheckResult) -> tuple[Text, ...]:
    title: Text = result.check.title
    if result.reason:
        title = (result.check.title, quiet(f" · {result.reason}"))
    tested = f"{result.tested:,} of {result.population:,}"
    return (result.check.id, title, result.outcome.value, tested, f"{len(result.exceptions):,}")


def _exception(row: Row) -> tuple[Text, ...]:
    places = "; ".join(str(place.locator) for place in row.evidence[:3])
    return (row.label, places or "no place: something is absent")


SECTION = Section("checks", "Checks", 42, _build)
