"""What a report is made from: the same context gives the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from workbench.model.contract import TOOL
from workbench.model.expectation import Period
from workbench.model.selftest import SelfTestResult
from workbench.model.trust import Trust
from workbench.model.verification import Verification
from workbench.report.document import Block


@dataclass(frozen=True, slots=True)
class Engagement:
    """Who asked whom for what, where that is known; empty where it is not.

    Attributes:
        client: whose evidence it is.
        prepared_for: to whom the report is addressed.
        scope: what was asked, in a sentence.
        period: audit period, or None.
        number: number of the report in the auditor's own books, or "".
    """

    client: str = ""
    prepared_for: str = ""
    scope: str = ""
    period: Period | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything a report says.

    Attributes:
        verification: what was found.
        trust: whom the auditor trusted; secrets are named, their values never shown.
        selftest: what the program found when it checked itself.
        title: name of the report.
        auditor: who answers for it, or "".
        report_date: the date it carries, aware.
        engagement: who asked for what.
        signer: subject of the certificate that the report will be signed with; "" where it will
            not be signed.
        signer_certificate: lower hex SHA-256 of that certificate (DER), or "".
        signer_root: SHA-256 of the root certificate (DER) that the report's signature leads
            to, lower hex; "" where the report will not be signed.
        limitations: further limits of this work, in sentences.
        tool_version: version of the program.
    """

    verification: Verification
    trust: Trust
    selftest: SelfTestResult
    title: str
    auditor: str
    report_date: datetime
    engagement: Engagement = field(default_factory=Engagement)
    signer: str = ""
    signer_certificate: str = ""
    signer_root: str = ""
    limitations: tuple[str, ...] = ()
    tool_version: str = TOOL["version"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a section is given: the context, and what was computed from it.

    Attributes:
        context: everything the report says.
        manifest_sha256: lower hex SHA-256 of the embedded manifest.
        number: the report's number: the auditor's own, or one made from the manifest.
    """

    context: ReportContext
    manifest_sha256: str
    number: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report, bound to ``SECTION`` in a module of ``report.sections``.

    Attributes:
        id: unique; the key of its heading.
        title: its heading; "" for one without.
        order: place among the sections, lowest first.
        build: gives its blocks.
    """

    id: str
    title: str
    order: int
    build: Callable[[Page], Iterator[Block]]
