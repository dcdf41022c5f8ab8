"""Verification: from the dropped sample to the bytes of the record that was altered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.gui.cases import ALTERED, TAMPERED
from workbench.gui.evidence_bytes import EvidenceBytes
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.diagnosis import DiagnosisCard
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.places import DiagnosisAt, FindingDraft, ThingAt
from workbench.gui.text import PlainLabel
from workbench.model.verdict import Dimension, Indication
from workbench.services import sample

LEFT = Qt.MouseButton.LeftButton


def drop(window, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    actions, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    at = QPointF(700, 400)
    QApplication.sendEvent(window, QDragEnterEvent(at.toPoint(), actions, mime, LEFT, none))
    QApplication.sendEvent(window, QDropEvent(at, actions, mime, LEFT, none))


def has_button(of, words: str) -> bool:
    return any(b.text() == words and b.isVisible() for b in of.findChildren(Button))


def button(of, words: str) -> Button:
    (found, *_) = [
        b for b in of.findChildren(Button) if b.accessibleName() == words and b.isVisible()
    ]
    return found


def page(window):
    window.context.navigation.go("verification")
    return window.stack.currentWidget()


@pytest.fixture
def shown(qtbot, window):
    made = page(window)
    qtbot.waitUntil(lambda: card(made) is not None and "by did" in text_of(card(made)))
    return made


def card(made) -> DiagnosisCard | None:
    found = [c for c in made.findChildren(DiagnosisCard) if c.isVisible()]
    return found[0] if found else None


def text_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


def test_the_sample_dropped_on_the_window_is_verified_and_its_diagnosis_shows_the_bytes(
    qtbot, empty_window
):
    window = empty_window
    assert window.stack.current.id == "start"
    drop(window, sample.load().evidence)
    services = window.context.services
    qtbot.waitUntil(
        lambda: services.standing is not None and services.standing.verification is not None,
        timeout=90_000,
    )
    assert window.stack.current.id == "overview"
    assert services.header().dimensions[Dimension.INTEGRITY].indication is Indication.FAILED
    overview = window.stack.currentWidget()
    qtbot.waitUntil(lambda: has_button(overview, "Open diagnosis"))
    qtbot.mouseClick(button(overview, "Open diagnosis"), LEFT)
    assert window.stack.current.id == "verification"
    made = window.stack.currentWidget()
    qtbot.waitUntil(lambda: card(made) is not None and "792 bytes" in text_of(card(made)))

    qtbot.mouseClick(button(card(made), "Show bytes"), LEFT)
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: any(v.isVisible() for v in inspector.findChildren(HexView)))
    (view,) = [v for v in inspector.findChildren(HexView) if v.isVisible()]
    record = (sample.load().evidence / TAMPERED.partition("/")[2]).read_bytes().split(b"\n")
    assert view._data == record[ALTERED - 1]
    ((start, end),) = view._marks
    assert view._data[start:end].decode() in text_of(card(made)).replace(" ", "").replace("\n", "")


def test_the_worst_source_stands_first_with_its_four_marks_in_words(qtbot, window, shown):
    rows = shown.list.table.rows
    qtbot.waitUntil(lambda: rows.row_at(0) is not None)
    said = [cell.said for cell in rows.row_at(0).cells]
    assert said[0] == "audit-log.jsonl, audit-tampered · 3,000 records"
    assert said[1:] == ["failed", "indeterminate", "passed", "indeterminate"]
    assert rows.count.rows == 7


def test_the_blast_radius_names_what_rests_on_the_record_and_leads_there(qtbot, window, shown):
    qtbot.waitUntil(lambda: "credit-scoring 8" in _links(card(shown)))
    links = _links(card(shown))
    assert "1 approval" in links
    assert "2 deployments downstream" in links
    asked = []
    window.context.navigation.asked.connect(lambda name, place: asked.append((name, place)))
    qtbot.mouseClick(button(card(shown), "model version credit-scoring 8"), LEFT)
    (name, place) = asked[0]
    assert name == "catalog"
    assert isinstance(place, ThingAt)


def _links(of) -> str:
    return "\n".join(b.accessibleName() for b in of.findChildren(Button)) if of else ""


def test_the_record_is_shown_field_by_field_with_what_protects_it(qtbot, window, shown):
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: inspector.shown is not None)
    assert [tab.title for tab in inspector.shown.tabs] == ["Proof", "Record", "Bytes"]
    inspector._tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "did:mesh:priya.raman" in text_of(inspector))


def test_the_proof_can_be_copied_as_a_recipe(qtbot, window, shown):
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: bool(inspector.findChildren(ProofTrail)))
    qtbot.mouseClick(button(inspector, "Copy recipe"), LEFT)
    assert "sha256sum" in QGuiApplication.clipboard().text()


def test_nothing_broken_says_what_was_recomputed_and_what_could_not_be(qtbot, window, shown):
    shown.list.select(_source(window, "evidence/audit/audit-log.jsonl"))
    qtbot.waitUntil(lambda: card(shown) is None)
    said = text_of(shown.detail)
    assert "3,000" in said
    assert "NO_TRUSTED_TIME" in said
    assert shown.detail.map is not None


def _source(window, path: str) -> int:
    return next(s.id for s in window.context.services.standing.sources if s.path == path)


def test_a_new_finding_begins_with_what_the_diagnosis_says(qtbot, window, shown):
    asked = []
    window.context.navigation.asked.connect(lambda name, place: asked.append((name, place)))
    window.commands.run("finding.new")
    (name, draft) = asked[0]
    assert name == "findings"
    assert isinstance(draft, FindingDraft)
    assert f"{ALTERED:,}" in draft.title
    (place,) = draft.evidence
    assert (place.locator.path, place.locator.record) == (TAMPERED, ALTERED)
    assert place.sha256 == window.context.services.standing.sources[5].sha256


def test_a_dimension_of_the_top_bar_leads_to_what_decides_it(qtbot, window, shown):
    shown.list.select(_source(window, "evidence/registry/mlflow.db"))
    qtbot.waitUntil(lambda: card(shown) is None)
    window.top.dimension_asked.emit(Dimension.INTEGRITY)
    qtbot.waitUntil(lambda: card(shown) is not None)


def test_a_place_that_is_not_there_is_left_alone(qtbot, window, shown):
    shown.reveal(DiagnosisAt(999, 4))
    shown.reveal("nonsense")
    qtbot.waitUntil(lambda: card(shown) is not None)


def test_bytes_that_changed_since_intake_are_not_shown_as_they_were(qtbot, context, tmp_path):
    import shutil

    from tests.gui.pages.conftest import without_case

    evidence = tmp_path / "handed-over"
    shutil.copytree(sample.load().evidence / "audit-tampered", evidence)
    window = without_case(qtbot, context)
    drop(window, evidence)
    services = context.services
    qtbot.waitUntil(
        lambda: services.standing is not None and services.standing.verification is not None,
        timeout=90_000,
    )
    made = page(window)
    qtbot.waitUntil(lambda: card(made) is not None and "792 bytes" in text_of(card(made)))
    log = evidence / "audit-log.jsonl"
    data = log.read_bytes()
    log.write_bytes(data.replace(b"did:mesh:priya.raman", b"did:mesh:priya.ramen"))
    qtbot.mouseClick(button(card(made), "Show bytes"), LEFT)
    inspector = window.dock.inspector
    qtbot.waitUntil(lambda: bool(inspector.findChildren(EvidenceBytes)))
    (looked,) = inspector.findChildren(EvidenceBytes)
    qtbot.waitUntil(lambda: "Reading" not in looked.said)
    assert "Evidence changed" in looked.said
    context.jobs.close()
    services.close()
