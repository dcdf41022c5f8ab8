"""Whom the auditor trusted, for what, and whether the fingerprint was compared."""

from collections.abc import Iterator

from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.report.context import Page, Section
from workbench.report.document import Block, Callout, Column, Paragraph, Table, Text, quiet
from workbench.report.phrases import day, moment, trusted_for
from workbench.report.shorten import grouped

_COLUMNS = (
    Column("Key, certificate or identity", 0.26),
    Column("Trusted for", 0.16),
    Column("SHA-256", 0.38, mono=True),
    Column("Compared", 0.2),
)
_LISTS = (
    Column("List", 0.3),
    Column("Made", 0.16),
    Column("Next one due", 0.16),
    Column("SHA-256", 0.38, mono=True),
)


def _build(page: Page) -> Iterator[Block]:
    trust = page.context.trust
    if not trust.anchors:
        yield Callout(
            "The auditor named no key and no certificate",
            (
                (
                    "So nothing in this report is proven to come from anybody, however many "
                    "signatures the evidence holds."
                ),
            ),
        )
    else:
        yield Paragraph(
            f"Trust was judged for {moment(trust.at)}. Signatures count where at least "
            f"{trust.threshold:,} of these signed. Keys are told apart by the SHA-256 of the "
            "public key or of the certificate, never by a name or path alone."
        )
        yield Table(_COLUMNS, tuple(_row(anchor) for anchor in trust.anchors))
    if trust.revocations:
        yield Paragraph(
            "Revocation was looked up in these lists, each as far as whoever issued a certificate "
            "signed it."
        )
        yield Table(_LISTS, tuple(_list_row(anchor) for anchor in trust.revocations))
    yield from (Paragraph(warning) for warning in trust.warnings)
    if trust.secrets:
        names = ", ".join(secret.id or "one without a name" for secret in trust.secrets)
        yield Paragraph(f"Shared secrets used, whose values are not in this report: {names}.")


def _row(anchor: TrustAnchor) -> tuple[Text, ...]:
    name = (anchor.name, quiet(f" · {anchor.kind}"))
    purpose = trusted_for(anchor.role)
    if anchor.valid_from is not None and anchor.kind is not AnchorKind.CERTIFICATE:
        purpose = f"{purpose}, from {day(anchor.valid_from)}"
    if anchor.valid_to is not None:
        purpose = f"{purpose}, to {day(anchor.valid_to)}"
    return (name, purpose, grouped(anchor.fingerprint), _compared(anchor))


def _list_row(anchor: TrustAnchor) -> tuple[Text, ...]:
    made, due = (
        "not stated" if time is None else moment(time)
        for time in (anchor.valid_from, anchor.valid_to)
    )
    return (anchor.name, quiet(f" · {anchor.kind}")), made, due, grouped(anchor.fingerprint)


def _compared(anchor: TrustAnchor) -> str:
    if anchor.kind is AnchorKind.IDENTITY:
        return "named by the auditor, and compared exactly with certificates"
    if anchor.confirmed:
        beside = "; it also lies in the evidence" if anchor.self_supplied else ""
        return f"yes, the auditor says{beside}"
    if anchor.self_supplied:
        return "no, and it also lies in the evidence: by itself it proves nothing"
    return "not stated"


SECTION = Section("trust", "Whom the auditor trusted", 60, _build)
