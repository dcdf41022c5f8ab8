"""Other people's programs agree with us about a signed report, and about an altered one."""

import asyncio
import io
import shutil
import subprocess
from pathlib import Path

import pytest
import recipes
import reports
import signing
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from workbench.verify.report import verify_report


def _needs(*tools: str) -> pytest.MarkDecorator:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    reason = f"{', '.join(missing)} not installed: not compared with other programs"
    return pytest.mark.skipif(bool(missing), reason=reason)


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    report = reports.signed_report()
    (tmp_path / "report.pdf").write_bytes(report.data)
    altered = report.data.replace(b"/Reason (Audit", b"/Reason (audit")
    (tmp_path / "altered.pdf").write_bytes(altered)
    (tmp_path / "root.pem").write_bytes(report.signer.root.public_bytes(Encoding.PEM))
    return tmp_path


@_needs("pdfsig", "certutil")
def test_poppler_trusts_it_with_the_root_pinned(folder: Path) -> None:
    _run("certutil", "-N", "-d", "sql:.", "--empty-password", folder=folder)
    _run(
        "certutil",
        "-A",
        "-d",
        "sql:.",
        "-n",
        "r",
        "-t",
        "CT,CT,CT",
        "-i",
        "root.pem",
        folder=folder,
    )
    said = _run("pdfsig", "-nssdir", f"sql:{folder}", "report.pdf", folder=folder)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Digest Mismatch" in _run("pdfsig", "-nocert", "altered.pdf", folder=folder)


@_needs("bash", "basenc", "openssl", "head", "tail", "sha256sum", "pdfdetach")
def test_the_proof_trail_can_be_redone_by_hand(folder: Path) -> None:
    report = reports.signed_report()
    steps = verify_report(report.data, report.trust, display="report.pdf").steps
    recipes.require_reproduced(steps, folder)
    assert recipes.commands(steps) == len(steps) == 4


@_needs("bash", "basenc", "openssl", "head", "tail", "sha256sum")
def test_openssl_refuses_what_we_refuse(folder: Path) -> None:
    report = reports.signed_report()
    steps = verify_report(report.data, report.trust, display="report.pdf").steps
    (folder / "report.pdf").write_bytes((folder / "altered.pdf").read_bytes())
    script = "\n".join(step.recipe for step in steps[:3])
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=False)
    assert done.returncode != 0


def test_pyhanko_alone_is_satisfied() -> None:
    report = reports.signed_report()
    (embedded,) = PdfFileReader(io.BytesIO(report.data)).embedded_signatures
    root = reports.internal.translate_pyca_cryptography_cert_to_asn1(report.signer.root)
    context = ValidationContext(trust_roots=[root], moment=reports.NOW, allow_fetching=False)
    assert validate_pdf_signature(embedded, context).bottom_line


@pytest.fixture
def stamped(tmp_path: Path) -> Path:
    """Return a folder with the countersigned and stamped report, and the roots to trust."""
    (tmp_path / "report.pdf").write_bytes(signing.full())
    roots = [signing.team().root.certificate, signing.outside().root.certificate]
    pems = [root.public_bytes(Encoding.PEM) for root in roots if root is not None]
    (tmp_path / "root.pem").write_bytes(b"".join(pems))
    for number, pem in enumerate(pems):
        (tmp_path / f"{number}.pem").write_bytes(pem)
    return tmp_path


@_needs("bash", "basenc", "openssl", "head", "tail", "sha256sum", "pdfdetach")
def test_signatures_and_the_archive_time_stamp_can_be_redone_by_hand(stamped: Path) -> None:
    """`openssl cms -verify -cades` for each person, `openssl ts -verify` for the time stamp."""
    steps = signing.judged(signing.full(), signing.full_trust()).steps
    recipes.require_reproduced(steps, stamped)
    assert recipes.commands(steps) == 8


@_needs("pdfsig", "certutil")
def test_poppler_accepts_both_signatures_and_sees_that_all_is_covered(stamped: Path) -> None:
    _run("certutil", "-N", "-d", "sql:.", "--empty-password", folder=stamped)
    for number in ("0", "1"):
        _run(
            "certutil", "-A", "-d", "sql:.", "-n", number, "-t", "CT,CT,CT", "-i", f"{number}.pem",
            folder=stamped,
        )  # fmt: skip
    said = _run("pdfsig", "-nssdir", str(stamped), "report.pdf", folder=stamped)
    assert said.count("Signature is Valid") == 2
    assert said.count("Certificate is Trusted") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert said.count("Total document signed") == 1


@_needs("qpdf")
def test_qpdf_finds_no_fault(stamped: Path) -> None:
    assert "No syntax or stream encoding errors" in _run(
        "qpdf", "--check", "report.pdf", folder=stamped
    )


def test_pyhanko_calls_it_what_we_do_in_the_words_of_etsi() -> None:
    """What `pyhanko sign adesverify` does: level LTA by EN 319 102-1 5.6.3, PASSED, offline."""
    roots = [signing.team().root.certificate, signing.outside().root.certificate]
    anchors = [
        reports.internal.translate_pyca_cryptography_cert_to_asn1(root)
        for root in roots
        if root is not None
    ]
    policy = CertValidationPolicySpec(
        SimpleTrustManager.build(anchors), CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    reader = PdfFileReader(io.BytesIO(signing.full()))
    timing = ValidationTimingInfo(reports.NOW, reports.NOW, point_in_time_validation=True)
    for embedded in reader.embedded_regular_signatures:
        found = asyncio.run(ades_lta_validation(embedded, spec, timing_info=timing))
        assert found.ades_subindic.status.name == "PASSED", found.ades_subindic
