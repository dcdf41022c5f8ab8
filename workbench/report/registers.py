"""The registers of a report as tables: for a spreadsheet, for a program, embedded in the report.

What evidence says is text in every cell and never a formula (VERDICTS section 8).
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workbench.evidence.text import csv_line, safe_cell
from workbench.model.contract import time_to_json
from workbench.model.verdict import Dimension
from workbench.report.context import ReportContext
from workbench.report.lineage_picture import spoken
from workbench.report.phrases import name_of

Value = str | int | None

#: Characters that a cell of a spreadsheet holds; JSON has the whole text.
_LONGEST = 32_000

_EVIDENCE = ("source", "role", "bytes", "sha256", "format", "pairs_with")
_VERDICTS = ("source", "dimension", "indication", "code", "codes")
_SIGNATURES = (
    "source",
    "signer",
    "fingerprint",
    "indication",
    "code",
    "covers",
    "trusted_by",
    "time",
)
_FINDINGS = (
    "id", "title", "severity", "state", "criteria", "condition", "cause", "consequence",
    "corrective_action", "owner", "due", "response", "retest",
)  # fmt: skip
_PLACES = ("finding", "sha256", "place", "note")
_CHECKS = ("id", "title", "outcome", "population", "tested", "exceptions", "undecided", "reason")
_EXCEPTIONS = ("check", "label", "sha256", "place")
_LINEAGE = (
    "of", "from_source", "from_key", "from", "relation", "to_source", "to_key", "to", "status",
    "place",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Register:
    """A table: its name, the names of its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def registers(context: ReportContext) -> tuple[Register, ...]:
    """Return the registers of a report that have a row."""
    found = (
        Register("evidence", _EVIDENCE, tuple(_evidence(context))),
        Register("verdicts", _VERDICTS, tuple(_verdicts(context))),
        Register("signatures", _SIGNATURES, tuple(_signatures(context))),
        Register("findings", _FINDINGS, tuple(_findings(context))),
        Register("finding-evidence", _PLACES, tuple(_places(context))),
        Register("checks", _CHECKS, tuple(_checks(context))),
        Register("exceptions", _EXCEPTIONS, tuple(_exceptions(context))),
        Register("lineage", _LINEAGE, tuple(_lineage(context))),
    )
    return tuple(register for register in found if register.rows)


def as_csv(register: Register) -> bytes:
    """Return a register as CSV (RFC 4180), UTF-8 with the mark by which Excel knows it."""
    lines = (csv_line(row) for row in (register.columns, *register.rows))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def as_json(register: Register) -> bytes:
    """Return a register as JSON, every text exactly as it is."""
    rows = [dict(zip(register.columns, row, strict=True)) for row in register.rows]
    return f"{json.dumps(rows, ensure_ascii=True, indent=1)}\n".encode()


def as_xlsx(found: tuple[Register, ...], made: datetime) -> bytes:
    """Return registers as the sheets of a workbook; ``made`` is the only date in it."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        for register in found:
            sheet = book.add_worksheet(register.name)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(register.rows), len(register.columns) - 1)
            for at, title in enumerate(register.columns):
                sheet.write_string(0, at, title, bold)
            for number, row in enumerate(register.rows, 1):
                for at, value in enumerate(row):
                    # Never ``write``, which would take text for a formula, a link or a number.
                    if isinstance(value, int):
                        sheet.write_number(number, at, value)
                    elif value is not None:
                        sheet.write_string(number, at, safe_cell(value)[:_LONGEST])
    return out.getvalue()


def _evidence(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for source in context.verification.sources:
        yield (
            name_of(source), source.role.value, source.size, source.sha256, source.format,
            source.pairs_with,
        )  # fmt: skip


def _verdicts(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for source in context.verification.subjects:
        if (verdict := source.verdict) is not None:
            for dimension in Dimension:
                answer = verdict.dimension(dimension)
                yield (
                    name_of(source), dimension.value, answer.indication.value, answer.code,
                    " ".join(answer.codes),
                )  # fmt: skip


def _signatures(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for source in context.verification.subjects:
        for each in source.verdict.signatures if source.verdict else ():
            yield (
                name_of(source), each.signer, each.fingerprint, each.indication.value, each.code,
                each.covers, each.trusted_by, _time(each.time),
            )  # fmt: skip


def _findings(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for each in context.case.findings if context.case else ():
        yield (
            each.id, each.title, each.severity.value, each.state.value, each.criteria,
            each.condition, each.cause, each.consequence, each.corrective_action, each.owner,
            _time(each.due), each.response, each.retest,
        )  # fmt: skip


def _places(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for finding in context.case.findings if context.case else ():
        for ref in finding.evidence:
            yield finding.id, ref.sha256, str(ref.locator), ref.note


def _checks(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for each in context.case.checks if context.case else ():
        yield (
            each.check.id, each.check.title, each.said, each.population, each.tested,
            len(each.exceptions), len(each.undecided), each.reason,
        )  # fmt: skip


def _exceptions(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for each in context.case.checks if context.case else ():
        for row in each.exceptions:
            for ref in row.evidence or (None,):
                place = (ref.sha256, str(ref.locator)) if ref else (None, None)
                yield each.check.id, row.label, *place


def _lineage(context: ReportContext) -> Iterator[tuple[Value, ...]]:
    for each in context.case.lineage if context.case else ():
        names = {node.id: spoken(node) for node in each.whole.nodes}
        for edge in each.whole.edges:
            ends = (*edge.tail, names[edge.tail], edge.kind.value, *edge.head, names[edge.head])
            for place in edge.locators or (None,):
                yield each.name, *ends, edge.status.value, None if place is None else str(place)


def _time(time: datetime | None) -> str | None:
    return None if time is None else str(time_to_json(time))
