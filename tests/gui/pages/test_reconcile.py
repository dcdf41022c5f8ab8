"""The page of reconciliation, and the links to other exports in the inspector."""

import hashlib
import json

import pytest
from casework import added, lines, new_case, written
from PySide6.QtCore import Qt

from tests.gui.pages.desk import PATIENCE, desk, shown
from workbench.gui.looking.elsewhere import Elsewhere, OneLink
from workbench.gui.models.cells import Tone
from workbench.gui.parts.mark import Mark
from workbench.gui.places import RecordAt
from workbench.gui.text import PlainLabel

DATA = b"age,income\n41,2\n"
SPEC = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}  # fmt: skip


def crate(*named: str) -> bytes:
    sha256 = hashlib.sha256(DATA).hexdigest()
    files = [{"@id": name, "@type": "File", "name": name, "sha256": sha256} for name in named]
    context = "https://w3id.org/ro/crate/1.1/context"
    return json.dumps({"@context": context, "@graph": [SPEC, *files]}).encode()


@pytest.fixture
def win(qtbot, qapp, context, tmp_path):
    drop = tmp_path / "drop"
    written(drop, "a/ro-crate-metadata.json", crate("train.csv"))
    written(drop, "a/train.csv", DATA + b"1,1\n")
    written(drop, "a/note.txt", b"x")
    written(drop, "b/ro-crate-metadata.json", crate("learn.csv"))
    deployed = {"time": "2026-04-01T00:00:00Z", "actor": "ann", "action": "model.deploy",
                "object": "models:/credit/7", "outcome": "success"}  # fmt: skip
    written(drop, "audit.jsonl", lines([deployed]))
    with new_case(tmp_path) as case:
        added(case, drop)
    return desk(qtbot, qapp, context.settings, case.folder, "reconcile")


@pytest.fixture
def page(qtbot, win):
    found = shown(win)
    qtbot.waitUntil(lambda: found._found is not None and not found._running, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.rowCount() == 3, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    return found


def words(of) -> str:
    return "\n".join(label.text() for label in of.findChildren(PlainLabel))


def go_to(qtbot, page, name: str) -> None:
    rows = [page.table.rows.row_at(n).cells[2].text for n in range(page.table.rows.rowCount())]
    page.table.setFocus()
    page.table.reveal(rows.index(name))
    qtbot.waitUntil(lambda: [each.name for each in page._selected()] == [name], timeout=PATIENCE)


def test_counts_stand_above_and_what_was_not_compared_is_in_amber(page):
    told = "1 differ, 2 not sure · not compared: catalog and log, log and files"
    assert page.header._facts.text() == told
    told = words(page.sides)
    assert "Log and files: not compared" in told
    assert "Files: 2 files of 2 sources" in told


def test_what_may_be_innocent_is_not_red(page):
    marks = {row.cells[2].text: row.cells[0].mark for row in map(page.table.rows.row_at, range(3))}
    assert marks["models:/credit/7"] is Mark.INDETERMINATE
    assert marks["train.csv"] is Mark.FAILED
    assert page.table.rows.row_at(0).cells[3].tone is Tone.QUIET


def test_a_kind_narrows_and_a_word_narrows_further(qtbot, page):
    page._choose_kind("FILE_UNKNOWN")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1, timeout=PATIENCE)
    page.field.setText("nothing-is-called-so")
    page._show_lines()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=PATIENCE)


def test_both_sides_are_a_step_away_and_a_finding_carries_them(qtbot, win, page):
    asked = []
    win.context.navigation.asked.connect(lambda *to: asked.append(to))
    go_to(qtbot, page, "models:/credit/7")
    page._open(page.table.row())
    assert asked[-1] == ("timeline", RecordAt(page.table.row().key.places[0].source, 1))
    go_to(qtbot, page, "train.csv")
    page._new_finding()
    name, draft = asked[-1]
    assert name == "findings"
    assert len(draft.evidence) == 2


def test_a_link_is_parted_with_a_reason_and_the_page_is_out_of_date(qtbot, win, page):
    standing = win.context.services.standing
    source = next(s.id for s in standing.sources if s.path.endswith("a/ro-crate-metadata.json"))
    links = Elsewhere(win.context, (source, "entity/train.csv"))
    qtbot.addWidget(links)
    links.show()

    def link() -> OneLink | None:
        found = links.findChildren(OneLink)
        return found[-1] if found else None

    qtbot.waitUntil(lambda: link() is not None, timeout=PATIENCE)
    assert "Same digest: sha256:" in words(link())
    assert not link().part.isEnabled()
    qtbot.keyClicks(link().reason, "another year")
    qtbot.mouseClick(link().part, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: link() is not None and "another year" in words(link()),
                    timeout=PATIENCE)  # fmt: skip
    assert link().part.isHidden()
    assert not link().undo.isHidden()
    assert page.header._facts.text().startswith("Out of date")
