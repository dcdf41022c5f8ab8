"""What the inspector shows of a source: intake, custody, verdict, bytes."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.amounts import size
from workbench.gui.context import WindowContext
from workbench.gui.evidence.forms import CustodyForm, TotalsForm
from workbench.gui.evidence.rows import format_name, totals_cell
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.fonts import Face
from workbench.gui.judged import Judged
from workbench.gui.looking.remarks import Remarks
from workbench.gui.mapping.asking import candidates
from workbench.gui.parts.boxes import Line, boxed, column
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import mark_of
from workbench.gui.parts.word import VerdictWord
from workbench.gui.places import SourceAt
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.case import EvidenceRef
from workbench.model.case_source import CaseSource, Delivery, Presence
from workbench.model.locator import Locator
from workbench.model.remark import Place
from workbench.model.verdict import Dimension
from workbench.report.glossary import words
from workbench.report.phrases import moment
from workbench.report.sentences import sentence


def inspected(context: WindowContext, each: Judged, delivery: Delivery | None) -> Inspected:
    """Return a source in full."""
    source = each.source
    tabs = [
        InspectorTab(tr("Intake"), partial(_intake, context, each)),
        InspectorTab(tr("Custody"), partial(_custody, context, each, delivery)),
    ]
    if each.verdict is not None:
        tabs.append(InspectorTab(tr("Verdict"), partial(_verdict, context, each)))
    if source.files == 1 and source.sha256:
        tabs.append(InspectorTab(tr("Bytes"), partial(_bytes, context, each)))
    totals = totals_cell(source)
    status = f"{source.role.value} · {format_name(source)}"
    return Inspected(
        key=f"source:{source.id}",
        title=each.name,
        tabs=tuple(tabs),
        mark=totals.mark if source.totals else None,
        status=tr("Control totals: {}").format(totals.text) if source.totals else status,
        locator=Locator(source.path, source.member),
        actions=((tr("Map this log"), partial(_map, context, each)),) if _may_map(source) else (),
    )


def _may_map(source: CaseSource) -> bool:
    return bool(candidates([source]))


def _map(context: WindowContext, each: Judged) -> None:
    context.navigation.go("mapping", SourceAt(each.source.id))


def _intake(context: WindowContext, each: Judged) -> QWidget:
    theme, source = context.theme, each.source
    outer = column(gap=12)
    for problem in source.problems[:20]:
        outer.addWidget(Paragraph(theme, f"{problem.code}: {problem.message}"))
    fields = Fields(theme)
    version = f", {source.version}" if source.version else ""
    fields.add(tr("Format"), f"{format_name(source)}{version}")
    fields.add(tr("Role"), source.role.value)
    if source.pairs_with:
        fields.add(tr("Belongs to"), source.pairs_with)
    fields.add(tr("Size"), f"{size(source.size)} ({source.size:,} bytes)")
    fields.add(tr("Files"), f"{source.files:,}")
    for name, count in source.counts.items():
        if isinstance(count, int):
            fields.add(name.replace("_", " ").capitalize(), f"{count:,}")
    fields.add(tr("Bytes now"), _where(each.presence))
    _group(outer, context, tr("Recognised"), fields)
    _group(outer, context, tr("SHA-256 at intake"), HashLabel(theme, source.sha256, whole=True))
    digest = Fields(theme)
    digest.add(tr("Taken"), moment(source.added))
    outer.addWidget(digest)
    if each.is_subject:
        _group(outer, context, tr("Control totals"), TotalsForm(context, source))
    if source.cannot_show:
        shown = "\n".join(f"· {line}" for line in source.cannot_show)
        _group(outer, context, tr("What this kind of export cannot show"), Paragraph(theme, shown))
    if source.sha256:
        outer.addWidget(Line(theme))
        outer.addWidget(Remarks(context, Place(source.id)))
    outer.addStretch()
    return boxed(outer)


def _custody(context: WindowContext, _each: Judged, delivery: Delivery | None) -> QWidget:
    theme = context.theme
    outer = column(gap=12)
    if delivery is None:
        outer.addWidget(Paragraph(theme, tr("Nothing is on record of how it came.")))
        return boxed(outer)
    fields = Fields(theme)
    fields.add(tr("Delivery"), delivery.label)
    fields.add(tr("Lies at"), delivery.place)
    fields.add(tr("Added"), moment(delivery.added))
    fields.add(tr("By"), delivery.who)
    outer.addWidget(fields)
    _group(outer, context, tr("Received"), CustodyForm(context, delivery))
    outer.addStretch()
    return boxed(outer)


def _verdict(context: WindowContext, each: Judged) -> QWidget:
    theme = context.theme
    outer = column(gap=10)
    for which in Dimension if each.verdict else ():
        answer = each.verdict.dimension(which) if each.verdict else None
        if answer is None or each.verdict is None:
            continue
        outer.addWidget(PlainLabel(theme, words()[which].short, Face.STRONG))
        outer.addWidget(VerdictWord(theme, mark_of(answer), answer.indication.value))
        outer.addWidget(Paragraph(theme, sentence(each.verdict, which, each.unit)))
    go = Button(theme, tr("Open in Verification"), "shield-check", Look.LINK)
    go.clicked.connect(lambda: context.navigation.go("verification", SourceAt(each.source.id)))
    outer.addWidget(go)
    outer.addStretch()
    return boxed(outer)


def _bytes(context: WindowContext, each: Judged) -> QWidget:
    ref = EvidenceRef(each.source.sha256, Locator(each.source.path, each.source.member))
    return EvidenceBytes(context, ref)


def _group(outer: QVBoxLayout, context: WindowContext, title: str, content: QWidget) -> None:
    outer.addWidget(Line(context.theme))
    outer.addWidget(PlainLabel(context.theme, title, Face.STRONG))
    outer.addWidget(content)


def _where(presence: Presence) -> str:
    match presence:
        case Presence.HERE:
            return tr("Where they were; not hashed again since")
        case Presence.MISSING:
            return tr("Not where they were")
        case Presence.CHANGED:
            return tr("There, with another size than at intake")
