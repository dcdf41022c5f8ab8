"""What the inspector shows of a verdict: the proof trail, the record, its bytes."""

from functools import partial

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.judged import Judged
from workbench.gui.looking.awaited import Awaited
from workbench.gui.parts.inspector import Inspected, InspectorTab
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.records import event_at, fields_view, read_record
from workbench.gui.text import Paragraph, tr
from workbench.model.case import EvidenceRef
from workbench.model.locator import Locator
from workbench.model.verdict import Diagnosis, DiagnosisClass, Step

PROOF, RECORD, BYTES = "Proof", "Record", "Bytes"


def inspected(
    context: WindowContext,
    each: Judged,
    *,
    record: int | None = None,
    diagnosis: Diagnosis | None = None,
    turn_to: str = "",
) -> Inspected:
    """Return a source, with one record of it in full where one is looked at."""
    tabs = [InspectorTab(tr(PROOF), partial(_proof, context, each))]
    if record is not None and each.source.events is not None:
        not_covered = each.verdict.not_covered if each.verdict else ()
        marked = diagnosis.stored if diagnosis and diagnosis.record == record else ""
        tabs += [
            InspectorTab(tr(RECORD), partial(_record, context, each, record, not_covered)),
            InspectorTab(tr(BYTES), partial(_bytes, context, each, record, marked)),
        ]
    elif each.source.files == 1 and each.source.sha256:
        tabs.append(InspectorTab(tr(BYTES), partial(_first_bytes, context, each)))
    where = "" if record is None else f", {tr('record')} {record:,}"
    return Inspected(
        key=f"verdict:{each.source.id}:{record}",
        title=each.name,
        tabs=tuple(tabs),
        status=f"{each.source.format}{where}",
        locator=Locator(each.source.path, each.source.member, record),
        turn_to=turn_to,
    )


def step_mark(step: Step) -> Mark | None:
    """Return the mark of a step that did not come out right; of others nothing is claimed.

    A step keeps its result in words; only what says itself that it does not hold is marked.
    """
    word = step.result.partition(":")[0]
    if word in DiagnosisClass.__members__ or "does not agree" in step.result:
        return Mark.FAILED
    return Mark.INDETERMINATE if step.result.startswith("Not done") else None


def _proof(context: WindowContext, each: Judged) -> QWidget:
    verdict = each.verdict
    if verdict is None:
        return Paragraph(context.theme, tr("Nothing was recomputed yet."))
    marks = [step_mark(step) for step in verdict.steps]
    trail = ProofTrail(context.theme, verdict.steps, verdict=verdict.integrity, marks=marks)
    say = context.notices.say
    trail.recipe_copied.connect(lambda _text: say(tr("The recipe is on the clipboard.")))
    return trail


def _record(
    context: WindowContext, each: Judged, record: int, not_covered: tuple[str, ...]
) -> QWidget:
    return Awaited(
        context,
        lambda case: read_record(case, each.source.id, record),
        lambda read: fields_view(context.theme, read, not_covered),
    )


def _bytes(context: WindowContext, each: Judged, record: int, marked: str) -> QWidget:
    says = tr("Marked: the stored digest that the record does not reproduce.")
    return Awaited(
        context,
        lambda case: event_at(case, each.source.id, record),
        lambda found: EvidenceBytes(context, found.ref, marked=marked, says=says),
    )


def _first_bytes(context: WindowContext, each: Judged) -> QWidget:
    ref = EvidenceRef(each.source.sha256, Locator(each.source.path, each.source.member))
    return EvidenceBytes(context, ref)
