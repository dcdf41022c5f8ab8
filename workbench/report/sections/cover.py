"""The first pages: what this is, the case in four words, how to check the file itself."""

from collections.abc import Iterator

from workbench.report.context import Page, Section
from workbench.report.document import (
    Block,
    Callout,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Run,
    Text,
    Title,
    Toc,
    Tone,
    mono,
)
from workbench.report.phrases import case_card, day, moment, plural
from workbench.report.shorten import grouped

_CHECK: tuple[Text, ...] = (
    (
        "1. Get the fingerprint of the root certificate from the auditor by another way than this "
        "file: by telephone, letter or in person."
    ),
    "2. Compare it with the one below, and with the certificate file that you were given.",
    (
        "3. Verify the signature against that certificate: ",
        Run("Check it yourself", Tone.LINK, "recipe"),
        " has the commands.",
    ),
)


def _build(page: Page) -> Iterator[Block]:
    context = page.context
    yield Title(context.title, "Verification of evidence")
    yield KeyValues(_about(page))
    yield Heading(3, "The case in four words", "case")
    yield case_card(context.verification)
    if context.verification.subjects:
        yield Paragraph(_scope_of_verdict(page), quiet=True)
    yield Callout("Check this file before you rely on it", _CHECK)
    yield KeyValues(_fingerprints(page))
    yield PageBreak()
    yield Heading(3, "What this report is", "what")
    yield Paragraph(
        "It says what can be proven about the evidence named in it, what cannot, and where "
        "something does not agree. Every verdict was recomputed from the bytes that were handed "
        "over; nothing in it rests on what a producer's own tool reported. It is a verification "
        "report: it is no opinion on the audited organisation, its people or its models."
    )
    yield Paragraph(
        "The same evidence, the same trusted keys and the same date give this report again, byte "
        "for byte, before its signature. What a verdict rests on is listed as a proof trail, with "
        "a recipe to redo it by hand; all digests and verdicts are in the embedded manifest.json."
    )
    yield Heading(3, "Contents", "contents")
    yield Toc()


def _about(page: Page) -> tuple[tuple[str, Text], ...]:
    context, engagement = page.context, page.context.engagement
    period = engagement.period
    rows: list[tuple[str, Text]] = [
        ("Evidence of", engagement.client),
        ("Prepared for", engagement.prepared_for),
        ("Scope", engagement.scope),
        ("Audit period", f"{day(period.first)} to {day(period.last)}" if period else ""),
        ("Auditor", context.auditor),
        ("Date of report", moment(context.report_date)),
        ("Trust judged at", moment(context.verification.at)),
        ("Report number", mono(page.number)),
        ("Made with", f"Audit Workbench {context.tool_version}, {_network(page)}"),
    ]
    return tuple(row for row in rows if row[1])


def _network(page: Page) -> str:
    acts = page.context.verification.network
    return f"with {plural(len(acts), 'network act')}" if acts else "without any network"


def _scope_of_verdict(page: Page) -> str:
    count = len(page.context.verification.subjects)
    return (
        f"The case is as good as the worst of its {plural(count, 'subject')}. Integrity, "
        "authenticity, completeness and time are answered apart and never added up."
    )


def _fingerprints(page: Page) -> tuple[tuple[str, Text], ...]:
    root = page.context.signer_root
    shown: Text = mono(grouped(root)) if root else "Not stated: ask the auditor for it."
    return (
        ("Root certificate, SHA-256", shown),
        ("manifest.json, SHA-256", mono(grouped(page.manifest_sha256))),
    )


SECTION = Section("cover", "", 10, _build)
