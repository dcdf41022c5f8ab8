"""Proof trails: the numbered steps behind each verdict."""

from collections.abc import Iterator

from workbench.report.context import Page, Section
from workbench.report.document import Block, Heading, Paragraph, ProofTrail
from workbench.report.phrases import short_name_of

_TRAILS = 40


def _build(page: Page) -> Iterator[Block]:
    subjects = [s for s in page.context.verification.subjects if s.verdict and s.verdict.steps]
    yield Paragraph(
        "The steps were done here, on the bytes handed over, in this order. A step that was "
        "skipped is listed with its reason. Clauses name the standard that a step follows."
    )
    if not subjects:
        yield Paragraph("No step was recorded.")
    for number, source in enumerate(subjects[:_TRAILS], 1):
        if source.verdict:
            yield Heading(2, short_name_of(source), f"proof-{number}")
            yield ProofTrail(source.verdict.steps)
    if len(subjects) > _TRAILS:
        yield Paragraph(
            f"The trails of {len(subjects) - _TRAILS:,} more subjects are in manifest.json.",
            quiet=True,
        )


SECTION = Section("proof", "Proof trails", 50, _build)
