"""What checks and detection rules said: population, tested, exceptions (ISA 530); hits."""

from collections.abc import Iterator

from workbench.model.policy import CheckResult, Clause, Framework, Pack, Row
from workbench.report.context import CaseContent, Page, Section
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
from workbench.report.rules_told import of_rules
from workbench.report.shorten import grouped

_RESULTS = (
    Column("Check", 0.1),
    Column("What must hold", 0.42),
    Column("Result", 0.2, mono=True),
    Column("Tested", 0.14, Align.RIGHT),
    Column("Exceptions", 0.14, Align.RIGHT),
)
_FRAMEWORKS = (
    Column("Text", 0.3),
    Column("Binds", 0.2),
    Column("What must be said of it, and where it was read", 0.5),
)
_CLAUSES = (Column("Clause", 0.26), Column("In our words", 0.5), Column("Checks", 0.24))
_EXCEPTIONS = (Column("Exception", 0.4), Column("Place", 0.6))
_MOST = 25


def _build(page: Page) -> Iterator[Block]:
    case = page.context.case
    if case is not None and case.pack is not None:
        yield from _of_pack(case, case.pack)
    if case is not None and case.rules is not None:
        yield from of_rules(case.rules)


def _of_pack(case: CaseContent, pack: Pack) -> Iterator[Block]:
    yield Paragraph(
        "Each check was asked of every member of its population that the evidence says enough "
        "about; fewer tested than there are means that the evidence is silent on the rest. A check "
        "rests on what the evidence claims: under each one stands how many of its rows are "
        "protected how, as the verdicts of this report found it. Rates are of what was tested."
    )
    for note in case.checks[0].notes if case.checks else ():
        yield Paragraph(note)
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
    yield from _mappings(pack, case.frameworks)


def _mappings(pack: Pack, frameworks: tuple[Framework, ...]) -> Iterator[Block]:
    """Yield which texts the checks are mapped to, from when these bind, and clause by clause."""
    if not frameworks:
        return
    yield Heading(3, "What the checks are mapped to", "check-mappings")
    rows = tuple((f.title, f.dates, f"{f.status} {f.source}.") for f in frameworks)
    yield Table(_FRAMEWORKS, rows)
    yield Table(_CLAUSES, tuple(row for f in frameworks for row in _clauses(pack, f)))


def _clauses(pack: Pack, framework: Framework) -> Iterator[tuple[Text, ...]]:
    for clause, words in framework.clauses.items():
        named = Clause(framework.id, clause)
        checks = [check.id for check in pack.checks if named in check.mappings]
        if checks:
            yield f"{framework.id} {clause}", words, ", ".join(checks)


def _result(result: CheckResult) -> tuple[Text, ...]:
    told = " ".join(filter(None, (result.reason, result.protection)))
    title: Text = (result.check.title, quiet(f" · {told}")) if told else result.check.title
    tested = f"{result.tested:,} of {result.population:,}"
    return (result.check.id, title, result.said, tested, f"{len(result.exceptions):,}")


def _exception(row: Row) -> tuple[Text, ...]:
    places = "; ".join(str(place.locator) for place in row.evidence[:3])
    return (row.label, places or "no place: something is absent")


SECTION = Section("checks", "Checks", 42, _build)
