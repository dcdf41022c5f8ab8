"""What a report is made from: the same context gives the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from workbench.model.case import ControlTotal, Engagement, Finding, HandedOver, JournalState
from workbench.model.case_source import Delivery
from workbench.model.contract import TOOL
from workbench.model.detection import KeptRules
from workbench.model.edition import PLAIN_EDITION, Edition
from workbench.model.lineage import LineageOf
from workbench.model.policy import CheckResult, Framework, Pack
from workbench.model.selftest import SelfTestResult
from workbench.model.trust import Trust
from workbench.model.verification import Verification
from workbench.report.document import Block


@dataclass(frozen=True, slots=True)
class CaseContent:
    """What a case holds beside its verdicts, as far as a report tells it.

    Attributes:
        case_id: random, the same for the life of the case.
        journal: number of acts and head before the report was made, and where it is broken.
        findings: all findings, in order.
        pack: the checks that were asked, or None.
        checks: what each of them said.
        rules: what detection rules said last, or None: they were not asked.
        deliveries: what was handed over, in order.
        totals: control totals that were stated, with the name of the source each is of.
        frameworks: the texts that they are mapped to.
        lineage: of what the findings are about, or of the model that most is known about.
        lineage_left: how many more things findings are about whose lineage is not shown.
        handed_over: parts of it that were handed over, in order.
    """

    case_id: str
    journal: JournalState
    findings: tuple[Finding, ...] = ()
    pack: Pack | None = None
    checks: tuple[CheckResult, ...] = ()
    rules: KeptRules | None = None
    deliveries: tuple[Delivery, ...] = ()
    totals: tuple[tuple[str, ControlTotal], ...] = ()
    frameworks: tuple[Framework, ...] = ()
    lineage: tuple[LineageOf, ...] = ()
    lineage_left: int = 0
    handed_over: tuple[HandedOver, ...] = ()


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
        prepared_for: to whom the report is addressed, or "".
        case: what else the case holds; None where evidence was verified without a case.
        signer: subject of the certificate that the report will be signed with; "" where it will
            not be signed.
        signer_certificate: lower hex SHA-256 of that certificate (DER), or "".
        signer_root: SHA-256 of the root certificate (DER) that the report's signature leads
            to, lower hex; "" where the report will not be signed.
        limitations: further limits of this work, in sentences.
        tool_version: version of the program.
        edition: how the report is made up.
    """

    verification: Verification
    trust: Trust
    selftest: SelfTestResult
    title: str
    auditor: str
    report_date: datetime
    engagement: Engagement
    prepared_for: str = ""
    case: CaseContent | None = None
    signer: str = ""
    signer_certificate: str = ""
    signer_root: str = ""
    limitations: tuple[str, ...] = ()
    tool_version: str = TOOL["version"]
    edition: Edition = PLAIN_EDITION

    @property
    def is_draft(self) -> bool:
        """Tell whether it is marked as a draft: who signs it decides, or that nobody does."""
        return self.edition.draft or not self.signer


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
        build: gives its blocks; without any, its heading is not printed either.
    """

    id: str
    title: str
    order: int
    build: Callable[[Page], Iterator[Block]]
