"""The verification card: all that somebody needs who was handed the file and nothing else."""

from collections import Counter
from collections.abc import Iterator

from workbench.model.verdict import Dimension, Indication
from workbench.report.context import Page, Section
from workbench.report.document import (
    Align,
    Block,
    Callout,
    Column,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    QrCode,
    Run,
    Table,
    Text,
    Tone,
    mono,
)
from workbench.report.phrases import moment, plural
from workbench.report.shorten import grouped

#: What the code holds: what it is of, how the digest was made, the digest.
_HELD = "audit-workbench:{number}:manifest.json:sha256:{digest}"
_COUNTS = (
    Column("Question", 0.4),
    Column("Passed", 0.2, Align.RIGHT),
    Column("Cannot be decided", 0.2, Align.RIGHT),
    Column("Failed", 0.2, Align.RIGHT),
)


def _build(page: Page) -> Iterator[Block]:
    yield Paragraph(
        "This page goes with the file. It says what was found in one look, what the file is known "
        "by, and how somebody who trusts nobody here comes to trust it, or not."
    )
    yield QrCode(
        _HELD.format(number=page.number, digest=page.manifest_sha256),
        (
            "The code holds the SHA-256 of manifest.json, which is embedded in this file and has "
            "all results. It proves nothing by itself: whoever copies this page copies the code. "
            "It spares comparing 64 characters by eye with what the auditor tells on another way, "
            "as on the telephone, by letter, or in the letter of engagement."
        ),
    )
    yield KeyValues(tuple(_known_by(page)))
    yield Heading(3, "What was found", "card-found")
    yield Table(_COUNTS, tuple(_counts(page)), own=True)
    yield Callout("How to come to trust this file", tuple(_steps(page)))
    yield PageBreak()


def _known_by(page: Page) -> Iterator[tuple[str, Text]]:
    context = page.context
    yield "Report", (context.title, " · ", mono(page.number))
    yield "Date of report", moment(context.report_date)
    yield "manifest.json, SHA-256", mono(grouped(page.manifest_sha256))
    if context.signer:
        yield "Signer", context.signer
        yield "Signer's certificate, SHA-256", mono(grouped(context.signer_certificate))
        yield "Root certificate, SHA-256", mono(grouped(context.signer_root))
    else:
        yield "Signer", "none was named when these pages were made"
    agreed, known = context.selftest.agreed, len(context.selftest.cases)
    checked = f"{agreed:,} of {known:,} known verdicts met" if known else "did not check itself"
    yield "Made with", f"Audit Workbench {context.tool_version}; {checked}"


def _counts(page: Page) -> Iterator[tuple[Text, ...]]:
    """Yield for each dimension how many subjects passed, are open and failed."""
    verdicts = [source.verdict for source in page.context.verification.subjects if source.verdict]
    for which in Dimension:
        found = Counter(verdict.dimension(which).indication for verdict in verdicts)
        passed, failed = found[Indication.PASSED], found[Indication.FAILED]
        shown: Text = Run(f"{failed:,}", Tone.FAILED) if failed else "0"
        title = f"{which.capitalize()} of {plural(len(verdicts), 'subject')}"
        yield title, f"{passed:,}", f"{found[Indication.INDETERMINATE]:,}", shown


def _steps(page: Page) -> Iterator[Text]:
    if not page.context.signer_root:
        yield (
            "No certificate was named when these pages were made. If the file bears no signature, "
            "ask for one that does: this one shows neither who made it nor that it is as it was."
        )
        return
    yield (
        "1. Ask the auditor for the SHA-256 of the root certificate by another way than this file, "
        "and compare it with the one above, group by group."
    )
    yield (
        "2. Check the signature against that certificate: ",
        Run("Check it yourself", Tone.LINK, "recipe"),
        " has the commands, with and without this program.",
    )
    yield (
        "3. A reader that shows the signer as unknown, or the validity as unknown, says only that "
        "it was not told to trust that root. Once the two digests agree, you may tell it so. A "
        "message that the file was changed, or that the signature is not valid, is another thing: "
        "then do not rely on it."
    )
    yield (
        "4. Compare the digest of manifest.json with the code or the line above; and evidence that "
        "you hold with the register, by its SHA-256."
    )


SECTION = Section("card", "Verification card", 15, _build)
