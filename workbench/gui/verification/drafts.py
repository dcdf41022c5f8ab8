"""A finding as far as a verdict writes it: what should be, what is, and where to see it."""

from workbench.gui.judged import Judged
from workbench.gui.parts.diagnosis import place_words
from workbench.gui.places import FindingDraft
from workbench.gui.text import tr
from workbench.model.case import EvidenceRef, Severity
from workbench.model.locator import Locator
from workbench.model.verdict import Diagnosis, Dimension, Indication
from workbench.report.glossary import headline, words
from workbench.report.phrases import indication_of
from workbench.report.sentences import sentence


def draft_of(each: Judged, diagnosis: Diagnosis | None) -> FindingDraft:
    """Return the draft of a finding about a diagnosis, or about what could not be decided."""
    if diagnosis is not None and each.verdict is not None:
        failed = indication_of(diagnosis, each.verdict) is Indication.FAILED
        condition = f"{words()[diagnosis.kind].meaning} {place_words(diagnosis, None)}."
        return FindingDraft(
            title=f"{headline(diagnosis)}: {each.name}",
            severity=Severity.HIGH if failed else Severity.MEDIUM,
            criteria=tr("Records are as they were when they were chained and signed."),
            condition=condition,
            evidence=(_place(each, diagnosis),),
            origin=f"diagnosis {diagnosis.kind}",
        )
    open_ones = [
        which
        for which in Dimension
        if each.verdict and each.verdict.dimension(which).indication is not Indication.PASSED
    ]
    said = [sentence(each.verdict, which, each.unit) for which in open_ones if each.verdict]
    named = ", ".join(which.value for which in open_ones)
    return FindingDraft(
        title=tr("{}: {} not established").format(each.name, named or tr("verification")),
        condition=" ".join(said),
        evidence=(_place(each, None),),
        origin="verdict",
    )


def _place(each: Judged, diagnosis: Diagnosis | None) -> EvidenceRef:
    source = each.source
    record = diagnosis.record if diagnosis else None
    offset = diagnosis.offset if diagnosis else None
    note = headline(diagnosis) if diagnosis else ""
    return EvidenceRef(
        source.sha256, Locator(source.path, source.member, record=record, offset=offset), note
    )
