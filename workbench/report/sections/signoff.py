"""Who answers for this report."""

from collections.abc import Iterator

from workbench.model.report_signature import LEAD_AUDITOR_FIELD, REVIEWER_FIELD
from workbench.report.context import Page, Section
from workbench.report.document import Block, KeyValues, Paragraph, SignaturePlaces, Text, mono
from workbench.report.phrases import moment
from workbench.report.shorten import grouped


def _build(page: Page) -> Iterator[Block]:
    context = page.context
    yield Paragraph(
        "By signing, the auditor states that the work described here was done as described, on "
        "the evidence in the register, and with the trusted keys named."
    )
    if context.signer:
        yield Paragraph(
            "An electronic signature is made over the whole of this file. In its box stand the "
            "name, the time and the meaning that the signer states; the box proves nothing by "
            "itself, the signature does. Whoever reviews signs in the second box."
        )
    rows: list[tuple[str, Text]] = [
        ("Prepared by", context.auditor or "not stated"),
        ("Signer's certificate", context.signer or "none was named"),
        ("Date of report", moment(context.report_date)),
        ("Report number", mono(page.number)),
        ("manifest.json, SHA-256", mono(grouped(page.manifest_sha256))),
    ]
    yield KeyValues(tuple(rows))
    yield SignaturePlaces(
        (("Lead auditor", LEAD_AUDITOR_FIELD), ("Reviewer", REVIEWER_FIELD)),
    )
    if not context.signer:
        yield Paragraph(
            "No certificate was named when these pages were made: unless your reader shows a "
            "signature, this is an unsigned draft.",
        )


SECTION = Section("signoff", "Sign-off", 110, _build)
