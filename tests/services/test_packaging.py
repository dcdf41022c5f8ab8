"""A package holds what its list says, is checked by anybody, and is worth nothing once touched."""

import hashlib
import io
import json
import random
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import signing
from asn1crypto import cms
from builders import LogBuilder
from casework import added, new_case, written
from cryptography.hazmat.primitives.serialization import Encoding
from reports import NOW

from workbench.errors import SigningError, SourceError, UsageError
from workbench.evidence.drop import open_drop
from workbench.formats.table import sort_out
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Dimension, Indication, SubjectVerdict
from workbench.services import cases, packaging
from workbench.sign.keys import SigningKey, new_ed25519
from workbench.store.case_store import CaseStore
from workbench.verify.judge import judge
from workbench.verify.verifier import Bench

MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
GREEN = {Dimension.INTEGRITY, Dimension.AUTHENTICITY, Dimension.COMPLETENESS}


@contextmanager
def new(folder: Path) -> Iterator[CaseStore]:
    """Make a case with a log and a note, and a signed report in it."""
    written(folder, "drop/log.jsonl", LogBuilder("workbench", 3).data())
    written(folder, "drop/notes/ä note.txt", b"A note & <more>.")
    with new_case(folder) as made:
        added(made, folder / "drop")
        written(made.folder, "reports/report.pdf", signing.certified())
        yield made


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return such a case."""
    with new(tmp_path) as made:
        yield made


def asked(**more: object) -> packaging.Asked:
    return packaging.Asked(**{"key": signing.team().ada, "at": NOW, **more})  # type: ignore[arg-type]


def package(case: CaseStore, **more: object) -> Path:
    out = case.folder.parent / "package.asice"
    packaging.write(case, out, asked(**more), force=True, progress=Silent(), cancel=Cancel())
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a package with all evidence of a case."""
    with new(tmp_path_factory.mktemp("built")) as made:
        return package(made, evidence=("drop",)).read_bytes()


@pytest.fixture
def whole(built: bytes, tmp_path: Path) -> Path:
    """Return such a package, for one test."""
    return written(tmp_path, "package.asice", built)


def judged(path: Path, trust: Trust | None = None) -> SubjectVerdict:
    with open_drop([path], cancel=Cancel(), progress=Silent()) as drop:
        (subject,) = sort_out(drop, ()).subjects
        return judge(subject, Bench(trust or signing.team().trust()))


def green(found: SubjectVerdict) -> bool:
    return all(found.dimension(one).indication is Indication.PASSED for one in GREEN)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def headers(path: Path) -> list[int]:
    """Return the offsets of all bytes of a container that are no member's data."""
    data = path.read_bytes()
    within: set[int] = set()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            lengths = struct.unpack_from("<2H", data, info.header_offset + 26)
            start = info.header_offset + 30 + sum(lengths)
            within.update(range(start, start + info.compress_size))
    return [place for place in range(len(data)) if place not in within]


def rewritten(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write a container anew, mimetype stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, method)
    path.write_bytes(out.getvalue())
    return path


def test_a_package_is_signed_throughout(whole: Path) -> None:
    found = judged(whole)
    assert green(found), found.notes
    assert found.authenticity.code == "Ada Auditor"
    assert found.assurance[0].level == 2
    assert found.time.code == Code.NO_TRUSTED_TIME


def test_it_holds_report_list_and_chosen_evidence(whole: Path) -> None:
    found = members(whole)
    assert list(found) == [
        "mimetype", "report.pdf", "evidence/drop/log.jsonl", "evidence/drop/notes/ä note.txt",
        "manifest.json", MANIFEST, SIGNATURE,
    ]  # fmt: skip
    told = json.loads(found["manifest.json"])
    for each in told["files"]:
        assert hashlib.sha256(found[each["name"]]).hexdigest() == each["sha256"]
    assert told["left_out"] == 0


def test_it_begins_as_the_standard_asks(whole: Path) -> None:
    head = whole.read_bytes()[:100]
    assert head[30:38] == b"mimetype"
    assert head[38:].startswith(b"application/vnd.etsi.asic-e+zipPK")


def test_what_is_left_out_is_counted_and_put_on_record(case: CaseStore) -> None:
    out = package(case, evidence=("drop/log.jsonl",))
    assert json.loads(members(out)["manifest.json"])["left_out"] == 1
    last = cases.journal_entries(case)[-1]
    assert (last.act, json.loads(last.detail)["left_out"]) == ("package.write", 1)


def test_a_time_stamp_makes_it_level_three(case: CaseStore) -> None:
    out = package(case, stamper=signing.outside_stamper())
    found = judged(out, signing.team().trust(signing.outside().root))
    assert green(found), found.notes
    assert found.assurance[0].level == 3
    assert found.time.indication is Indication.PASSED
    assert judged(out).time.indication is Indication.INDETERMINATE


def test_who_trusts_somebody_else_learns_nothing(whole: Path) -> None:
    other = signing.new_team("Stranger")
    found = judged(whole, other.trust())
    assert found.authenticity.indication is Indication.INDETERMINATE
    assert (found.integrity.code, found.completeness.code) == (
        Code.SELF_CONSISTENT,
        Code.NO_ANCHOR,
    )


def test_an_expired_certificate_is_not_believed(whole: Path) -> None:
    from datetime import timedelta

    late = judged(whole, signing.team().trust(at=NOW + timedelta(days=365 * 40)))
    assert late.authenticity.indication is Indication.INDETERMINATE


def _altered(files: dict[str, bytes]) -> None:
    files["evidence/drop/log.jsonl"] += b" "


def _missing(files: dict[str, bytes]) -> None:
    del files["report.pdf"]


def _added(files: dict[str, bytes]) -> None:
    files["evidence/extra.txt"] = b"x"


def _added_beside(files: dict[str, bytes]) -> None:
    files["META-INF/extra.xml"] = b"<x/>"


def _renamed(files: dict[str, bytes]) -> None:
    files["evidence/other.jsonl"] = files.pop("evidence/drop/log.jsonl")


def _swapped(files: dict[str, bytes]) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b"report.pdf", b"another.pdf", 1)


def _manifest_gone(files: dict[str, bytes]) -> None:
    del files[MANIFEST]


def _signature_gone(files: dict[str, bytes]) -> None:
    del files[SIGNATURE]


def _nothing_named(files: dict[str, bytes]) -> None:
    files[MANIFEST] = b'<a:ASiCManifest xmlns:a="http://uri.etsi.org/02918/v1.2.1#"/>'


def _entities(files: dict[str, bytes]) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    files[MANIFEST] = files[MANIFEST].replace(b'<?xml version="1.0" encoding="UTF-8"?>', bomb)


def _other_kind(files: dict[str, bytes]) -> None:
    files["mimetype"] = b"application/zip"


def _mimetype_late(files: dict[str, bytes]) -> None:
    files["mimetype"] = files.pop("mimetype")


@pytest.mark.parametrize(
    ("spoil", "dimension", "code"),
    [
        (_altered, Dimension.INTEGRITY, "FILE_ALTERED"),
        (_missing, Dimension.COMPLETENESS, "FILE_MISSING"),
        (_added, Dimension.COMPLETENESS, "FILE_ADDED"),
        (_added_beside, Dimension.COMPLETENESS, "PARTIAL_COVERAGE"),
        (_renamed, Dimension.COMPLETENESS, "FILE_MISSING"),
        (_swapped, Dimension.INTEGRITY, "HASH_FAILURE"),
        (_manifest_gone, Dimension.INTEGRITY, "UNPROTECTED"),
        (_signature_gone, Dimension.COMPLETENESS, "FILE_MISSING"),
        (_nothing_named, Dimension.INTEGRITY, "MALFORMED_SOURCE"),
        (_entities, Dimension.INTEGRITY, "MALFORMED_SOURCE"),
        (_other_kind, Dimension.INTEGRITY, "MALFORMED_SOURCE"),
        (_mimetype_late, Dimension.INTEGRITY, "MALFORMED_SOURCE"),
    ],
)
def test_what_was_changed_is_named(
    whole: Path, spoil: Callable[[dict[str, bytes]], None], dimension: Dimension, code: str
) -> None:
    files = members(whole)
    spoil(files)
    found = judged(rewritten(whole, files))
    assert not green(found)
    assert code in found.dimension(dimension).codes, found


def test_written_anew_with_the_same_content_it_still_holds(whole: Path) -> None:
    assert green(judged(rewritten(whole, members(whole))))


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE, "manifest.json", "mimetype", "report.pdf"])
def test_whatever_byte_of_a_member_changes_it_is_not_green(whole: Path, name: str) -> None:
    files, draw = members(whole), random.Random(7)
    good = files[name]
    for place in draw.sample(range(len(good)), 12):
        flipped = bytes([good[place] ^ 1 << draw.randrange(8)])
        files[name] = good[:place] + flipped + good[place + 1 :]
        assert not green(judged(rewritten(whole, files))), (place, good[place])


def test_a_header_of_the_archive_that_changes_a_member_is_not_green(whole: Path) -> None:
    """Whatever else of a ZIP may change (times, attributes) is said to be covered by nothing."""
    good, draw = whole.read_bytes(), random.Random(8)
    before = members(whole)
    for place in headers(whole):
        flipped = bytes([good[place] ^ 1 << draw.randrange(8)])
        whole.write_bytes(good[:place] + flipped + good[place + 1 :])
        found = judged(whole)
        if green(found):
            assert members(whole) == before, place
            assert "ZIP headers" in found.not_covered[-1]


def test_a_hidden_or_repeated_member_is_not_green(whole: Path) -> None:
    with zipfile.ZipFile(whole, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("report.pdf", b"another")
    assert not green(judged(whole))
    whole.write_bytes(b"x" + whole.read_bytes())
    assert not green(judged(whole))


def _empty_folder(archive: zipfile.ZipFile) -> None:
    archive.writestr("evidence/approved/", b"")


def _comment(archive: zipfile.ZipFile) -> None:
    archive.comment = b"Approved by the regulator"


@pytest.mark.parametrize(
    ("say", "named"),
    [
        (_empty_folder, "evidence/approved/ (an empty folder)"),
        (_comment, "the comment of the archive"),
    ],
)
def test_what_a_container_says_and_no_manifest_can_name_is_not_green(
    whole: Path, say: Callable[[zipfile.ZipFile], None], named: str
) -> None:
    with zipfile.ZipFile(whole, "a") as archive:
        say(archive)
    found = judged(whole)
    assert found.completeness.code == Code.PARTIAL_COVERAGE
    assert named in found.not_covered


def test_folders_of_its_members_and_the_comment_of_the_standard_are_no_fault(whole: Path) -> None:
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("META-INF/", b"")
        archive.comment = b"mimetype=application/vnd.etsi.asic-e+zip"
    assert green(judged(whole))


def test_a_container_that_is_signed_in_another_way_is_not_called_wrong(tmp_path: Path) -> None:
    files = {
        "mimetype": b"application/vnd.etsi.asic-e+zip",
        "contract.pdf": b"%PDF-1.7",
        "META-INF/manifest.xml": b"<manifest/>",
        "META-INF/signatures0.xml": b"<asic:XAdESSignatures/>",
    }
    found = judged(rewritten(tmp_path / "theirs.asice", files))
    assert found.integrity.code == Code.UNKNOWN_PROFILE
    assert found.integrity.indication is Indication.INDETERMINATE
    assert "XAdES" in " ".join(found.notes)


def test_a_bomb_is_a_limit(tmp_path: Path) -> None:
    files = {"mimetype": b"application/vnd.etsi.asic-e+zip", "big": bytes(64 * 1024 * 1024)}
    found = judged(rewritten(tmp_path / "bomb.asice", files))
    assert Code.LIMIT_EXCEEDED in found.integrity.codes


def test_evidence_that_is_not_as_at_intake_does_not_go_in(case: CaseStore) -> None:
    written(case.folder.parent, "drop/log.jsonl", b"{}\n")
    with pytest.raises(SourceError, match="not what it was at intake"):
        package(case, evidence=("drop",))
    assert not (case.folder.parent / "package.asice").exists()
    assert cases.journal_entries(case)[-1].act == "evidence.add"


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"evidence": ("nothing",)}, UsageError, "is called nothing"),
        ({"key": SigningKey(new_ed25519())}, SigningError, "certificate"),
        ({"key": signing.team().tsa}, SigningError, "not be accepted"),
    ],
)
def test_what_cannot_be_packed_or_signed_is_refused(
    case: CaseStore, more: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        package(case, **more)
    assert not (case.folder.parent / "package.asice").exists()


def test_without_a_signed_report_there_is_no_package(case: CaseStore) -> None:
    (case.folder / "reports" / "report.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    with pytest.raises(UsageError, match="no signed report"):
        package(case)
    (case.folder / "reports" / "report.pdf").unlink()
    with pytest.raises(UsageError, match="name the signed one"):
        package(case)


def test_the_same_package_is_the_same_bytes_before_it_is_signed(case: CaseStore) -> None:
    first = members(package(case, evidence=("drop",)))[MANIFEST]
    again = members(package(case, evidence=("drop",)))[MANIFEST]
    assert first.replace(b"manifest.json", b"") != b""
    assert len(first) == len(again)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_verifies_the_signature_over_the_manifest(whole: Path, tmp_path: Path) -> None:
    files = members(whole)
    (tmp_path / "manifest.xml").write_bytes(files[MANIFEST])
    (tmp_path / "signature.p7s").write_bytes(files[SIGNATURE])
    root = signing.team().root.certificate
    assert root is not None
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    command = [
        "openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "signature.p7s",
        "-content", "manifest.xml", "-CAfile", "root.pem", "-no-CApath", "-purpose", "any",
        "-attime", str(int(NOW.timestamp())),
    ]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "manifest.xml").write_bytes(files[MANIFEST].replace(b"report", b"Report", 1))
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode


def test_the_signature_is_cades_as_another_reader_sees_it(whole: Path) -> None:
    info = cms.ContentInfo.load(members(whole)[SIGNATURE], strict=True)
    (signer,) = info["content"]["signer_infos"]
    assert {one["type"].native for one in signer["signed_attrs"]} == {
        "content_type", "message_digest", "signing_certificate_v2", "signing_time",
    }  # fmt: skip
    assert info["content"]["encap_content_info"]["content"].native is None


@pytest.mark.parametrize("place", ["drop", "drop/notes", "reports"])
def test_a_package_is_not_written_into_the_evidence_or_the_case(
    tmp_path: Path, case: CaseStore, place: str
) -> None:
    below = case.folder if place == "reports" else tmp_path
    out = below / place / "p.asice"
    before = case.journal_state().entries
    with pytest.raises(UsageError, match="never written to"):
        packaging.write(case, out, asked(), progress=Silent(), cancel=Cancel())
    assert not out.exists()
    assert case.journal_state().entries == before
