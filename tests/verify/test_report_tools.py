"""Other people's programs agree with us about a signed report, and about an altered one."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
import recipes
import reports
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

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
