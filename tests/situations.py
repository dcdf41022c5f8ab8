"""What reports are made of in tests: real evidence, verified here, in known situations."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commands import CHECKOUT

from workbench.model.case import Engagement
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.selftest import SelfTestCase, SelfTestResult
from workbench.model.verification import Verification
from workbench.report.context import ReportContext
from workbench.services import reports
from workbench.services.verification import verify

SAMPLE = CHECKOUT / "resources" / "sample"
LOG_KEY = f"log={SAMPLE}/trust/log.vkey"
MODEL_ROOT = f"model={SAMPLE}/trust/model-root.pem"
MODEL_KEY = f"model={SAMPLE}/trust/model-key.pem"
ALL_KEYS = (LOG_KEY, MODEL_ROOT, MODEL_KEY)

AT = datetime(2026, 8, 1, tzinfo=UTC)
CHECKED = SelfTestResult((SelfTestCase("chain/intact", "An intact chain.", "integrity PASSED"),))
DETAILS = reports.Details("Verification report", "Ana Ruiz", AT, Engagement("Verification report"))


def request_of(*paths: Path, trust: Sequence[str] = (), **more: Any) -> VerifyRequest:
    """Return a request to verify, at a fixed time."""
    return VerifyRequest(paths, AT, tuple(trust), **more)


def verified(request: VerifyRequest) -> Verification:
    """Return what is found."""
    return verify(request, progress=Silent(), cancel=Cancel())


def context_of(*paths: Path, trust: Sequence[str] = (), **more: Any) -> ReportContext:
    """Return all that a report on these paths says."""
    request = request_of(*paths, trust=trust, **more)
    found = verified(request)
    trust = reports.trust_of(request, found)
    return reports.context_of(found, CHECKED, DETAILS, trust=trust, key=None)
