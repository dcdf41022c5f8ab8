"""A report is signed as PAdES B-B, over the whole file, by a key that may sign reports."""

import hashlib
import io
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import reports
from asn1crypto import tsp
from pyhanko.pdf_utils.reader import PdfFileReader
from reports import NOW, Profile, ada, new_auditor, new_root, sign, small_report

from workbench.errors import SigningError
from workbench.sign.keys import SigningKey
from workbench.sign.pdf import sign_report
from workbench.verify.report import verify_report


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA-3072"])
def test_a_report_signed_with_an_admitted_key_verifies(kind: str) -> None:
    report = sign(small_report(), new_auditor(new_root(), kind=kind))
    found = verify_report(report.data, report.trust, display="report.pdf")
    assert (found.indication.value, found.signatures[0].level) == ("PASSED", "B-B")


def test_the_report_itself_stays_as_it_was() -> None:
    unsigned = small_report()
    signed = sign(unsigned, ada()).data
    assert signed.startswith(unsigned)
    info = PdfFileReader(io.BytesIO(signed)).trailer["/Info"]
    before = PdfFileReader(io.BytesIO(unsigned)).trailer["/Info"]
    assert dict(info) == dict(before)
    assert b"/Version" not in signed[len(unsigned) :]


def test_the_signature_is_a_certification_that_a_reviewer_may_follow() -> None:
    (embedded,) = PdfFileReader(io.BytesIO(sign(small_report(), ada()).data)).embedded_signatures
    assert embedded.field_name == "LeadAuditor"
    assert embedded.docmdp_level is not None
    assert embedded.docmdp_level.name == "FILL_FORMS"
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert embedded.sig_field["/Rect"] == [0, 0, 0, 0]
    assert (embedded.sig_object["/Reason"], embedded.sig_object["/Location"]) == (
        "Audit report",
        "Oslo",
    )


def test_the_claimed_time_is_the_one_given() -> None:
    at = datetime(2026, 6, 29, 23, 59, 58, 999_999, tzinfo=UTC)
    report = sign(small_report(), ada(), at=at)
    (row,) = verify_report(report.data, report.trust, display="report.pdf").signatures
    assert row.claimed_time == at.replace(microsecond=0)


def test_without_a_time_it_is_signed_now() -> None:
    signer = new_auditor(new_root(profile=Profile(last=9000)), Profile(first=-9000, last=9000))
    data = sign_report(small_report(), signer.signing_key, reason="Audit report")
    trust = replace(reports.trusting(signer.root), at=NOW)
    (row,) = verify_report(data, trust, display="report.pdf").signatures
    assert row.claimed_time is not None
    assert abs(datetime.now(UTC) - row.claimed_time) < timedelta(minutes=1)


def _names(data: bytes) -> list[str]:
    (embedded,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    certificates = [embedded.signer_cert, *embedded.other_embedded_certs]
    return [certificate.subject.native["common_name"] for certificate in certificates]


def test_the_chain_is_embedded_without_the_root() -> None:
    assert _names(sign(small_report(), ada()).data) == ["Ada Auditor", "Test Issuing"]


def test_a_certificate_that_is_no_issuer_of_the_signer_is_left_out() -> None:
    stray = new_auditor(new_root("Stray Root"), name="Stray")
    key = replace(ada().signing_key, chain=(stray.certificate, *ada().chain))
    data = sign_report(small_report(), key, reason="Audit report", at=NOW)
    assert _names(data) == ["Ada Auditor", "Test Issuing"]


def test_every_embedded_certificate_is_named_by_a_signed_digest() -> None:
    (embedded,) = PdfFileReader(io.BytesIO(sign(small_report(), ada()).data)).embedded_signatures
    attributes = {a["type"].native: a["values"][0] for a in embedded.signer_info["signed_attrs"]}
    value = tsp.SigningCertificateV2.load(attributes["signing_certificate_v2"].dump())
    named = [each["cert_hash"].native for each in value["certs"]]
    certificates = [embedded.signer_cert, *embedded.other_embedded_certs]
    assert named == [hashlib.sha256(each.dump()).digest() for each in certificates]
    assert "signing_time" not in attributes


@dataclass(frozen=True, slots=True)
class Refusal:
    """A key that may not sign a report, and the sentence that says why."""

    id: str
    make: Callable[[], SigningKey]
    says: str


def _auditor(profile: Profile | None = None, kind: str = "P-256") -> Callable[[], SigningKey]:
    return lambda: new_auditor(new_root(), profile or Profile(), kind=kind).signing_key


REFUSALS = (
    Refusal("expired", _auditor(Profile(first=-9, last=-1)), "expired on 2026-06-29"),
    Refusal("not yet valid", _auditor(Profile(first=1)), "valid only from 2026-07-01"),
    Refusal("weak RSA", _auditor(kind="RSA-2048"), "RSA of 3072 bits"),
    Refusal("a curve nobody checks", _auditor(kind="P-521"), "P-256 or P-384"),
    Refusal("no key usage", _auditor(Profile(signs=None)), "does not say that it may sign"),
    Refusal("no purpose", _auditor(Profile(purposes=())), "does not say that it may sign"),
    Refusal("only for encryption", _auditor(Profile(signs=False)), "may not sign (key usage)"),
    Refusal("a server", _auditor(Profile(purposes=(reports.SERVER,))), "extended key usage"),
    Refusal("no certificate", lambda: replace(ada().signing_key, certificate=None), "without one"),
    Refusal(
        "another's certificate",
        lambda: replace(ada().signing_key, private_key=reports.new_key()),
        "another key",
    ),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.id)
def test_a_key_that_may_not_sign_is_refused_in_one_sentence(refusal: Refusal) -> None:
    with pytest.raises(SigningError, match=re.escape(refusal.says)) as caught:
        sign_report(small_report(), refusal.make(), reason="Audit report", at=NOW)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("data", [b"", b"not a PDF", small_report()[:500]])
def test_what_is_no_pdf_is_not_signed(data: bytes) -> None:
    with pytest.raises(SigningError, match="could not be signed"):
        sign_report(data, ada().signing_key, reason="Audit report", at=NOW)


def test_a_signed_report_is_not_certified_again() -> None:
    with pytest.raises(SigningError, match="signed already"):
        sign(reports.signed_report().data, ada())


def test_signing_works_in_several_threads() -> None:
    with ThreadPoolExecutor(3) as pool:
        signed = list(pool.map(lambda _: sign(small_report(), ada()), range(3)))
    assert all(verify_report(r.data, r.trust, display="x.pdf").exit_code == 0 for r in signed)


def test_neither_signing_nor_verifying_looks_for_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    report = sign(small_report(), ada())
    assert verify_report(report.data, report.trust, display="report.pdf").exit_code == 0
