"""Trust: a key counts once its fingerprint was compared, and the page never compares for you."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.gui.pages.desk import LEFT, PATIENCE, acts, gone_to
from workbench import resources
from workbench.services import trusting
from workbench.verify.trust.identity import Identity, identity_anchor

TRUST = resources.path("sample") / "trust"


@pytest.fixture
def page(qtbot, window):
    found = gone_to(qtbot, window, "trust")
    qtbot.waitUntil(lambda: found._chosen is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    return found


def keys(window):
    return trusting.trusted(window.context.services.case)


def test_every_key_of_the_case_is_listed_with_its_role(window, page):
    listed = [page.table.rows.row_at(n).key for n in range(page.table.rows.rowCount())]
    assert listed == keys(window)
    assert page.table.rows.row_at(0).cells[4].text == "Not compared yet"


def test_an_identity_is_shown_as_named_by_the_auditor(qtbot, window, page):
    who = Identity("ann@example.org", "https://issuer.example")
    anchor = identity_anchor(who, role=None, source="the contract")
    (entry, *_) = keys(window)
    page._take([replace(entry, anchor=anchor)])
    named = "Named by you, compared exactly"
    qtbot.waitUntil(lambda: cell(page, 0, 4) == named, timeout=PATIENCE)
    assert cell(page, 0, 0) == who.shown
    told = [label.text() for label in page.findChildren(QLabel)]
    assert any("the contract" in text for text in told)


def test_a_fingerprint_that_is_the_same_confirms_the_key(qtbot, window, page):
    digest = page._chosen.anchor.fingerprint
    spelled = " ".join(digest[at : at + 4].upper() for at in range(0, 64, 4))
    page.pasted.setFocus()
    qtbot.keyClicks(page.pasted, spelled)
    assert page.answer.text() == "The same: all 64 digits agree."
    qtbot.keyClicks(page.how, "by telephone")
    qtbot.mouseClick(page.confirm, LEFT)
    qtbot.waitUntil(lambda: any(e.anchor.confirmed for e in keys(window)), timeout=PATIENCE)
    (confirmed,) = [e for e in keys(window) if e.anchor.confirmed]
    assert confirmed.confirmed_how == "by telephone"
    assert acts(window)[-1] == "trust.confirm"
    qtbot.waitUntil(lambda: "Fingerprint confirmed" in cell(page, 0, 4), timeout=PATIENCE)


def test_a_key_whose_life_ended_is_told_at_the_top_and_in_its_row(qtbot, window, page):
    from dataclasses import replace
    from datetime import UTC, datetime

    entry = keys(window)[0]
    old = replace(entry.anchor, valid_to=datetime(2020, 1, 1, tzinfo=UTC), source="a letter")
    page._take([replace(entry, anchor=old)])
    qtbot.waitUntil(lambda: cell(page, 0, 4) == "Out of date", timeout=PATIENCE)
    assert "its life ended on 2020-01-01" in page._header._facts.text()


def cell(page, number, at):
    row = page.table.rows.row_at(number)
    return row.cells[at].text if row else ""


@pytest.mark.parametrize("wrong", ["", "zz", "0" * 64])
def test_anything_else_confirms_nothing_and_says_why(qtbot, window, page, wrong):
    before = acts(window)
    qtbot.keyClicks(page.pasted, wrong)
    assert not page.confirm.isEnabled()
    assert page.confirm.accessibleDescription() == page.answer.text() != ""
    qtbot.keyClick(page.pasted, Qt.Key.Key_Return)
    assert acts(window) == before


def test_the_beginning_of_a_fingerprint_is_too_short(qtbot, page):
    qtbot.keyClicks(page.pasted, page._chosen.anchor.fingerprint[:40])
    assert "Too short" in page.answer.text()
    assert not page.confirm.isEnabled()


def test_a_pasted_fingerprint_is_forgotten_with_another_key(qtbot, page):
    qtbot.keyClicks(page.pasted, "ab")
    page.table.selectRow(1)
    qtbot.waitUntil(lambda: page.pasted.text() == "")


def test_a_key_file_is_trusted_for_a_role(qtbot, window, page):
    qtbot.keyClicks(page.file.field, str(TRUST / "report-root.pem"))
    page.role.setCurrentIndex(page.role.findData("report"))
    qtbot.mouseClick(page.add, LEFT)
    qtbot.waitUntil(lambda: keys(window)[-1].anchor.name == "report-root.pem", timeout=PATIENCE)
    assert keys(window)[-1].anchor.role == "report"
    qtbot.waitUntil(lambda: not page.file.field.text(), timeout=PATIENCE)


def test_a_file_without_a_key_is_refused_in_words(qtbot, window, page):
    before = acts(window)
    page.file.field.setText(str(TRUST / "demo-passphrase.txt"))
    qtbot.mouseClick(page.add, LEFT)
    qtbot.waitUntil(lambda: "demo-passphrase.txt" in page.why.text(), timeout=PATIENCE)
    assert acts(window) == before


def test_a_key_is_trusted_no_more(qtbot, window, page):
    gone = page._chosen.id
    qtbot.mouseClick(page.remove, LEFT)
    qtbot.waitUntil(lambda: gone not in [e.id for e in keys(window)], timeout=PATIENCE)
    assert acts(window)[-1] == "trust.remove"
