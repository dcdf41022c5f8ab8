"""A believable case for reports: intact, altered, signed, unsigned and unprotected evidence."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from workbench.model.case import Engagement
from workbench.model.expectation import Period
from workbench.model.selftest import SelfTestCase, SelfTestResult
from workbench.model.source import Role
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Diagnosis,
    DiagnosisClass,
    Indication,
    SignatureVerdict,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
)
from workbench.model.verification import SourceVerdict, Verification
from workbench.report.context import ReportContext

AT = datetime(2026, 10, 1, tzinfo=UTC)

#: What must never act: overrides, control characters, markup, format strings, look-alikes.
HOSTILE = "inv\u202egpj.exe <b>bold</b> &amp; <font color=red>x</font> \x1b[31m a\u00a0b {path} %s"

CONSISTENT = frozenset({AssuranceFlag.CONSISTENT})
SIGNED = frozenset({AssuranceFlag.CONSISTENT, AssuranceFlag.SIGNED})


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


ALTERED = Diagnosis(
    DiagnosisClass.RECORD_ALTERED,
    record=1742,
    count=1,
    offset=702331,
    stored=digest("stored"),
    recomputed=digest("recomputed"),
    explanations=("Line endings: ruled out, LF throughout.",),
)

INTACT_LOG = SubjectVerdict(
    passed("ANCHORED"),
    passed("nwl-log+7d21ab33"),
    passed("ANCHORED"),
    indeterminate("NO_TRUSTED_TIME"),
    profile="certmate",
    records=3000,
    not_covered=("ui_hint",),
    assurance=(AssuranceRange(1, 3000, SIGNED),),
    signatures=(
        SignatureVerdict(
            Indication.PASSED, None, "nwl-log+7d21ab33", digest("key"), "log.pem", None, "head"
        ),
    ),
    steps=(Step("FIPS 180-4", "Recompute each digest", "3,000 equal", "sha256sum log.jsonl"),),
)

ALTERED_LOG = SubjectVerdict(
    failed("RECORD_ALTERED"),
    indeterminate("NO_SIGNATURE"),
    indeterminate("NO_ANCHOR"),
    indeterminate("NO_TRUSTED_TIME"),
    profile="certmate",
    records=3000,
    assurance=(
        AssuranceRange(1, 1741, CONSISTENT),
        AssuranceRange(1742, 1742),
        AssuranceRange(1743, 3000, CONSISTENT),
    ),
    diagnoses=(ALTERED,),
)

SELF_CONSISTENT_LOG = replace(
    ALTERED_LOG,
    integrity=passed("SELF_CONSISTENT"),
    diagnoses=(),
    assurance=(AssuranceRange(1, 3000, CONSISTENT),),
)

CATALOG = SubjectVerdict(
    indeterminate("UNPROTECTED"),
    indeterminate("NO_SIGNATURE"),
    indeterminate("NO_ANCHOR"),
    indeterminate("NO_TRUSTED_TIME"),
)


def source(path: str, verdict: SubjectVerdict | None, **more: object) -> SourceVerdict:
    role = Role.SUBJECT if verdict else Role.ANCHOR
    found = SourceVerdict(path, None, role, digest(path), 1234, "chain", verdict)
    return replace(found, **more)


SOURCES = (
    source("catalog/mlflow.db", CATALOG, format="mlflow"),
    source("chain/audit-log.jsonl", INTACT_LOG),
    source("chain/tampered.jsonl", ALTERED_LOG),
    source("chain/audit-log.head", None, pairs_with="chain/audit-log.jsonl"),
)

TRUST = Trust(
    AT,
    (
        TrustAnchor(
            "log.pem",
            AnchorKind.PUBLIC_KEY,
            TrustRole.LOG,
            digest("key"),
            digest("key"),
            b"",
            confirmed=True,
        ),
    ),
)

SELFTEST = SelfTestResult(
    (SelfTestCase("chain/intact", "An intact chain", "PASSED SELF_CONSISTENT"),)
)


def case(sources: tuple[SourceVerdict, ...] = SOURCES, **more: object) -> ReportContext:
    """Return a context; anything in it can be replaced by name."""
    context = ReportContext(
        verification=Verification(AT, sources, context=("README.txt",)),
        trust=TRUST,
        selftest=SELFTEST,
        title="Northwind Lending: model audit",
        auditor="Ana Ruiz",
        report_date=datetime(2026, 10, 2, 9, 30, tzinfo=UTC),
        engagement=Engagement(
            title="Northwind Lending: model audit",
            client="Northwind Lending plc",
            period=Period(AT.replace(month=7), AT.replace(month=9, day=30)),
        ),
        signer="CN=Ana Ruiz,O=Ruiz Audit",
        signer_certificate=digest("signer"),
        signer_root=digest("root"),
    )
    return replace(context, **more)
