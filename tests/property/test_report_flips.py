"""No change of a single byte of a signed report leaves it PASSED, nor ends in an exception.

``WORKBENCH_FLIPS`` and ``WORKBENCH_SEED`` ask for more changes than a usual run makes.
"""

import os
import random
from collections import Counter
from functools import partial

import pytest
import reports
import signing
from reports import SignedReport

from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.verify.report import Coverage, NotASignedReport, verify_report
from workbench.verify.report.stamps import DigestOf, judge_stamp
from workbench.verify.report.structure import signed_ranges
from workbench.verify.report.verdict import Stamped

FLIPS = int(os.environ.get("WORKBENCH_FLIPS", "1000"))
SEED = int(os.environ.get("WORKBENCH_SEED", "20260630"))


def _worth(data: bytes, trust: Trust) -> str:
    try:
        return verify_report(data, trust, display="report.pdf").indication.value
    except NotASignedReport:
        return "no report"


def _changed(data: bytes, at: int, to: int) -> bytes:
    return data[:at] + bytes([to]) + data[at + 1 :]


@pytest.mark.parametrize("region", ["whole file", "signature"])
def test_no_byte_can_be_changed(region: str) -> None:
    report: SignedReport = reports.signed_report()
    first, end = (0, len(report.data)) if region == "whole file" else report.hole
    draw = random.Random(SEED)
    outcomes: Counter[str] = Counter()
    for _ in range(FLIPS):
        at = draw.randrange(first, end)
        to = report.data[at] ^ draw.randrange(1, 256)
        outcome = _worth(_changed(report.data, at, to), report.trust)
        outcomes[outcome] += 1
        assert outcome != Indication.PASSED, f"byte {at} changed to {to} still passes"
    assert outcomes.total() == FLIPS


@pytest.mark.parametrize("region", ["whole file", "last time stamp"])
def test_no_byte_of_a_stamped_and_countersigned_report_can_be_changed(region: str) -> None:
    data, trust = signing.full(), signing.full_trust()
    last = signed_ranges(data)[-1]
    size = len(last.cms) if region != "whole file" else 0
    first, end = (last.before, last.before + 2 * size + 64) if size else (0, len(data))
    assert _worth(data, trust) == Indication.PASSED
    draw = random.Random(SEED)
    digits = b"0123456789ABCDEF"
    for turn in range(FLIPS // (25 if size else 4)):
        at = draw.randrange(first, end)
        to = data[at] ^ draw.randrange(1, 256)
        if size and turn % 2 and data[at] in digits:  # else most changes are no digit
            to = digits[(digits.index(data[at]) + draw.randrange(1, 16)) % 16]
        assert _worth(_changed(data, at, to), trust) != Indication.PASSED, (at, to)


def test_no_octet_of_a_time_stamp_can_be_changed() -> None:
    """Octet by octet with ``WORKBENCH_FLIPS=20000``, else every twentieth; two values of each."""
    found = signed_ranges(signing.full())[-1]
    data, trust = signing.full(), signing.full_trust()
    digest = partial(found.digest, data)
    step = max(1, 20_000 // FLIPS)
    for at in range(0, len(found.cms), step):
        for to in {found.cms[at] ^ (1 << (at // step) % 8), (found.cms[at] + 1) % 256}:
            token = _changed(found.cms, at, to)
            assert not _stamp_passes(token, digest, trust), (at, to)


def _stamp_passes(token: bytes, digest: DigestOf, trust: Trust) -> bool:
    stamp = judge_stamp(
        token, digest, trust, field="", over=Stamped.DOCUMENT, coverage=Coverage.WHOLE_FILE,
        stored=(), known_at=trust.at,
    )  # fmt: skip
    return stamp.passed


def test_no_hexadecimal_digit_of_the_signature_can_be_changed() -> None:
    """Also for a reader who pinned the signer, so that the other certificates are on no path."""
    report = reports.signed_report()
    trust = reports.trusting(report.signer.certificate)
    start, _ = report.hole
    end = start + 2 * len(report.der)
    digits = b"0123456789ABCDEF"
    for at in range(start + 1, end, max(1, (end - start) // FLIPS)):
        to = digits[(digits.index(report.data[at]) + 1 + at % 15) % 16]
        assert to != report.data[at]
        assert _worth(_changed(report.data, at, to), trust) != Indication.PASSED


def test_no_two_bytes_can_be_exchanged() -> None:
    report = reports.signed_report()
    draw = random.Random(SEED)
    for _ in range(FLIPS):
        one, other = sorted(draw.sample(range(len(report.data)), 2))
        swapped = _changed(report.data, one, report.data[other])
        swapped = _changed(swapped, other, report.data[one])
        if swapped != report.data:
            assert _worth(swapped, report.trust) != Indication.PASSED
