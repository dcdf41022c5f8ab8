"""The register: every file on the table, with its digest, and what is odd about it."""

from collections.abc import Iterator

from workbench.model.case import ControlTotal
from workbench.model.case_source import Delivery
from workbench.model.source import Problem
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.context import CaseContent, Page, Section
from workbench.report.document import (
    Align,
    Block,
    Bullets,
    Column,
    Heading,
    Paragraph,
    Table,
    Text,
    quiet,
)
from workbench.report.phrases import name_of, plural
from workbench.report.shorten import grouped

_COLUMNS = (
    Column("Source", 0.42),
    Column("Role", 0.1),
    Column("Bytes", 0.12, Align.RIGHT),
    Column("SHA-256", 0.36, mono=True),
)
_PROBLEMS = (Column("Code", 0.24, mono=True), Column("Place", 0.34), Column("What", 0.42))
_DELIVERIES = (Column("Delivery", 0.3), Column("From", 0.3), Column("When and how", 0.4))
_TOTALS = (
    *(Column("Source", 0.36), Column("Of what", 0.2), Column("Stated", 0.14, Align.RIGHT)),
    *(Column("Counted", 0.14, Align.RIGHT), Column("Result", 0.16)),
)
_NAMED = 100


def _build(page: Page) -> Iterator[Block]:
    verification = page.context.verification
    yield Paragraph(
        "Every file was opened read-only, and hashed as it was read. The digest of a folder is "
        "that of the sorted list of its files, without the one signature that is about it. "
        "Characters that do not show, or that no "
        "typeface of this report has, are printed in red by their number, such as [U+202E]."
    )
    if verification.sources:
        size = sum(source.size for source in verification.sources)
        total = f"{plural(len(verification.sources), 'source')}, {size:,} bytes."
        yield Table(_COLUMNS, tuple(_row(s) for s in verification.sources), caption=total)
    if page.context.case is not None:
        yield from _custody(page.context.case)
    yield from _problems(verification)
    yield from _context(verification)


def _custody(case: CaseContent) -> Iterator[Block]:
    """Yield how the evidence came to the auditor, and what was stated of it."""
    if case.deliveries:
        yield Heading(2, "How it was received", "custody")
        yield Table(_DELIVERIES, tuple(map(_delivery, case.deliveries)))
    if case.totals:
        yield Heading(2, "Control totals that were stated", "totals")
        yield Table(_TOTALS, tuple(_total(name, total) for name, total in case.totals))


def _delivery(delivery: Delivery) -> tuple[Text, ...]:
    custody = delivery.custody
    when = f"{custody.received_at:%Y-%m-%d}" if custody.received_at else ""
    how = ", ".join(filter(None, (when, custody.received_how, custody.note)))
    return (delivery.label, custody.received_from or "not stated", how or "not stated")


def _total(name: str, total: ControlTotal) -> tuple[Text, ...]:
    counted = "not counted" if total.counted is None else f"{total.counted:,}"
    return (name, total.name, f"{total.stated:,}", counted, total.state.value)


def _row(source: SourceVerdict) -> tuple[Text, ...]:
    to = "link to" if source.format == "link" else "for"
    paired = f"{to} {source.pairs_with}" if source.pairs_with else source.format
    name = (name_of(source), quiet(f" · {paired}"))
    return (name, source.role.value, f"{source.size:,}", grouped(source.sha256))


def _problems(verification: Verification) -> Iterator[Block]:
    found = [problem for source in verification.sources for problem in source.problems]
    found += [problem for problem in verification.problems if problem not in found]
    if found:
        yield Heading(2, "What is odd about the evidence", "problems")
        yield Table(_PROBLEMS, tuple(_problem(problem) for problem in found))


def _problem(problem: Problem) -> tuple[str, str, str]:
    return (problem.code, str(problem.locator), problem.message)


def _context(verification: Verification) -> Iterator[Block]:
    if not verification.context:
        return
    yield Heading(2, "Files that nobody judged", "context")
    yield Bullets(verification.context[:_NAMED])
    if len(verification.context) > _NAMED:
        yield Paragraph(
            f"and {len(verification.context) - _NAMED:,} more: manifest.json lists them.",
            quiet=True,
        )


SECTION = Section("evidence", "Evidence register", 30, _build)
