"""Single tasks in the window: countersign, stamp, package, seal, back up, restore, hand over.

The tests share one window; what they ask is asked of the services that the commands use.
"""

import json
from pathlib import Path

import pytest
import reports
import signing
from builders import LogBuilder
from casework import written
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from PySide6.QtCore import Qt

from tests.gui.pages.desk import LEFT, PATIENCE, acts, gone_to
from workbench.cli.edge import run
from workbench.gui.frame.window_acts import takers
from workbench.gui.pages import restore, stamp
from workbench.gui.parts.word import VerdictWord
from workbench.gui.places import ReportAt
from workbench.gui.signing.key import KeyField, Secret
from workbench.gui.signing.stamps import By
from workbench.gui.signing.words import windowed
from workbench.gui.text import PlainLabel
from workbench.model.query_fields import Area
from workbench.services import cases
from workbench.sign.keys import new_ed25519, private_pem

TASKS = {
    "report.countersign": "countersign", "report.stamp": "stamp", "folder.seal": "seal",
    "case.package": "package", "case.subset": "subset", "case.backup": "backup",
    "case.restore": "restore",
}  # fmt: skip


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def go(qtbot, window):
    """Return how to go to the page of a task, with nothing of the test before on it."""

    def to(page, place=None):
        found = window.stack.widget_of(page)
        if found is not None:
            window.stack._built.pop(page)
            window.stack.removeWidget(found)
            found.deleteLater()
        window.context.navigation.go(page, place)
        return gone_to(qtbot, window, page)

    return to


@pytest.fixture
def report(tmp_path) -> Path:
    return written(tmp_path, "report.pdf", signing.certified(room=True))


@pytest.fixture
def root(tmp_path) -> Path:
    return pem(tmp_path / "root.pem", signing.team().root)


def pem(path, key) -> Path:
    path.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    return path


def p12(folder, key, name="key.p12") -> Path:
    path = folder / name
    lock = BestAvailableEncryption(b"secret")
    own = key.certificate
    more = [c for c in key.chain if c != own]
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key.private_key, own, more, lock))
    return path


def sign_with(qtbot, page, key, secret="secret"):
    page.signer.file.show_path(key)
    page.signer.secret.setFocus()
    qtbot.keyClicks(page.signer.secret, secret)


def done(qtbot, page) -> list[str]:
    """Press the act, wait for what came of it, and return that."""
    qtbot.mouseClick(page.act, LEFT)
    return told(qtbot, page)


def told(qtbot, page) -> list[str]:
    qtbot.waitUntil(lambda: page.result.count() > 0, timeout=PATIENCE)
    return texts(page)


def refused(qtbot, page, *words) -> str:
    qtbot.mouseClick(page.act, LEFT)
    qtbot.waitUntil(lambda: all(w in page.why.text() for w in words), timeout=PATIENCE)
    assert page.result.count() == 0
    return page.why.text()


def texts(page) -> list[str]:
    return [label.text() for label in page.findChildren(PlainLabel)]


@pytest.mark.parametrize("command", TASKS)
def test_each_task_is_reached_by_its_command_and_says_why_it_cannot_be_done_yet(
    qtbot, window, command
):
    assert window.commands.run(command)
    page = window.stack.currentWidget()
    assert window.stack.current.id == TASKS[command]
    assert not page.act.isEnabled()
    assert page.act.accessibleDescription() == page.why.text() != ""
    order = takers(page)
    assert page.back in order, "Tab reaches the way back"
    assert all(w.accessibleName() or w.text() for w in order), "and everything has a name"
    qtbot.mouseClick(page.back, LEFT)
    assert window.stack.currentWidget() is not page


def test_a_report_is_countersigned_from_the_page_that_checks_it(
    qtbot, window, go, report, root, tmp_path
):
    check = go("signed_report")
    check.report.show_path(report)
    check.root.show_path(root)
    qtbot.mouseClick(check.countersign, LEFT)
    page = gone_to(qtbot, window, "countersign")
    out = page.out.path()
    assert (page.report.path(), page.root.path()) == (report, root)
    key = p12(tmp_path, signing.team().rita)
    sign_with(qtbot, page, key, secret="wrong")
    refused(qtbot, page, "passphrase")
    assert page.signer.secret.text() == ""
    assert not out.exists()
    sign_with(qtbot, page, p12(tmp_path, signing.team().ada, "ada.p12"))
    assert "--" not in refused(qtbot, page, "somebody else")
    assert not out.exists()
    sign_with(qtbot, page, key)
    qtbot.keyClicks(page.meaning, "I read it.")
    qtbot.keyClick(page.signer.secret, Qt.Key.Key_Return)
    said = told(qtbot, page)
    assert {"Rita Reviewer", "I read it.", "PAdES B-B"} <= set(said)
    assert any("awaited" in line for line in said), "the report kept room for a time stamp"
    found = signing.judged(
        out.read_bytes(), signing.team().trust(at=signing.datetime.now(reports.UTC))
    )
    assert [row.meaning for row in found.signatures] == [signing.REASON, "I read it."]
    assert report.read_bytes() == signing.certified(room=True) or report.exists()


def test_a_time_stamp_comes_by_file_and_then_another_renews_it(qtbot, go, report, root, tmp_path):
    page = go("stamp", ReportAt(report, root))
    page.how.setCurrentIndex(page.how.findData(stamp.How.QUERY))
    query = page.out.path()
    assert query == report.with_name("report.tsq")
    done(qtbot, page)
    answer = written(tmp_path, "r.tsr", signing.answered(tmp_path, query.read_bytes()))
    page.how.setCurrentIndex(page.how.findData(stamp.How.REPLY))
    assert page.why.text() == "Choose the answer."
    page.reply.show_path(query)
    stamped = page.out.path()
    assert stamped == report.with_name("report stamped.pdf")
    refused(qtbot, page, "answer")
    assert not stamped.exists()
    page.reply.show_path(answer)
    page.tsa.show_path(pem(tmp_path / "tsa.pem", signing.outside().root))
    assert "PAdES B-T" in done(qtbot, page)
    page = go("stamp", ReportAt(stamped, root))
    page.how.setCurrentIndex(page.how.findData(stamp.How.ALL))
    page.stamps.choose(By.OWN)
    page.stamps.own.file.show_path(p12(tmp_path, signing.team().tsa))
    qtbot.keyClicks(page.stamps.own.secret, "secret")
    renewed = page.out.path()
    done(qtbot, page)
    assert len(renewed.read_bytes()) > len(stamped.read_bytes())


def words_of(page) -> list[str]:
    words = page.findChildren(VerdictWord)
    return [word.accessibleName() for word in words if word.isVisible()]


def test_a_package_holds_what_was_chosen_and_is_checked_in_the_window(
    qtbot, window, go, report, root, tmp_path
):
    page = go("package")
    qtbot.waitUntil(lambda: page.evidence.count() > 5, timeout=PATIENCE)
    page.report.show_path(report)
    page.evidence.setFocus()
    page.evidence.setCurrentRow(3)
    qtbot.keyClick(page.evidence, Qt.Key.Key_Space)
    (chosen,) = page.evidence.chosen()
    out = tmp_path / "case.asice"
    page.out.show_path(out)
    sign_with(qtbot, page, p12(tmp_path, signing.team().ada))
    said = done(qtbot, page)
    assert f"evidence/{chosen}" in said
    assert f"{page.evidence.count() - 1} files of the evidence" in said, "what is left out is told"
    assert acts(window)[-1] == "package.write"
    check = go("signed_report")
    check.root.show_path(root)
    check.reveal(out)
    qtbot.waitUntil(lambda: words_of(check) != [], timeout=PATIENCE)
    assert words_of(check)[:3] == ["PASSED"] * 3
    altered = bytearray(out.read_bytes())
    altered[altered.index(b"report.pdf") + 5_000] ^= 1
    out.write_bytes(altered)
    check.reveal(out)
    qtbot.waitUntil(lambda: "FAILED" in words_of(check), timeout=PATIENCE)
    assert "report.pdf" in " ".join(texts(check)), "what was changed is named"
    assert not check.countersign.isEnabled()


def test_a_sealed_folder_is_provable_by_the_public_key_alone(qtbot, go, tmp_path):
    folder = written(tmp_path, "export/log.jsonl", LogBuilder("workbench", 5).data()).parent
    key = written(tmp_path, "key.pem", private_pem(new_ed25519()))
    page = go("seal")
    page.folder.show_path(folder)
    page.signer.file.show_path(key)
    page.origin.setText("not a name")
    refused(qtbot, page, "no space")
    out = page.out.path()
    assert not out.exists()
    page.origin.setText("example.com")
    page.public_key.show_path(tmp_path / "public.pem")
    page.stamps.choose(By.FILE)
    said = done(qtbot, page)
    assert "log.jsonl: 5 records" in said
    assert out.with_name(f"{out.name}.tsq").exists()
    assert run(["verify", str(out), "--trust", str(tmp_path / "public.pem")]) == 0
    answered = signing.answered(tmp_path, out.with_name(f"{out.name}.tsq").read_bytes())
    page.folder.show_path(out)
    page.reply.show_path(written(tmp_path, "r.tsr", answered))
    qtbot.mouseClick(page.put_in, LEFT)
    assert "The time stamp is in" in told(qtbot, page)


def test_a_backup_travels_encrypted_and_comes_back_by_its_key_only(qtbot, window, go, tmp_path):
    page = go("backup")
    qtbot.keyClicks(page.secret, "correct horse")
    qtbot.keyClicks(page.again, "correct house")
    assert page.why.text() == "The two passphrases differ."
    private, public = cases.new_identity()
    page.how.setCurrentIndex(1)
    page.keys.show_path(written(tmp_path, "public.txt", public.encode()))
    out = tmp_path / "case.backup.age"
    page.out.show_path(out)
    head = window.context.services.case.journal_state().head
    assert any(head in line for line in done(qtbot, page))
    assert out.read_bytes().startswith(b"age-encryption.org/v1")
    page = go("restore")
    page.file.show_path(out)
    folder = page.folder.path()
    other, _ = cases.new_identity()
    page.identity.show_path(written(tmp_path, "other.txt", other.encode()))
    refused(qtbot, page, "cannot be opened")
    assert not folder.exists()
    page.identity.show_path(written(tmp_path, "private.txt", private.encode()))
    done(qtbot, page)
    assert not page.why_not().startswith("Choose")
    with cases.open_case(folder) as again:
        assert again.journal_state().head == head


def test_a_passphrase_that_was_taken_cannot_be_brought_back(theme, qtbot):
    field = KeyField(theme, "Key")
    qtbot.addWidget(field)
    qtbot.keyClicks(field.secret, "word")
    field.file.field.setText("key.p12")
    assert field.take() is not None
    field.secret.setEchoMode(field.secret.EchoMode.Normal)
    field.secret.undo()
    assert field.secret.text() == ""


def test_a_passphrase_is_given_out_once_and_forgotten_where_nobody_asked(tmp_path, monkeypatch):
    secret = Secret(b"word")
    assert (secret(), secret()) == (b"word", b"")
    secret = Secret(b"word")
    monkeypatch.setattr(cases, "restore", lambda *_a, **_k: None)
    restore.restored(None, tmp_path, tmp_path, None, secret, None, None)
    assert secret() == b""


def test_a_part_is_handed_over_with_what_is_withheld_counted(qtbot, window, go, tmp_path):
    page = go("subset")
    qtbot.keyClicks(page.queries[Area.EVENTS], "actor:nobody-of-that-name")
    assert page.wanted[Area.EVENTS].isChecked(), "who types a query wants it"
    page.wanted[Area.THINGS].setChecked(True)
    out, mapping = tmp_path / "part", tmp_path / "names.json"
    page.out.show_path(out)
    page.mapping.show_path(mapping)
    qtbot.mouseClick(page.look, LEFT)
    assert not page.look.isEnabled(), "one thing at a time"
    assert "What may point to a person" in told(qtbot, page)
    assert acts(window)[-1] != "subset.write", "to look changes nothing"
    assert page.out.path() == out, "what was typed stays"
    page.accept.setChecked(True)
    said = done(qtbot, page)
    assert "0 handed over, 6,000 withheld" in said
    assert json.loads((out / "manifest.json").read_text())["withheld"]["events"] == 6000
    assert json.loads(mapping.read_text())["pseudonyms"]
    assert acts(window)[-1] == "subset.write"


def test_a_token_may_be_named_where_tokens_sign_only(theme, qtbot):
    name = "pkcs11:token=Audit?module-path=/usr/lib/x.so"
    for tokens, why in ((True, ""), (False, "There is no such key file.")):
        field = KeyField(theme, "Key", tokens=tokens)
        qtbot.addWidget(field)
        field.file.field.setText(name)
        assert field.why_not("none") == why


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("It needs a time stamp by whom you trust (--trust tsa=FILE).",
         "It needs a time stamp by whom you trust."),
        ("Name the signed one with --report FILE.", "Name the signed one."),
        ("Have it replaced, or say --accept.", "Have it replaced."),
        ("It does not verify (FORMAT_FAILURE): x.", "It does not verify (FORMAT_FAILURE): x."),
    ],
)  # fmt: skip
def test_what_a_service_says_is_said_without_options_of_the_command_line(sentence, shown):
    assert windowed(sentence) == shown
