"""Who answers for this report."""

from collections.abc import Iterator

from workbench.report.context import Page, Section
from workbench.report.document import Block, KeyValues, Paragraph, SignatureLines, Text, mono
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
            "An electronic signature is made over the whole of this file; it draws nothing on any "
            "page. The lines below are for a copy on paper."
        )
    rows: list[tuple[str, Text]] = [
        ("Prepared by", context.auditor or "not stated"),
        ("Signer's certificate", context.signer or "none was named"),
        ("Date of report", moment(context.report_date)),
        ("Report number", mono(page.number)),
        ("manifest.json, SHA-256", mono(grouped(page.manifest_sha256))),
    ]
    yield KeyValues(tuple(rows))
    yield SignatureLines(("Name", "Place and date", "Signature"))
    if not context.signer:
        yield Paragraph(
            "No certificate was named when these pages were made: unless your reader shows a "
            "signature, this is an unsigned draft.",
        )


SECTION = Section("signoff", "Sign-off", 110, _build)
