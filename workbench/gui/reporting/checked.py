"""What a signed report is worth: the verdict in ETSI's words, who signed, and the proof."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.mark import LARGE, mark_of
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.report.glossary import explain
from workbench.report.phrases import conclusion, moment, plural

if TYPE_CHECKING:
    from workbench.verify.report import ReportVerdict
    from workbench.verify.report.verdict import ReportSignature, ReportStamp

_MOST_EVIDENCE = 200


def shown_verdict(theme: Theme, found: "ReportVerdict") -> QWidget:
    """Return the verdict on a report, the conclusion first, the proof last."""
    stack = column(gap=8)
    _add_answer(theme, stack, found)
    for signature in found.signatures:
        stack.addSpacing(12)
        _add_signature(theme, stack, signature)
    for stamp in found.stamps:
        stack.addSpacing(12)
        _add_stamp(theme, stack, stamp)
    if found.evidence:
        stack.addSpacing(12)
        stack.addWidget(PlainLabel(theme, tr("Evidence at hand"), Face.SECTION))
        stack.addWidget(_evidence(theme, found))
    stack.addSpacing(12)
    stack.addWidget(PlainLabel(theme, tr("The file"), Face.SECTION))
    stack.addWidget(_file(theme, found))
    stack.addSpacing(12)
    stack.addWidget(PlainLabel(theme, tr("Proof trail"), Face.SECTION))
    stack.addWidget(ProofTrail(theme, found.steps))
    return boxed(stack)


def _add_answer(theme: Theme, stack: QVBoxLayout, found: "ReportVerdict") -> None:
    line = row(gap=12)
    word = found.indication.value
    line.addWidget(VerdictWord(theme, mark_of(found.indication), word, size=LARGE, face=Face.TITLE))
    line.addWidget(PlainLabel(theme, found.code or "", Face.MONO, "secondary"))
    line.addStretch()
    stack.addLayout(line)
    stack.addWidget(Paragraph(theme, tr(conclusion(found.indication)), Face.SECTION))
    for sentence in found.conclusion:
        stack.addWidget(Paragraph(theme, sentence))
    for reason in found.reasons:
        stack.addWidget(Paragraph(theme, reason, Face.BODY, "secondary"))
    meant = explain(found.code) if found.code else None
    if meant is not None:
        stack.addWidget(Paragraph(theme, meant.meaning, Face.BODY, "secondary"))
        if meant.decides:
            decides = tr("Would decide it: {}").format(meant.decides)
            stack.addWidget(Paragraph(theme, decides, Face.BODY, "secondary"))


def _add_signature(theme: Theme, stack: QVBoxLayout, signature: "ReportSignature") -> None:
    stack.addWidget(Line(theme))
    line = row(gap=12)
    title = tr("Signature {}").format(signature.field).rstrip()
    line.addWidget(PlainLabel(theme, title, Face.SECTION))
    mark = mark_of(signature.indication)
    line.addWidget(VerdictWord(theme, mark, signature.indication.value))
    line.addWidget(PlainLabel(theme, signature.code or "", Face.MONO, "secondary"))
    line.addStretch()
    stack.addLayout(line)
    stack.addWidget(Paragraph(theme, signature.reason))
    fields = Fields(theme)
    fields.add(tr("Signer"), signature.signer)
    if signature.fingerprint:
        fields.add(tr("Certificate"), HashLabel(theme, signature.fingerprint, head=12))
    fields.add(tr("Trusted by"), signature.trusted_by or tr("Nobody you named"))
    claimed = signature.claimed_time
    fields.add(tr("Claimed time"), moment(claimed) if claimed else tr("None"))
    if signature.proven_time:
        fields.add(tr("Not later than"), moment(signature.proven_time))
    if signature.meaning:
        fields.add(tr("Meaning"), signature.meaning)
    if signature.level:
        fields.add(tr("Level"), f"PAdES {signature.level}")
    changes = tr("changes after it: {}").format(signature.changes) if signature.changes else ""
    fields.add(tr("Covers"), ", ".join(part for part in (signature.coverage, changes) if part))
    stack.addWidget(fields)


def _add_stamp(theme: Theme, stack: QVBoxLayout, stamp: "ReportStamp") -> None:
    stack.addWidget(Line(theme))
    line = row(gap=12)
    over = tr("Time stamp over the {}").format(stamp.over.value)
    line.addWidget(PlainLabel(theme, over, Face.SECTION))
    line.addWidget(VerdictWord(theme, mark_of(stamp.indication), stamp.indication.value))
    line.addWidget(PlainLabel(theme, stamp.code or "", Face.MONO, "secondary"))
    line.addStretch()
    stack.addLayout(line)
    stack.addWidget(Paragraph(theme, stamp.reason))
    fields = Fields(theme)
    fields.add(tr("Authority"), stamp.authority or tr("Unreadable"))
    if stamp.fingerprint:
        fields.add(tr("Certificate"), HashLabel(theme, stamp.fingerprint, head=12))
    fields.add(tr("Trusted by"), stamp.trusted_by or tr("Nobody you named"))
    if stamp.time:
        proves = tr("order only, no time") if stamp.order_only else tr("a time")
        fields.add(tr("States"), moment(stamp.time))
        fields.add(tr("Proves"), proves)
    stack.addWidget(fields)


def _evidence(theme: Theme, found: "ReportVerdict") -> QWidget:
    fields = Fields(theme)
    for each in found.evidence[:_MOST_EVIDENCE]:
        place = each.path if each.member is None else f"{each.path} → {each.member}"
        fields.add(each.held.value, place)
    if (more := len(found.evidence) - _MOST_EVIDENCE) > 0:
        fields.add(tr("and"), tr("{} more").format(f"{more:,}"))
    return fields


def _file(theme: Theme, found: "ReportVerdict") -> QWidget:
    fields = Fields(theme)
    fields.add(tr("Name"), found.display)
    fields.add(tr("Size"), plural(found.size, tr("byte")))
    fields.add("SHA-256", HashLabel(theme, found.sha256, head=12))
    fields.add(tr("Unsigned"), HashLabel(theme, found.unsigned_sha256, head=12))
    fields.add(tr("Judged for"), moment(found.at))
    if found.manifest is not None:
        fields.add(tr("Attachments"), found.manifest.reason)
    return fields
