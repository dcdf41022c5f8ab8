"""Signed reports: the bytes of a PDF, its CMS, its files, and verdicts that were kept as JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests import reports as made
from tests.fuzz.parsers import SELFTEST, Harness, Parser, require
from workbench.evidence.strict_json import parse
from workbench.model.contract import verification_to_json
from workbench.model.contract_reading import verification_of
from workbench.model.earlier import earlier_in
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Indication
from workbench.services.verification import verify
from workbench.verify.report import verify_report
from workbench.verify.report.cms import read_cms
from workbench.verify.report.der import DerError
from workbench.verify.report.document import read_document
from workbench.verify.report.embedded import UnreadableDocument
from workbench.verify.report.manifest import check_manifest
from workbench.verify.report.structure import outer_problem, signed_ranges

MOST_CHANGES = 64


def judged(data: bytes) -> bool:
    """Judge a report; one that passes is the one that was signed, to the byte."""
    report = made.signed_report()
    verdict = verify_report(data, report.trust, display="x.pdf")
    passed = verdict.indication is Indication.PASSED
    require(not passed or data == report.data, "another file passes")
    return passed


def changed(data: bytes) -> bytes:
    """Return the report with bytes changed: three of place and one of value each."""
    report = bytearray(made.signed_report().data)
    for at in range(0, min(len(data), 4 * MOST_CHANGES) - 3, 4):
        report[int.from_bytes(data[at : at + 3]) % len(report)] = data[at + 3]
    return bytes(report)


def whole(data: bytes) -> None:
    """Judge any bytes as a report."""
    outer_problem(data, signed_ranges(data))
    judged(data)


def patched(data: bytes) -> None:
    """Judge the report with bytes changed."""
    judged(changed(data))


def appended(data: bytes) -> None:
    """Judge the report with bytes after it."""
    judged(made.signed_report().data + data)


def resigned(data: bytes) -> None:
    """Judge a changed report that somebody signed again: whoever nobody trusts never passes."""
    try:
        again = made.resign(changed(data), _mallory())
    except (ValueError, AssertionError):  # the change was made in the hole
        return
    judged(again)


@cache
def _mallory() -> made.Authority:
    return made.new_auditor(made.new_authority(made.new_root("Nobody's Root")), name="Mallory")


def library(data: bytes) -> None:
    """Give bytes to the PDF library, as a signer whom somebody trusts may."""
    read_document(data)
    read_document(changed(data))


def cms(data: bytes) -> None:
    """Read a CMS, and judge the report with it in the hole."""
    try:
        read_cms(data)
    except DerError:
        return
    report = made.signed_report()
    start, end = report.hole
    if len(data) <= (end - start - 2) // 2:
        judged(report.with_cms(data))


def seeds_of_cms() -> Iterator[bytes]:
    """Yield the CMS of the report."""
    yield made.signed_report().der


def places() -> Iterator[bytes]:
    """Yield changes here and there."""
    report = made.signed_report().data
    yield b""
    for word in (b"/ByteRange", b"/Contents", b"/EmbeddedFiles", b"startxref", b"/Length", b"/Kids",
                 b"/SubFilter", b"/EF", b"/Prev", b"/W", b"/AF", b"endstream"):  # fmt: skip
        at = max(report.find(word), 0)
        yield (at + len(word) + 1).to_bytes(3) + b"9"
        yield (at + 1).to_bytes(3) + b"x"


def pdfs() -> Iterator[bytes]:
    """Yield reports, signed and not."""
    yield made.signed_report().data
    yield made.small_report()
    yield made.sign_anyhow(made.small_report(), made.ada(), certify=True, pades=False)


def manifest(data: bytes) -> None:
    """Read a manifest beside two files."""
    check_manifest({"manifest.json": data, "evidence.csv": made.EVIDENCE, "x": b""})


def kept(data: bytes) -> None:
    """Read a verdict that was kept; what is read is written again without a word."""
    found = verification_of(parse(data, what="x"), ())
    earlier_in(found)
    verification_to_json(found)


@cache
def _verdicts() -> tuple[bytes, ...]:
    import json

    found = []
    for name in ("chain/certmate-intact", "oms/key-weights-altered", "head/vector-1"):
        request = VerifyRequest(
            (Path(SELFTEST) / name / "drop",), datetime(2026, 6, 30, tzinfo=UTC)
        )
        verification = verify(request, progress=Silent(), cancel=Cancel())
        found.append(json.dumps(verification_to_json(verification)).encode())
    return tuple(found)


HARNESS = Harness(
    (
        Parser("any bytes", whole, pdfs),
        Parser("changed", patched, places),
        Parser("appended", appended, lambda: [b"", b"\n%%EOF\n", made.signed_report().data[-400:]]),
        Parser("signed again", resigned, places),
        Parser("PDF library", library, pdfs, (UnreadableDocument,)),
        Parser("CMS", cms, seeds_of_cms),
        Parser("manifest", manifest, lambda: [made.manifest()]),
        Parser("kept verdict", kept, lambda: iter(_verdicts())),
    )
)
