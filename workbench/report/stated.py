"""Chapters that a template adds: what it states, what the auditor states, and the verdicts."""

import re
from collections.abc import Collection, Iterator, Mapping

from workbench.model.template import Point, Statement
from workbench.model.verdict import Dimension, Indication
from workbench.model.verification import Verification
from workbench.report.context import Page, ReportContext
from workbench.report.document import (
    Block,
    Bullets,
    Column,
    Passage,
    Run,
    Said,
    Table,
    Text,
    Tone,
    quiet,
)
from workbench.report.passage import beside_or_below
from workbench.report.phrases import day, plural

_POINTS = (Column("Clause", 0.18), Column("What it asks for", 0.42), Column("Where it is", 0.4))
_BLANK = re.compile(r"\{(\w+)\}")
_NOT_STATED = quiet("not stated")


def chapter(
    statement: Statement, page: Page, titles: Mapping[str, str], printed: Collection[str]
) -> Iterator[Block]:
    """Yield the blocks of a statement.

    ``titles`` has those of all sections by their ids; ``printed``: which have anything to say.
    """
    context = page.context
    for text in statement.text:
        yield Passage("", _filled(text, page))
    if statement.conclusion:
        yield Passage("", _filled(dict(statement.conclusion)[standing(context.verification)], page))
        yield Passage("", _verdicts(context))
    if statement.bullets:
        yield Bullets(tuple(_filled(text, page) for text in statement.bullets))
    told = {key: Said(text) for key, text in context.edition.statements}
    yield from beside_or_below(
        (ask.label, told.get(ask.key) or _NOT_STATED) for ask in statement.asks
    )
    if statement.points:
        rows = tuple(_row(point, told, titles, printed) for point in statement.points)
        yield Table(_POINTS, rows, limit=len(rows))


def standing(verification: Verification) -> Indication:
    """Return how a case stands for a conclusion: as its worst required dimension; FAILED is any."""
    answers = [verification.dimension(which) for which in Dimension]
    if any(answer.indication is Indication.FAILED for answer in answers):
        return Indication.FAILED
    return Indication.PASSED if verification.exit_code == 0 else Indication.INDETERMINATE


def _verdicts(context: ReportContext) -> str:
    """Return what every conclusion stands beside, whatever the words of its template."""
    verification, case = context.verification, context.case
    verdicts = ", ".join(f"{each} {verification.dimension(each).indication}" for each in Dimension)
    exceptions = sum(len(each.exceptions) for each in case.checks) if case else 0
    findings = len(case.findings) if case else 0
    return (
        f"As this program found it: {verdicts}; {plural(exceptions, 'exception')} to checks; "
        f"{plural(findings, 'finding')}. Nothing in this chapter changes that."
    )


def _row(
    point: Point, told: Mapping[str, str], titles: Mapping[str, str], printed: Collection[str]
) -> tuple[Text, ...]:
    where: list[str | Run] = []
    for each in point.sections:
        title = titles[each]
        link = Run(title, Tone.LINK, each) if each in printed else quiet(f"{title}: nothing there")
        where += [", ", link] if where else [link]
    if point.stated:
        said = told.get(point.stated)
        where += ["; "] if where else []
        where.append("stated above" if said else quiet("to be stated by the auditor: not stated"))
    return point.clause, point.asks, tuple(where) or _NOT_STATED


def _filled(text: str, page: Page) -> str:
    blanks = _blanks(page)
    return _BLANK.sub(lambda found: blanks[found[1]] or "(not stated)", text)


def _blanks(page: Page) -> dict[str, str]:
    context, engagement = page.context, page.context.engagement
    period = engagement.period
    return {
        "client": engagement.client,
        "prepared_for": context.prepared_for,
        "scope": engagement.scope,
        "criteria": engagement.criteria,
        "period": f"{day(period.first)} to {day(period.last)}" if period else "",
        "auditor": context.auditor,
        "number": page.number,
        "team": ", ".join(engagement.team),
    }
