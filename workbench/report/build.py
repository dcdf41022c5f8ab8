"""A context to the bytes of a report, ready to be signed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from workbench.evidence.text import visible
from workbench.plugins import discover
from workbench.report import oscal
from workbench.report.archival import About
from workbench.report.attach import Attachment, Relationship, finish
from workbench.report.context import Page, ReportContext, Section
from workbench.report.document import Block, Heading
from workbench.report.manifest import NAME, manifest_bytes
from workbench.report.pdf import Furniture, render
from workbench.report.registers import Register, as_csv, registers
from workbench.report.stated import chapter
from workbench.report.translation import tongue, translated


@dataclass(frozen=True, slots=True)
class BuiltReport:
    """A report before its signature.

    Attributes:
        pdf: its bytes; the same context gives the same bytes.
        sha256: their lower hex SHA-256, which anyone who builds it again can compare.
        number: its number: the auditor's own, or one made from the manifest.
        manifest: the bytes of the embedded manifest.json.
        registers: what it lists, as tables.
    """

    pdf: bytes
    sha256: str
    number: str
    manifest: bytes
    registers: tuple[Register, ...]


def build_report(context: ReportContext) -> BuiltReport:
    """Return the report of a verification as a PDF with its embedded manifest, unsigned."""
    tables = registers(context)
    others = _attachments(context, tables)
    manifest = manifest_bytes(context, {each.name: each.data for each in others})
    digest = hashlib.sha256(manifest).hexdigest()
    number = context.engagement.number or f"AW-{digest[:12]}"
    note = f"Audit Workbench {context.tool_version} · manifest.json sha256 {digest[:16]}…"
    furniture = Furniture(
        context.title,
        number,
        note,
        context.auditor,
        classification=context.edition.classification,
        draft=context.is_draft,
        colour=context.edition.branding.colour if context.edition.branding else "",
        tongue=(spoken := tongue(context.edition.language)),
    )
    pages = render(translated(blocks(Page(context, digest, number)), spoken), furniture)
    about = About(
        visible(context.title), visible(context.auditor), context.report_date, spoken.lang
    )
    source = Attachment(NAME, manifest, "All results, for programs", Relationship.SOURCE)
    pdf = finish(pages, (source, *others), about)
    return BuiltReport(pdf, hashlib.sha256(pdf).hexdigest(), number, manifest, tables)


def _attachments(context: ReportContext, tables: Iterable[Register]) -> tuple[Attachment, ...]:
    """Return what is embedded beside the manifest: the same, for programs of others."""
    seed = hashlib.sha256(manifest_bytes(context)).hexdigest()
    results = oscal.results_bytes(context, seed)
    return (
        Attachment(oscal.NAME, results, "OSCAL assessment results", Relationship.DATA),
        *map(_as_attachment, tables),
    )


def _as_attachment(register: Register) -> Attachment:
    return Attachment(
        f"{register.name}.csv",
        as_csv(register),
        f"Register of the report, {len(register.rows):,} rows",
        Relationship.SUPPLEMENT,
        "text/csv",
    )


def sections() -> tuple[Section, ...]:
    """Return the sections of a report in their order."""
    found = cast("tuple[Section, ...]", discover("workbench.report.sections", "SECTION"))
    return tuple(sorted(found, key=lambda section: section.order))


def blocks(page: Page) -> tuple[Block, ...]:
    """Return the blocks of all sections, headings of level 1 and 2 numbered."""
    found: list[Block] = []
    number = 0
    for key, title, parts in _chapters(page):
        if parts and title:
            number += 1
            found.append(Heading(1, f"{number}  {title}", key))
        found += _numbered(parts, number)
    return tuple(found)


def _chapters(page: Page) -> Iterator[tuple[str, str, tuple[Block, ...]]]:
    """Yield key, title and blocks of sections and statements, in the order of the template."""
    template, known = page.context.edition.template, {section.id: section for section in sections()}
    built = {each.id: tuple(each.build(page)) for each in known.values()}
    names = {each.id: each.title for each in known.values()} | dict(template.titles)
    order = template.sections or tuple(known)
    printed = {each for each in order if each in known and built[each]}
    stated = {statement.key: statement for statement in template.statements}
    for key in order:
        if key in known:
            yield key, names[key], built[key]
        else:
            parts = tuple(chapter(stated[key], page, names, printed))
            yield key, stated[key].title, parts


def _numbered(parts: Iterable[Block], chapter: int) -> Iterator[Block]:
    count = 0
    for block in parts:
        if isinstance(block, Heading) and block.level == 2:
            count += 1
            yield replace(block, text=f"{chapter}.{count}  {block.text}")
        else:
            yield block
