"""``verify-report``: who signed, what a reader may believe, and what keeps it from being green."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pikepdf
import pytest
import reports
from reports import (
    NOW,
    Authority,
    Profile,
    SignedReport,
    ada,
    anchor,
    fingerprint,
    new_auditor,
    new_root,
    sign,
    sign_anyhow,
    signed_report,
    small_report,
    trusting,
)

from workbench.errors import UsageError
from workbench.model.trust import AnchorKind, Trust, TrustRole
from workbench.model.verdict import Indication
from workbench.verify.report import Coverage, NotASignedReport, ReportVerdict, verify_report


def verdict(data: bytes, trust: Trust, *expected: str) -> ReportVerdict:
    return verify_report(data, trust, expected=expected, display="report.pdf")


def test_a_report_signed_by_a_trusted_auditor_passes() -> None:
    report = signed_report()
    found = verdict(report.data, report.trust)
    assert (found.indication, found.code, found.exit_code) == (Indication.PASSED, None, 0)
    (row,) = found.signatures
    assert (row.field, row.signer, row.level) == ("LeadAuditor", "Ada Auditor", "B-B")
    assert (row.coverage, row.changes) == (Coverage.WHOLE_FILE, "none")
    assert (row.trusted_by, row.claimed_time) == ("root.pem", NOW)
    assert row.fingerprint == fingerprint(report.signer.certificate)


def test_a_passing_report_still_says_what_nobody_vouches_for() -> None:
    report = signed_report()
    said = " ".join(verdict(report.data, report.trust).reasons)
    assert "No revocation information" in said
    assert "no trusted time stamp" in said


def test_the_same_bytes_give_the_same_verdict() -> None:
    report = signed_report()
    assert verdict(report.data, report.trust) == verdict(report.data, report.trust)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a reader trusts and when, and what the same good report is then worth."""

    id: str
    trust: Trust
    code: str | None
    expected: tuple[str, ...] = field(default=())


def _readers() -> tuple[Reader, ...]:
    auditor, root = ada().certificate, ada().root
    key = AnchorKind.PUBLIC_KEY
    pin = fingerprint(auditor)
    trust = trusting(root)
    return (
        Reader("trusts nobody", Trust(at=NOW), "NO_CERTIFICATE_CHAIN_FOUND"),
        Reader(
            "trusts a stranger",
            trusting(new_root("Other Root").certificate),
            "NO_CERTIFICATE_CHAIN_FOUND",
        ),
        Reader(
            "trusts the root for models only",
            Trust(NOW, (anchor(root, role=TrustRole.MODEL),)),
            "NO_CERTIFICATE_CHAIN_FOUND",
        ),
        Reader("trusts the root as CA", Trust(NOW, (anchor(root, role=TrustRole.CA),)), None),
        Reader("trusts the root for anything", Trust(NOW, (anchor(root, role=None),)), None),
        Reader("trusts the issuing CA", trusting(ada().chain[0]), None),
        Reader("trusts the auditor's certificate", trusting(auditor), None),
        Reader("trusts the auditor's key", Trust(NOW, (anchor(auditor, kind=key),)), None),
        Reader(
            "found the root in the evidence",
            Trust(NOW, (anchor(root, self_supplied=True),)),
            "SELF_SUPPLIED_KEY",
        ),
        Reader(
            "confirmed the root from the evidence",
            Trust(NOW, (replace(anchor(root, self_supplied=True), confirmed=True),)),
            None,
        ),
        Reader(
            "reads it after expiry",
            replace(trust, at=NOW + timedelta(days=1500)),
            "OUT_OF_BOUNDS_NO_POE",
        ),
        Reader("reads it before its time", replace(trust, at=NOW - timedelta(30)), "NOT_YET_VALID"),
        Reader(
            "pinned an auditor who has expired",
            replace(trusting(auditor), at=NOW + timedelta(days=1500)),
            "OUT_OF_BOUNDS_NO_POE",
        ),
        Reader("asks for two signers", replace(trust, threshold=2), "TOO_FEW_SIGNERS"),
        Reader("expects this certificate", trust, None, (pin,)),
        Reader("expects it in this field", trust, None, (f"LeadAuditor={pin.upper()}",)),
        Reader(
            "expects it in another field", trust, "SIG_CONSTRAINTS_FAILURE", (f"Reviewer={pin}",)
        ),
        Reader("expects somebody else", trust, "SIG_CONSTRAINTS_FAILURE", ("ab" * 32,)),
        Reader("expects a second signer", trust, "SIG_CONSTRAINTS_FAILURE", (pin, "ab" * 32)),
    )


@pytest.mark.parametrize("reader", _readers(), ids=lambda reader: reader.id)
def test_a_good_report_is_worth_what_its_reader_can_trust(reader: Reader) -> None:
    found = verdict(signed_report().data, reader.trust, *reader.expected)
    wanted = Indication.PASSED if reader.code is None else Indication.INDETERMINATE
    assert (found.indication, found.code) == (wanted, reader.code)
    assert found.exit_code == (0 if reader.code is None else 2)


@pytest.mark.parametrize("pin", ["", "abcd", "x" * 64, "=" + "ab" * 32])
def test_a_pin_that_is_no_fingerprint_is_refused(pin: str) -> None:
    with pytest.raises(UsageError, match="fingerprint"):
        verdict(signed_report().data, signed_report().trust, pin)


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer whom the reader's root issued, but who may not sign reports."""

    id: str
    code: str
    profile: Profile = field(default_factory=Profile)
    kind: str = "P-256"


SIGNERS = (
    Signer("a server", "CHAIN_CONSTRAINTS_FAILURE", Profile(purposes=(reports.SERVER,))),
    Signer("only for encryption", "CHAIN_CONSTRAINTS_FAILURE", Profile(signs=False)),
    Signer("for no stated purpose", "CHAIN_CONSTRAINTS_FAILURE", Profile(purposes=())),
    Signer("without key usage", "CHAIN_CONSTRAINTS_FAILURE", Profile(signs=None)),
    Signer("weak RSA", "CRYPTO_CONSTRAINTS_FAILURE", kind="RSA-2048"),
    Signer("a curve nobody can check", "CRYPTO_CONSTRAINTS_FAILURE", kind="P-521"),
    Signer("expired", "OUT_OF_BOUNDS_NO_POE", Profile(first=-100, last=-1)),
    Signer("not yet valid", "NOT_YET_VALID", Profile(first=1)),
)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.id)
def test_a_signer_who_may_not_sign_reports_is_not_passed(signer: Signer) -> None:
    authority = new_auditor(new_root(), signer.profile, kind=signer.kind)
    found = verdict(sign_anyhow(small_report(), authority), trusting(authority.root))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, signer.code)


def test_an_embedded_certificate_that_the_signer_does_not_name_is_not_passed() -> None:
    found = verdict(sign_anyhow(small_report(), ada()), trusting(ada().root))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "SIG_CONSTRAINTS_FAILURE")
    assert "does not name" in found.reasons[0]


def test_an_expired_certificate_authority_is_not_passed() -> None:
    auditor = new_auditor(new_root(profile=Profile(first=-900, last=-1)))
    found = verdict(sign_anyhow(small_report(), auditor), trusting(auditor.root))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")


def test_a_signature_of_an_older_form_is_not_passed() -> None:
    found = verdict(sign_anyhow(small_report(), ada(), pades=False), trusting(ada().root))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "SIG_CONSTRAINTS_FAILURE")


def _countersigned(second: Authority) -> bytes:
    return sign_anyhow(signed_report().data, second, field="Reviewer")


def test_a_countersigned_report_has_two_rows() -> None:
    reviewer = new_auditor(new_root("Other Root"), name="Rex Reviewer")
    trust = trusting(ada().root, reviewer.root)
    found = verdict(_countersigned(reviewer), replace(trust, threshold=2))
    assert [(row.field, row.changes) for row in found.signatures] == [
        ("LeadAuditor", "permitted"),
        ("Reviewer", "none"),
    ]
    assert found.indication is Indication.PASSED


def test_a_stranger_who_signs_last_keeps_the_report_from_passing() -> None:
    stranger = new_auditor(new_root("Stranger Root"), name="Sly Stranger")
    found = verdict(_countersigned(stranger), trusting(ada().root))
    assert [row.indication.value for row in found.signatures] == ["PASSED", "INDETERMINATE"]
    assert (found.indication, found.code) == (
        Indication.INDETERMINATE,
        "NO_CERTIFICATE_CHAIN_FOUND",
    )


def test_an_unexpected_signer_is_named_though_trusted() -> None:
    reviewer = new_auditor(new_root("Other Root"), name="Rex Reviewer")
    trust = trusting(ada().root, reviewer.root)
    found = verdict(_countersigned(reviewer), trust, fingerprint(ada().certificate))
    assert found.code == "SIG_CONSTRAINTS_FAILURE"
    assert "Rex Reviewer" in found.reasons[0]


@dataclass(frozen=True, slots=True)
class Embedded:
    """What is embedded in a report that is well signed all the same."""

    id: str
    attachments: dict[str, bytes]
    indication: Indication
    code: str | None


def _bare() -> bytes:
    """Return a manifest that has no list of attachments at all."""
    return b'{"schema": "workbench.report-manifest/1"}'


def _embedded() -> tuple[Embedded, ...]:
    failed, open_, passed = Indication.FAILED, Indication.INDETERMINATE, Indication.PASSED
    listed = reports.manifest()
    twice = listed.replace(b'"schema"', b'"schema": 1, "schema"', 1)
    digest = [{"name": "evidence.csv", "sha256": "0" * 64}]
    return (
        Embedded("no manifest", {"evidence.csv": b"x"}, open_, "MALFORMED_SOURCE"),
        Embedded(
            "manifest only", {"manifest.json": reports.manifest(attachments=[])}, passed, None
        ),
        Embedded(
            "another file",
            {"manifest.json": listed, "evidence.csv": b"other"},
            failed,
            "HASH_FAILURE",
        ),
        Embedded("no list and no file", {"manifest.json": _bare()}, passed, None),
        Embedded(
            "no list and a file",
            {"manifest.json": _bare(), "evil.txt": b"x"},
            failed,
            "HASH_FAILURE",
        ),
        Embedded("missing file", {"manifest.json": listed}, failed, "HASH_FAILURE"),
        Embedded(
            "file not listed",
            {"manifest.json": listed, "evidence.csv": reports.EVIDENCE, "more.txt": b"x"},
            failed,
            "HASH_FAILURE",
        ),
        Embedded(
            "wrong digest stated",
            {
                "manifest.json": reports.manifest(attachments=digest),
                "evidence.csv": reports.EVIDENCE,
            },
            failed,
            "HASH_FAILURE",
        ),
        Embedded("duplicate key", {"manifest.json": twice}, open_, "MALFORMED_SOURCE"),
        Embedded("not JSON", {"manifest.json": b"{"}, open_, "MALFORMED_SOURCE"),
        Embedded(
            "another schema",
            {"manifest.json": reports.manifest(schema="other/1")},
            open_,
            "MALFORMED_SOURCE",
        ),
        Embedded(
            "attachments no list",
            {"manifest.json": reports.manifest(attachments="all")},
            open_,
            "MALFORMED_SOURCE",
        ),
        Embedded(
            "attachment without digest",
            {"manifest.json": reports.manifest(attachments=[{"name": "x"}])},
            open_,
            "MALFORMED_SOURCE",
        ),
        Embedded(
            "attachment listed twice",
            {"manifest.json": reports.manifest(attachments=[*digest, *digest])},
            open_,
            "MALFORMED_SOURCE",
        ),
    )


@pytest.mark.parametrize("embedded", _embedded(), ids=lambda embedded: embedded.id)
def test_attachments_are_held_against_the_embedded_manifest(embedded: Embedded) -> None:
    report = sign(small_report(embedded.attachments), ada())
    found = verdict(report.data, report.trust)
    assert (found.indication, found.code) == (embedded.indication, embedded.code)
    assert found.signatures[0].indication is Indication.PASSED


def _specification(pdf: pikepdf.Pdf, *, kind: str = "EmbeddedFile") -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, b"Pay the invoice.", Type=pikepdf.Name(f"/{kind}"))
    name = pikepdf.String("evil.txt")
    held = pikepdf.Dictionary(F=pdf.make_indirect(stream))
    return pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=name, EF=held))


def _in_af_of_the_document(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF = pikepdf.Array([_specification(pdf)])


def _in_af_of_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.AF = pikepdf.Array([_specification(pdf, kind="Other")])


def _in_an_annotation(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FileAttachment,
        Rect=[0, 0, 20, 20],
        FS=_specification(pdf),
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _under_another_name(pdf: pikepdf.Pdf) -> None:
    """A viewer shows the name of the specification, not the one of the tree."""
    pdf.Root.Names.EmbeddedFiles.Names[1].UF = pikepdf.String("evil.txt")


def _with_a_second_content(pdf: pikepdf.Pdf) -> None:
    held = pdf.Root.Names.EmbeddedFiles.Names[1].EF
    held.UF = pdf.make_indirect(pikepdf.Stream(pdf, b"other"))


def _without_a_specification(pdf: pikepdf.Pdf) -> None:
    stream = pikepdf.Stream(pdf, b"x", Type=pikepdf.Name.EmbeddedFile)
    pdf.Root.PieceInfo = pikepdf.Dictionary(X=pdf.make_indirect(stream))


def _as_a_related_file(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_indirect(pikepdf.Stream(pdf, b"x"))
    related = pikepdf.Array([pikepdf.String("evil.txt"), stream])
    pdf.Root.Names.EmbeddedFiles.Names[1].RF = pikepdf.Dictionary(F=related)


@pytest.mark.parametrize(
    "hide",
    [
        _in_af_of_the_document,
        _in_af_of_a_page,
        _in_an_annotation,
        _under_another_name,
        _with_a_second_content,
        _without_a_specification,
        _as_a_related_file,
    ],
)
def test_a_file_that_the_manifest_does_not_list_is_found_wherever_it_lies(
    hide: Callable[[pikepdf.Pdf], None],
) -> None:
    """The trusted auditor signed it, and still it is nothing that the report speaks of."""
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_report())) as pdf:
        hide(pdf)
        pdf.save(saved)
    report = sign(saved.getvalue(), ada())
    found = verdict(report.data, report.trust)
    assert (found.indication, found.exit_code) == (Indication.FAILED, 1)
    assert found.reasons[0].startswith(("Attachments do not agree", "The file cannot be read"))


def test_the_same_file_in_the_tree_and_in_af_is_one_file() -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_report())) as pdf:
        pdf.Root.AF = pikepdf.Array([pdf.Root.Names.EmbeddedFiles.Names[3]])
        pdf.save(saved)
    report = sign(saved.getvalue(), ada())
    assert verdict(report.data, report.trust).exit_code == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a PDF"),
        (b"\x00" * 4096, "not a PDF"),
        (b"PK\x03\x04", "not a PDF"),
        (small_report(), "signed by nobody"),
    ],
    ids=["empty", "zeros", "archive", "unsigned report"],
)
def test_what_nobody_signed_is_no_verdict(data: bytes, said: str) -> None:
    with pytest.raises(NotASignedReport, match=said) as caught:
        verdict(data, Trust(at=NOW))
    assert (caught.value.code, caught.value.path) == ("NOT_A_SIGNED_REPORT", "report.pdf")


def test_every_truncation_fails_or_is_no_report() -> None:
    report: SignedReport = signed_report()
    for length in range(0, len(report.data), 97):
        try:
            found = verdict(report.data[:length], report.trust)
        except NotASignedReport:
            continue
        assert found.indication is Indication.FAILED
