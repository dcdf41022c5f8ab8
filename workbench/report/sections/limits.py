"""What no such report can show, and what limits this one."""

from collections.abc import Iterator

from workbench.report.context import Page, Section
from workbench.report.document import Block, Bullets, Heading, Paragraph, Text

_INHERENT: tuple[Text, ...] = (
    (
        "A chain can show that something inside what was exported was altered or removed. It "
        "cannot show that an event was logged in the first place, or that a record tells the "
        "truth."
    ),
    (
        "Evidence that agrees only with itself can have been written anew as a whole. Only an "
        "anchor kept or signed by somebody else rules that out."
    ),
    "A shared secret protects against outsiders. It does not tell apart those who hold it.",
    "Times inside records are claims of whoever wrote them, unless a trusted time is named.",
    (
        "Revocation was not checked: no revocation list or answer was fetched, and none that was "
        "handed over was read. A certificate that was revoked looks here like any other."
    ),
    (
        "Trust comes from the auditor. If a key that the auditor trusts was stolen or handed "
        "over by the wrong person, what it signed looks genuine here."
    ),
    (
        "Digests and signatures are taken to be as strong as the standards say on the date of "
        "this report; methods that are too weak are refused."
    ),
    "A FAILED names what does not agree in the bytes. It does not say who caused it or why.",
)
_RELIANCE: tuple[Text, ...] = (
    (
        "This report covers the bytes in the evidence register and nothing else. A copy with "
        "another SHA-256 is other evidence."
    ),
    (
        "It verifies; it gives no assurance in the sense of a professional standard and no "
        "opinion on compliance. Whoever gives one decides what this report contributes to it."
    ),
    (
        "Evidence is printed from left to right; a phrase of Hebrew or Arabic within it is set as "
        "its readers read it, and Devanagari without ligatures. Other marks that join the letter "
        "before them, and characters that no typeface of this report has, are printed by their "
        "number, such as [U+0301]. manifest.json has every text as it was read."
    ),
)


def _build(page: Page) -> Iterator[Block]:
    yield Paragraph("These limits hold for every verdict in this report, PASSED ones included.")
    yield Bullets(_INHERENT)
    yield Heading(2, "Reliance", "limits-reliance")
    yield Bullets(_RELIANCE)
    own = (*_network(page), *page.context.limitations)
    if own:
        yield Heading(2, "Limits of this work", "limits-own")
        yield Bullets(own)


def _network(page: Page) -> tuple[str, ...]:
    return tuple(f"The network was used: {act}" for act in page.context.verification.network)


SECTION = Section("limits", "Limits", 100, _build)
