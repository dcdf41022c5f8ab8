"""The small authority of the sample makes an auditor whose reports anyone with its root trusts."""

import importlib.util
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from cryptography import x509
from reports import NOW, small_report, trusting

from workbench.errors import SigningError
from workbench.sign.keys import load_signing_key
from workbench.sign.pdf import sign_report
from workbench.verify.report import verify_report

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "sample" / "make_ca.py"


@pytest.fixture(scope="module")
def make_ca() -> ModuleType:
    specification = importlib.util.spec_from_file_location("make_ca", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["make_ca"] = module  # where dataclasses look for the names of their fields
    specification.loader.exec_module(module)
    return module


def test_its_auditor_signs_and_its_root_verifies_for_decades(
    make_ca: ModuleType, tmp_path: Path
) -> None:
    files = make_ca.make_ca(tmp_path, name="Ada Auditor", now=NOW)
    passphrase = files.passphrase.read_bytes().rstrip(b"\n")
    key = load_signing_key(files.auditor, lambda: passphrase)
    data = sign_report(small_report(), key, reason="Audit report", at=NOW)
    root = x509.load_pem_x509_certificate(files.root.read_bytes())
    for at in (NOW, NOW + timedelta(days=20 * 365)):
        found = verify_report(data, trusting(root, at=at), display="report.pdf")
        assert (found.indication.value, found.signatures[0].signer) == ("PASSED", "Ada Auditor")


def test_its_key_needs_its_passphrase(make_ca: ModuleType, tmp_path: Path) -> None:
    files = make_ca.make_ca(tmp_path, name="Ada Auditor", now=NOW)
    with pytest.raises(SigningError):
        load_signing_key(files.auditor, lambda: b"guess")
