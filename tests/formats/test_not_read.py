"""What was handed over and not read never stands beside a green verdict as if it were nothing."""

from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify import attestation_builder as a
from tests.verify import oms_builder as oms
from tests.verify.oms_case import INTACT, SIGNER, judge, words
from workbench.evidence.file import single
from workbench.formats.closed_archive import KINDS
from workbench.formats.reader import Look
from workbench.formats.records import glance
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.source import CLOSED_ARCHIVE
from workbench.model.verification import Verification
from workbench.services.verification import verify

LOG = LogBuilder("certmate", 6)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
LINES = LOG.data()


def beside_a_signed_log(folder: Path, name: str, data: bytes) -> Verification:
    files = {"a/log.jsonl": LOG.data(), "a/log.head": LOG.head(), name: data}
    for place, content in files.items():
        path = folder / "drop" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "log.pem").write_bytes(PEM)
    request = VerifyRequest((folder / "drop",), a.AT, trust=(f"log={folder / 'log.pem'}",))
    return verify(request, progress=Silent(), cancel=Cancel())


def test_the_signed_log_alone_is_green(tmp_path: Path) -> None:
    assert beside_a_signed_log(tmp_path, "a/notes.txt", b"nothing\n").exit_code == 0


@pytest.mark.parametrize("start", KINDS, ids=KINDS.values())
def test_an_archive_that_is_not_opened_is_no_context(start: bytes, tmp_path: Path) -> None:
    verification = beside_a_signed_log(tmp_path, "b/more.bin", start + bytes(40))
    assert verification.exit_code == 2
    (closed,) = [s for s in verification.subjects if s.format == CLOSED_ARCHIVE]
    assert closed.verdict is not None
    assert closed.verdict.integrity.codes == ("UNPROTECTED",)
    assert "was not read" in closed.verdict.notes[0]


CLOSED = b"\x28\xb5\x2f\xfd" + b"packed"


def test_who_attests_its_bytes_makes_it_green_unread(tmp_path: Path) -> None:
    key, files = a.p256("ann"), {"data.zst": CLOSED}
    signed = a.to_bytes(a.envelope(a.provenance(files), key))
    drop = a.Drop({**files, "data.zst.intoto.jsonl": signed}, {"ann.pem": a.pem_of(key)})
    assert a.words(drop.verdict(tmp_path))[:3] == ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED"]


def test_it_is_a_file_of_a_model_as_any_other(tmp_path: Path) -> None:
    model = oms.signed_by_key(SIGNER, files={**oms.FILES, "tokens.zst": CLOSED})
    assert words(judge(model.write(tmp_path))) == INTACT


def test_it_is_a_product_of_a_layout_as_any_other(tmp_path: Path) -> None:
    owner, ann = a.p256("owner"), a.p256("ann")
    link = a.metablock(a.link("pack", {}, {"out.tar.zst": CLOSED}), ann)
    layout = a.metablock(a.layout([a.step("pack", ann)], [ann]), owner)
    files = {"pack.link": a.to_bytes(link), "root.layout": a.to_bytes(layout)}
    drop = a.Drop({**files, "out.tar.zst": CLOSED}, {"owner.pem": a.pem_of(owner)})
    verification = drop.verified(tmp_path / "sound")
    assert [s.path for s in verification.subjects] == ["drop/root.layout"]
    assert verification.exit_code == 0
    assert (
        drop.with_file("out.tar.zst", CLOSED + b"!").verified(tmp_path / "altered").exit_code == 1
    )


DAMAGED = {
    "x.txt": b"a line before it\n" + LINES,
    "x": b"a line before it\n" + LINES,
    "array.json": b"x[" + b",".join(LINES.splitlines()) + b"]",
    "wide.txt": LINES.decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_log_does_not_drop_out_by_what_was_put_before_it(name: str, tmp_path: Path) -> None:
    verification = beside_a_signed_log(tmp_path, f"b/{name}", DAMAGED[name])
    assert verification.exit_code != 0
    assert [s.format for s in verification.subjects] == ["chain", "chain"]


def test_a_text_that_quotes_a_log_is_none(tmp_path: Path) -> None:
    quoted = b"# Log\n\nRecords look so:\n\n" + b"".join(LINES.splitlines(True)[:2])
    path = tmp_path / "README.md"
    path.write_bytes(quoted + b"\nand go on.\n")
    assert glance(Look(single(path), path.read_bytes(), whole=True)) is None


def test_a_signed_file_that_is_only_called_an_archive_was_read(tmp_path: Path) -> None:
    model = oms.signed_by_key(SIGNER, files={**oms.FILES, "vocabulary.gz": b"plain text"})
    for name, data in {**model.files, "model.sig": model.signature}.items():
        path = tmp_path / "drop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "k.pem").write_bytes(a.pem_of(SIGNER))
    request = VerifyRequest((tmp_path / "drop",), a.AT, trust=(f"model={tmp_path / 'k.pem'}",))
    verification = verify(request, progress=Silent(), cancel=Cancel())
    assert verification.exit_code == 0
    assert [problem.code for problem in verification.problems] == ["NOT_AN_ARCHIVE"]
    (tmp_path / "drop" / "vocabulary.gz").write_bytes(b"plain texts")
    assert verify(request, progress=Silent(), cancel=Cancel()).exit_code == 1
