"""Report: what is shown is what is handed over; it is signed by mouse and by keyboard.

Most tests share one window: they sign and save, which only adds acts to the journal.
"""

import hashlib
import json
from dataclasses import replace

import pytest
import reports
import signing
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtWidgets import QLineEdit

from tests.gui.pages.desk import LEFT, PATIENCE, acts, gone_to
from workbench import resources
from workbench.cli.edge import run
from workbench.errors import SigningError
from workbench.gui.reporting.drafting import drawn
from workbench.gui.reporting.ready import Ready
from workbench.gui.signing.stamps import By
from workbench.gui.theme import ThemeChoice
from workbench.model.case_source import Presence
from workbench.services import cases, findings, trusting
from workbench.sign import token, tsa_server

TRUST = resources.path("sample") / "trust"
SECRET = (TRUST / "demo-passphrase.txt").read_bytes().rstrip(b"\r\n").decode()


def ready(qtbot, window):
    found = gone_to(qtbot, window, "report")
    qtbot.waitUntil(lambda: found.preview.sheet._drawn is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "key file" in found.panel.why.text(), timeout=PATIENCE)
    return found


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def page(qtbot, window):
    """Return the page with nothing typed, after whatever the test before did with it."""
    found = gone_to(qtbot, window, "report")
    panel = found.panel
    for field in (panel.key.field, panel.secret, panel.meaning, panel.lasting.lists.field):
        field.clear()
    panel.lasting.stamps.choose(By.NOBODY)
    panel.lasting.level.setCurrentIndex(0)
    panel.be_busy("")
    from workbench.gui.parts.boxes import clear

    clear(panel.result)
    found._suggest_place()
    return ready(qtbot, window)


@pytest.fixture
def own(qtbot, context, sample_case):
    """Return a page over a case of its own, for a test that changes what the case holds."""
    from tests.gui.pages.conftest import opened

    made = opened(qtbot, context, sample_case)
    yield ready(qtbot, made)
    context.jobs.close()
    context.services.close()


def type_key(qtbot, page, secret=SECRET, name="demo-auditor.p12"):
    page.panel.key.field.setFocus()
    qtbot.keyClicks(page.panel.key.field, str(TRUST / name))
    page.panel.secret.setFocus()
    qtbot.keyClicks(page.panel.secret, secret)


def signed(qtbot, page):
    qtbot.waitUntil(lambda: page.panel.result.count() > 0, timeout=PATIENCE)


def texts(widget):
    from workbench.gui.text import PlainLabel

    return [label.text() for label in widget.findChildren(PlainLabel)]


def test_a_report_signed_with_the_mouse_is_verified_by_a_stranger(qtbot, window, page, capsys):
    out = page.panel.out.path()
    type_key(qtbot, page)
    qtbot.keyClicks(page.panel.meaning, "I looked at all of it.")
    qtbot.mouseClick(page.panel.sign, LEFT)
    assert page.panel.secret.text() == ""
    signed(qtbot, page)
    assert run(["verify-report", str(out), "--trust", str(TRUST / "report-root.pem")]) == 0
    last = cases.journal_entries(window.context.services.case)[-1]
    assert (last.act, last.subject) == ("report.sign", out.name)
    assert json.loads(last.detail)["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert page.panel.out.path() != out, "the next one gets another name"
    assert "meaning: I looked at all of it." in capsys.readouterr().out
    said = texts(page)
    assert "I looked at all of it." in said, "21 CFR 11.50: name, time and meaning are told"
    assert "PAdES B-B" in said
    folder = window.context.services.case.folder
    kept = b"".join(part.read_bytes() for part in folder.glob("case.sqlite*"))
    assert SECRET.encode() not in kept


def test_a_report_is_signed_with_the_keyboard_and_its_stamp_asked_for_by_file(qtbot, window, page):
    assert page.panel.secret.echoMode() is QLineEdit.EchoMode.Password
    out = page.panel.out.path()
    page.panel.lasting.stamps.way.setFocus()
    for _ in range(3):
        qtbot.keyClick(page.panel.lasting.stamps.way, Qt.Key.Key_Down)
    assert page.panel.lasting.stamps.by is By.FILE
    type_key(qtbot, page)
    qtbot.keyClick(page.panel.secret, Qt.Key.Key_Return)
    signed(qtbot, page)
    assert run(["verify-report", str(out), "--trust", str(TRUST / "report-root.pem")]) == 0
    assert acts(window)[-1] == "report.sign"
    assert out.with_suffix(".tsq").read_bytes()[:1] == b"\x30"
    qtbot.mouseClick(page.panel.put_in, LEFT)
    assert window.stack.current.id == "stamp"
    assert window.stack.currentWidget().report.path() == out


def test_a_wrong_passphrase_is_said_and_nothing_is_written(qtbot, window, page):
    before = acts(window)
    type_key(qtbot, page, secret="wrong")
    qtbot.mouseClick(page.panel.sign, LEFT)
    qtbot.waitUntil(lambda: "passphrase" in page.panel.why.text().lower(), timeout=PATIENCE)
    assert not page.panel.out.path().exists()
    assert acts(window) == before
    assert page.panel.sign.isEnabled(), "another passphrase can be tried"


@pytest.mark.parametrize(
    "gone", ["The token says that the PIN is wrong.", "There is no token called Audit."]
)
def test_a_token_that_refuses_is_said_and_nothing_is_written(
    qtbot, window, page, monkeypatch, gone
):
    before, given = acts(window), []

    def load(_uri, pin):
        given.append(pin())
        raise SigningError(gone)

    monkeypatch.setattr("workbench.services.reports.signing.load_token_key", load)
    assert token.means_token("pkcs11:token=Audit")
    page.panel.key.field.setText("pkcs11:token=Audit?module-path=/nowhere.so")
    qtbot.keyClicks(page.panel.secret, "1234")
    qtbot.mouseClick(page.panel.sign, LEFT)
    qtbot.waitUntil(lambda: page.panel.why.text() == gone, timeout=PATIENCE)
    assert given == [b"1234"]
    assert page.panel.secret.text() == "", "a PIN is not kept"
    assert not page.panel.out.path().exists()
    assert acts(window) == before


def team_key(tmp_path, key, name):
    path = tmp_path / name
    lock = BestAvailableEncryption(b"secret")
    own = key.certificate, list(key.chain)
    data = pkcs12.serialize_key_and_certificates(b"x", key.private_key, *own, lock)
    path.write_bytes(data)
    return path


def lists(tmp_path, team):
    paths = []
    for number, der in enumerate(team.crls()):
        paths.append(tmp_path / f"{number}.crl")
        paths[-1].write_bytes(der)
    return "; ".join(map(str, paths))


def test_archival_level_is_reached_with_a_stamper_of_ones_own_that_is_said_to_prove_no_time(
    qtbot, window, page, tmp_path, monkeypatch
):
    panel, team = page.panel, signing.team()
    monkeypatch.setattr(
        "workbench.services.reports.signing.datetime",
        type("D", (), {"now": lambda _z: reports.NOW}),
    )
    out = panel.out.path()
    panel.lasting.level.setCurrentIndex(3)
    assert "B-LTA needs a time stamp" in panel.why.text() or "key file" in panel.why.text()
    panel.key.field.setText(str(team_key(tmp_path, team.ada, "ada.p12")))
    assert "B-LTA needs a time stamp" in panel.why.text()
    panel.lasting.stamps.choose(By.OWN)
    assert "order" in panel.lasting.stamps.told.text()
    assert "no time" in panel.lasting.stamps.told.text()
    panel.lasting.stamps.own.file.show_path(team_key(tmp_path, team.tsa, "tsa.p12"))
    assert "needs revocation lists" in panel.why.text()
    panel.lasting.lists.field.setText(lists(tmp_path, team))
    qtbot.keyClicks(panel.lasting.stamps.own.secret, "secret")
    qtbot.keyClicks(panel.secret, "secret")
    qtbot.mouseClick(panel.sign, LEFT)
    signed(qtbot, page)
    assert "PAdES B-LTA" in texts(page)
    assert panel.lasting.stamps.own.secret.text() == ""
    found = signing.judged(out.read_bytes(), team.trust())
    assert signing.levels(found) == ["B-LTA"]


def test_a_server_is_asked_only_after_the_user_allows_the_network_each_time(
    qtbot, window, page, tmp_path, monkeypatch
):
    asked, panel, stamps = [], page.panel, page.panel.lasting.stamps

    def stamper(url, *, told, more=()):
        asked.append(url)
        told(url)
        return signing.own_stamper(signing.datetime.now(reports.UTC))

    monkeypatch.setattr("workbench.services.reports.signing.server_stamper", stamper)
    root = tmp_path / "tsa.pem"
    root.write_bytes(signing.team().root.certificate.public_bytes(Encoding.PEM))
    stamps.choose(By.SERVER)
    qtbot.keyClicks(stamps.server, "https://tsa.example/stamp")
    type_key(qtbot, page)
    assert not panel.sign.isEnabled()
    assert "uses the network: allow it" in panel.why.text()
    stamps.network.setChecked(True)
    stamps.server.setText("https://other.example")
    assert not stamps.network.isChecked(), "allowed for the server that was named, for no other"
    stamps.network.setChecked(True)
    panel.lasting.tsa.show_path(root)
    qtbot.mouseClick(panel.sign, LEFT)
    signed(qtbot, page)
    assert asked == ["https://other.example"]
    assert not stamps.network.isChecked(), "once is once"
    assert "https://other.example was asked" in " ".join(texts(page))
    assert "Network was used" in window.status._offline.text()
    assert window.context.services.header().network == ("https://other.example",)
    assert tsa_server.server_stamper is not stamper


def test_a_server_that_was_asked_is_told_also_where_the_report_was_not_signed(qtbot, window, page):
    said = []
    window.context.notices.network.connect(said.append)
    stamps = page.panel.lasting.stamps
    stamps.choose(By.SERVER)
    stamps.server.setText("http://127.0.0.1:1/")
    stamps.network.setChecked(True)
    type_key(qtbot, page)
    out = page.panel.out.path()
    before = len(acts(window))
    qtbot.mouseClick(page.panel.sign, LEFT)
    qtbot.waitUntil(lambda: "does not answer" in page.panel.why.text(), timeout=PATIENCE)
    assert said == ["http://127.0.0.1"]
    case = window.context.services.case
    (entry,) = cases.journal_entries(case)[before:]
    assert (entry.act, entry.subject) == ("network.ask", "http://127.0.0.1")
    assert "report.sign" in entry.detail
    assert "does not answer" in entry.detail
    assert "Network was used" in window.status._offline.text()
    assert not out.exists()


def test_why_it_was_not_signed_stays_when_the_page_looks_again(page):
    page.panel.fail("tsa.example does not answer.")
    page.panel.block("")
    assert page.panel.why.text() == "tsa.example does not answer."
    page.panel.block("The case was not verified yet.")
    assert "not verified yet" in page.panel.why.text()
    page.panel.block("")
    page.panel.be_busy("")


def test_a_stamp_of_ones_own_is_not_said_to_outlast_the_certificate(page):
    lasting = page.panel.lasting
    lasting.level.setCurrentIndex(1)
    lasting.stamps.choose(By.SERVER)
    assert "after the certificate ended" in lasting.told.text()
    lasting.stamps.choose(By.OWN)
    for level in (1, 2, 3):
        lasting.level.setCurrentIndex(level)
        assert "while the certificate is valid" in lasting.told.text()
    lasting.stamps.choose(By.FILE)
    assert "Until the answer is put in it is B-B" in lasting.told.text()


def test_what_was_asked_for_pages_that_are_being_made_anew_is_asked_again(
    qtbot, window, page, monkeypatch
):
    given = []

    def handed(case, out, wish, draft, signs, **more):
        given.append(draft)
        raise SigningError("not here")

    monkeypatch.setattr("workbench.gui.reporting.drafting.handed_over", handed)
    page._make_draft()
    page._save()
    qtbot.waitUntil(lambda: "not here" in page.panel.why.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not page._drafting, timeout=PATIENCE)
    page._save()
    qtbot.waitUntil(lambda: len(given) == 2, timeout=PATIENCE)
    assert given[0] is None
    assert given[1] is page._draft


def test_a_disabled_button_says_why(qtbot, page):
    panel = page.panel
    assert not panel.sign.isEnabled()
    assert panel.why.text() == "Signing is off. Choose the key file to sign with."
    qtbot.keyClicks(panel.key.field, "/nowhere/key.p12")
    assert "no such key file" in panel.why.text()
    panel.out.field.setText(str(TRUST / "demo-auditor.p12"))
    panel.key.field.setText(str(TRUST / "demo-auditor.p12"))
    assert "a file of that name" in panel.why.text()
    assert panel.sign.accessibleDescription()


def test_what_bears_on_the_verdicts_blocks_the_signature(qtbot, own):
    services = own._context.services
    key = f"report={TRUST / 'report-root.pem'}"
    with qtbot.waitSignal(own._context.jobs.case_changed, timeout=PATIENCE):
        services.act("Trust", lambda case, _p, _c: trusting.add(case, [key]))
    qtbot.waitUntil(lambda: "A key was trusted after" in own.panel.why.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: own._middle.currentWidget() is own._empty, timeout=PATIENCE)
    own.panel.key.field.setText(str(TRUST / "demo-auditor.p12"))
    assert not own.panel.sign.isEnabled()
    assert not own.panel.save.isEnabled()


def test_evidence_that_is_gone_blocks_the_signature_and_is_named(qtbot, window, page, monkeypatch):
    places = cases.standing(window.context.services.case)
    first = places.sources[0]
    gone = dict.fromkeys(places.presence, Presence.MISSING)
    monkeypatch.setattr(cases, "standing", lambda _case: replace(places, presence=gone))
    gone_to(qtbot, window, "journal")
    gone_to(qtbot, window, "report")
    qtbot.waitUntil(lambda: "Not there as it was taken in" in page.panel.why.text())
    assert first.display in page.panel.why.text()
    assert f"and {len(gone) - 3} more" in page.panel.why.text()
    assert not page.panel.sign.isEnabled()
    monkeypatch.undo()
    gone_to(qtbot, window, "journal")


def test_a_draft_finding_is_allowed_and_leads_to_its_page(qtbot, own):
    with qtbot.waitSignal(own._context.jobs.case_changed, timeout=PATIENCE):
        own._context.services.act(
            "Add", lambda case, _p, _c: findings.add(case, findings.Finding("", "Something"))
        )
    said = own.findChild(Ready)
    qtbot.waitUntil(lambda: any("F-0001 is a draft" in t for t in texts(said)), timeout=PATIENCE)
    assert any("Allowed" in text for text in texts(said))
    sections = [row.title for row in (own._draft.outline if own._draft else ())]
    qtbot.waitUntil(
        lambda: any("Findings" in h.title for h in own._draft.outline), timeout=PATIENCE
    )
    assert not any("Findings" in title for title in sections)


def test_pages_are_turned_by_key_and_by_section(qtbot, page):
    page.preview.turn(0)
    page.preview.setFocus()
    qtbot.keyClick(page.preview, Qt.Key.Key_PageDown)
    assert page.preview.place.text().startswith("Page 2 of")
    qtbot.keyClick(page.preview, Qt.Key.Key_End)
    assert page.preview.page == len(page._draft.pages) - 1
    qtbot.waitUntil(lambda: page.sections.rows.rowCount() > 5)
    page.sections.reveal(0)
    first = page._draft.outline[0]
    qtbot.waitUntil(lambda: page.preview.page == first.page, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: " ".join(first.title.split()) in page.preview.sheet.said(), timeout=PATIENCE
    )


def test_what_may_be_wished_and_the_acts_fit_beside_the_pages(qtbot, window, page):
    window.resize(1280, 800)
    wishes = page.wishes
    qtbot.waitUntil(lambda: wishes.isVisible())
    room = wishes.parentWidget().width()
    assert wishes.minimumSizeHint().width() <= room
    for field in (wishes.auditor, wishes.template, wishes.pack, wishes.own, wishes.draft):
        assert field.mapTo(wishes, field.rect().topRight()).x() < room
    panel = page.panel
    assert panel.minimumSizeHint().width() <= panel.parentWidget().width()
    below = panel.sign.mapTo(window, panel.sign.rect().bottomRight())
    assert window.rect().contains(below), "what signs is in sight, however long the form"


@pytest.mark.parametrize("choice", [ThemeChoice.DARK, ThemeChoice.CONTRAST])
def test_a_page_is_white_in_every_theme(qtbot, window, page, choice):
    page.preview.turn(0)
    qtbot.waitUntil(lambda: page.preview.sheet._drawn is not None, timeout=PATIENCE)
    window.context.theme.choose(choice)
    sheet = page.preview.sheet
    image = sheet.grab().toImage()
    window.context.theme.choose(ThemeChoice.LIGHT)
    assert image.pixelColor(image.width() // 2, 32).name() == "#ffffff"
    assert image.pixelColor(2, 2).name() != "#ffffff"


def test_a_page_is_drawn_as_wide_as_asked(page):
    found = drawn(page._draft.pdf, 0, 700)
    assert found.image.width() in {700, 701}
    assert "Verification of evidence" in found.words


def test_a_draft_is_saved_unsigned_with_its_digest(qtbot, window, page):
    out = page.panel.out.path()
    qtbot.mouseClick(page.panel.save, LEFT)
    signed(qtbot, page)
    assert acts(window)[-1] == "report.write"
    assert out.read_bytes().startswith(b"%PDF")


def chosen(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def test_template_language_and_marking_stand_in_the_pages_as_they_are_chosen(qtbot, page):
    before = page._draft
    wishes = page.wishes
    chosen(wishes.template, "internal-audit")
    chosen(wishes.language, "de")
    qtbot.keyClicks(wishes.marking, "Secret")
    wishes._now()
    qtbot.waitUntil(lambda: page._draft is not before, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page._drafting == 0, timeout=PATIENCE)
    wish = page._draft.wish.edition
    assert (wish.template, wish.language, wish.classification) == ("internal-audit", "de", "Secret")
    words = drawn(page._draft.pdf, 0, 100).words
    assert "Bericht der Internen Revision" in words
    assert "SECRET" in words
    assert "ENTWURF" in words
    drafted = page._draft
    wishes.marking.clear()
    chosen(wishes.template, "")
    chosen(wishes.language, "en")
    qtbot.waitUntil(lambda: page._draft is not drafted and not page._drafting, timeout=PATIENCE)


def test_pages_made_for_an_older_wish_and_not_yet_heard_of_are_never_shown(
    qtbot, page, monkeypatch
):
    shown = []
    monkeypatch.setattr(page.preview, "show_draft", shown.append)
    page._make_draft()
    for pool in page._context.jobs.findChildren(QThreadPool):
        assert pool.waitForDone(PATIENCE)
    page.wishes.marking.setText("Secret")
    page.wishes._now()
    qtbot.waitUntil(lambda: page._drafting == 0, timeout=PATIENCE)
    assert [draft.wish.edition.classification for draft in shown] == ["Secret"]


def test_a_template_that_cannot_be_read_is_said_and_the_pages_go(qtbot, page, tmp_path):
    (tmp_path / "own.yaml").write_text("id: own\ntitle: x\nkind: x\nsections: [cover, card]\n")
    page.wishes.own.field.setText(str(tmp_path / "own.yaml"))
    qtbot.waitUntil(lambda: page._draft is None, timeout=PATIENCE)
    assert "sections must also name" in page._header._facts.text()
    page.wishes.own.field.clear()
    qtbot.waitUntil(lambda: page._draft is not None, timeout=PATIENCE)
