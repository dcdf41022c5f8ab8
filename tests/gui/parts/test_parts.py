"""What the parts do when they are used, and what they say."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from tests.gui.hostile import HTML
from tests.gui.sample import ALTERED, DIMENSIONS, MAP, RECOMPUTED, STEPS, STORED, VERDICT, WEAK
from workbench.gui.fonts import Face
from workbench.gui.parts import causes, pen
from workbench.gui.parts.assurance import AssuranceBar
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.causes import CauseState, causes_of, holds_of, notes_of
from workbench.gui.parts.chip import Chip, FilterTerm
from workbench.gui.parts.diagnosis import DiagnosisCard, DiagnosisView, place_words
from workbench.gui.parts.digest import HashLabel, compared, grouped, shortened
from workbench.gui.parts.dimension import Answer, DimensionBlock
from workbench.gui.parts.explain import Explanation, paragraphs
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.hexview import HexView
from workbench.gui.parts.histogram import Bins, Histogram
from workbench.gui.parts.inspector import Inspected, Inspector, InspectorTab
from workbench.gui.parts.log_map import LogMap, log_map_of, table_of
from workbench.gui.parts.mark import Mark, VerdictMark, mark_of
from workbench.gui.parts.proportion import Counts
from workbench.gui.parts.protection import ProtectionMark
from workbench.gui.parts.tamper import TamperMap
from workbench.gui.parts.trail import ProofTrail, recipe_of, titled
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import Paragraph, PlainLabel
from workbench.model.catalog import Protection
from workbench.model.locator import Locator
from workbench.model.verdict import (
    Code,
    Dimension,
    Indication,
    Step,
    failed,
    indeterminate,
    passed,
)
from workbench.report.glossary import headline
from workbench.verify.chain import innocent


def shown(qtbot, part: QWidget, width: int = 800, height: int = 300) -> QWidget:
    qtbot.addWidget(part)
    part.resize(width, height)
    part.show()
    return part


def said(part: QWidget) -> str:
    return "\n".join(label.text() for label in part.findChildren(PlainLabel))


@pytest.mark.parametrize("code", [Code.SELF_CONSISTENT, Code.PROFILE_INFERRED, Code.AUDITOR_STATED])
def test_a_pass_without_a_trusted_anchor_is_half_a_mark_never_the_plain_green(code):
    assert mark_of(passed(code)) is Mark.HALF


def test_marks_follow_the_indication():
    assert mark_of(passed(Code.ANCHORED)) is Mark.PASSED
    assert mark_of(indeterminate(Code.NO_ANCHOR)) is Mark.INDETERMINATE
    assert mark_of(failed("RECORD_ALTERED")) is Mark.FAILED
    assert mark_of(None) is Mark.NONE


def test_each_mark_has_a_shape_of_its_own(qtbot, theme):
    """Amber and red are the same to some eyes: drawn in grey, all marks must still differ."""
    pictures = set()
    for mark in Mark:
        widget = shown(qtbot, VerdictMark(theme, mark, 20), 20, 20)
        grey = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_Mono)
        pictures.add(bytes(grey.constBits()))
    assert len(pictures) == len(Mark)


def test_running_mark_stands_still_if_motion_is_unwanted(qtbot, theme):
    mark = shown(qtbot, VerdictMark(theme, Mark.RUNNING))
    assert not mark._timer.isActive()


def test_counts_are_said_in_words():
    assert str(Counts(412_002, 1)) == "412,002 passed, 1 failed"
    assert str(Counts()) == "none"


def test_assurance_bar_gives_the_range_that_was_clicked(qtbot, theme):
    bar = shown(qtbot, AssuranceBar(theme, MAP))
    with qtbot.waitSignal(bar.range_chosen) as caught:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(700, 60))
    assert caught.args == [601, 1000]


def test_assurance_bar_gives_a_range_by_keyboard(qtbot, theme):
    bar = shown(qtbot, AssuranceBar(theme, MAP))
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    with qtbot.waitSignal(bar.range_chosen) as caught:
        qtbot.keyClick(bar, Qt.Key.Key_Return)
    assert caught.args == [1, 599]


def test_assurance_bar_has_its_twin_in_words(theme, qtbot):
    assert table_of(MAP)[0] == ("1 – 599", "2 Signed", "consistent, signed")
    bar = shown(qtbot, AssuranceBar(theme, MAP))
    assert "records 1 – 599: 2 Signed" in bar.accessibleName()
    assert "Broken: 600 differs" in bar.accessibleName()


def test_only_what_failed_is_a_break():
    assert MAP.breaks == {600: "differs"}
    harmless = log_map_of(
        type(VERDICT)(passed(), passed(), passed(), passed(), records=1000, diagnoses=())
    )
    assert harmless.breaks == {}
    assert MAP.unanchored == 400


def test_a_break_known_by_its_range_is_shown_as_a_range(qtbot, theme):
    found = replace(ALTERED, record=300, last=900)
    log = log_map_of(replace(VERDICT, diagnoses=(found,)))
    assert log.flag(300) == "differs somewhere in 300 – 900"
    assert log.may_be_broken(600)
    assert not log.may_be_broken(901)
    for part in (TamperMap(theme, log), AssuranceBar(theme, log)):
        shown(qtbot, part).grab()
        assert "somewhere in 300 – 900" in part.accessibleName()
    assert place_words(found, None) == "records 300 – 900 · offset 81,200"


def test_brackets_go_from_break_to_break(qtbot, theme):
    log = LogMap(1000, breaks={10: "altered", 500: "altered", 900: "inserted"})
    tamper = shown(qtbot, TamperMap(theme, log))
    tamper.setFocus()
    seen = [tamper.focused]
    for key in "]]][":
        qtbot.keyClicks(tamper, key)
        seen.append(tamper.focused)
    assert seen == [10, 500, 900, 10, 900]


def test_tamper_map_looks_at_the_record_that_was_clicked(qtbot, theme):
    tamper = shown(qtbot, TamperMap(theme, MAP))
    with qtbot.waitSignal(tamper.record_chosen) as caught:
        qtbot.mouseClick(tamper, Qt.MouseButton.LeftButton, pos=QPoint(482, 30))
    assert caught.args == [600], "a click near a break is a click on it"
    qtbot.mouseClick(tamper, Qt.MouseButton.LeftButton, pos=QPoint(200, 30))
    assert tamper.focused == 251


def test_tamper_map_zooms_to_what_is_looked_at_and_back(qtbot, theme):
    tamper = shown(qtbot, TamperMap(theme, MAP))
    tamper.setFocus()
    qtbot.keyClicks(tamper, "+++")
    first, last = tamper.shown
    assert first <= 600 <= last
    assert last - first + 1 == 125
    qtbot.keyClicks(tamper, "0")
    assert tamper.shown == (1, 1000)


def test_one_tampering_one_flag_in_words(qtbot, theme):
    log = LogMap(10**6, breaks=dict.fromkeys(range(500_000, 505_000), "altered"))
    tamper = shown(qtbot, TamperMap(theme, log))
    assert "5,000 broken" in tamper.accessibleName()
    assert len(tamper.accessibleName()) < 1000


def test_a_brush_is_dragged_moved_and_taken_away(qtbot, theme):
    histogram = shown(qtbot, Histogram(theme, Bins((3,) * 80)), 800, 88)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(histogram, left, pos=QPoint(105, 40))
    qtbot.mouseMove(histogram, QPoint(150, 40))
    with qtbot.waitSignal(histogram.brushed):
        qtbot.mouseRelease(histogram, left, pos=QPoint(205, 40))
    assert histogram.brush == (10, 20)
    histogram.setFocus()
    qtbot.keyClick(histogram, Qt.Key.Key_Right)
    assert histogram.brush == (11, 21)
    qtbot.keyClick(histogram, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert histogram.brush == (11, 22)
    assert "brushed bin 12 to bin 23, 36 events" in histogram.accessibleName()
    qtbot.keyClick(histogram, Qt.Key.Key_Escape)
    assert histogram.brush is None


def test_a_digest_is_shortened_grouped_and_copied_whole(qtbot, theme):
    assert shortened(STORED) == "9c41f02b…e8a1"
    assert shortened("sha256:" + STORED) == "sha256:9c41f02b…e8a1"
    assert grouped(STORED[:64]).count("\n") == 1
    label = shown(qtbot, HashLabel(theme, STORED))
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == STORED
    assert label.accessibleName() == STORED


@pytest.mark.parametrize(
    ("pasted", "answer"),
    [
        (STORED.upper(), "The same"),
        ("SHA256: " + " ".join(STORED), "The same"),
        (STORED[:16], "Too short to tell: the first 16"),
        (STORED[:10] + "0" + STORED[11:], "differs from digit 11"),
        (STORED + "00", "one of them is longer"),
        ("", "Nothing to compare"),
        ("hello", "Not a digest"),
    ],
)
def test_a_pasted_fingerprint_is_answered_in_words(pasted, answer):
    assert answer in compared(STORED, pasted)


def test_hex_view_shows_offset_bytes_and_text(qtbot, theme):
    view = shown(qtbot, HexView(theme), 320, 120)
    view.show_bytes(b'{"role":"owner"}\n', offset=0x95ED039)
    assert view.per_row == 8
    assert view.lines(0, 9)[0] == '095ed039  7b 22 72 6f 6c 65 22 3a  {"role":'
    assert view.lines(0, 9)[2].endswith("0a  ·")
    view.resize(800, 120)
    assert view.per_row == 16
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("095ed039  7b 22")


def test_hex_view_of_much_draws_only_what_is_seen(qtbot, theme):
    view = shown(qtbot, HexView(theme), 320, 180)
    view.show_bytes(bytes(8_000_000))
    assert view.verticalScrollBar().maximum() == 8_000_000 // 8 - 10
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.grab()


def test_diagnosis_card_shows_stored_over_recomputed_and_the_place(qtbot, theme):
    place = Locator("log.jsonl", record=600, offset=81_200, length=79)
    card = shown(qtbot, DiagnosisCard(theme, DiagnosisView(ALTERED, Indication.FAILED, place)))
    words = said(card)
    assert headline(ALTERED) in words
    assert place_words(ALTERED, place) == "record 600 · offset 81,200 · 79 bytes"
    assert grouped(STORED, 8) in words
    assert grouped(RECOMPUTED, 8) in words
    assert "digest is not reproduced" in words


def test_a_place_that_is_not_known_turns_show_bytes_off_with_a_reason(qtbot, theme):
    card = shown(qtbot, DiagnosisCard(theme, DiagnosisView(ALTERED, Indication.FAILED)))
    (button,) = [b for b in card.findChildren(QPushButton) if b.text() == "Show bytes"]
    assert not button.isEnabled()
    assert button.accessibleDescription() == "No single place in the bytes shows this."


def test_a_verdict_word_is_made_smaller_and_never_cut(qtbot, theme):
    word = VerdictWord(theme, Mark.INDETERMINATE, "INDETERMINATE", size=20, face=Face.TITLE)
    qtbot.addWidget(word)
    for room in range(word.minimumSizeHint().width(), word.sizeHint().width()):
        left = word._width(Face.TITLE) - pen.width_of(theme, "INDETERMINATE", Face.TITLE) - 1
        face = word._fitting(room - left)
        assert word._width(face) <= room + 1


def test_blast_radius_leads_somewhere(qtbot, theme):
    card = shown(qtbot, DiagnosisCard(theme, DiagnosisView(ALTERED, Indication.FAILED)))
    (link,) = [b for b in card.findChildren(QPushButton) if b.accessibleName() == "2 lineage edges"]
    with qtbot.waitSignal(card.blast_chosen) as caught:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert caught.args == ["2 lineage edges"]


def test_causes_are_sorted_by_what_testing_them_gave():
    found = [(cause.state, cause.text) for cause in causes_of(ALTERED)]
    assert found == [
        (CauseState.SUPPORTED, "Numbers re-rendered"),
        (CauseState.OPEN, "A seal made with another secret: not tested."),
        (CauseState.RULED_OUT, "CRLF line ends"),
    ]
    assert notes_of(ALTERED) == ("The digest is not reproduced.",)


def test_causes_are_read_as_the_verifier_writes_them():
    explains = causes._cause(f"Some cause: {innocent.EXPLAINS}.")
    does_not = causes._cause(f"Some cause: {innocent.DOES_NOT}.")
    assert (explains.state, does_not.state) == (CauseState.SUPPORTED, CauseState.RULED_OUT)
    assert explains.text == does_not.text == "Some cause"


def test_what_agrees_only_with_itself_holds_by_half():
    assert [holds.mark for holds in holds_of(VERDICT)] == [Mark.PASSED, Mark.HALF]


def test_recipe_is_copied_with_what_each_line_does(qtbot, theme):
    trail = shown(qtbot, ProofTrail(theme, STEPS))
    trail.copy_recipe()
    assert QGuiApplication.clipboard().text() == (
        "# 1. Read log.jsonl once: 81 kB, 1000 records.\nsha256sum log"
    )
    assert recipe_of(()) == ""


def test_a_line_break_in_evidence_adds_no_line_to_the_recipe():
    step = Step("", "Read a\nrm -rf ~", "ok", "sha256sum x", "9c41  x\nrm -rf ~")
    assert recipe_of([step]).splitlines() == [
        "# 1. Read a rm -rf ~",
        "sha256sum x",
        "# prints: 9c41  x",
        "# prints: rm -rf ~",
    ]


def test_title_of_a_step_is_its_first_words():
    assert titled("Read the log.") == ("Read the log", "")
    title, rest = titled("Recomputed every digest: " + "sha256 over all " * 9)
    assert title == "Recomputed every digest"
    assert rest.startswith("sha256 over all")
    assert len(titled("word " * 60)[0]) <= 66


def test_verdict_word_explains_itself_on_click_and_key(qtbot, theme):
    word = shown(qtbot, VerdictWord(theme, Mark.FAILED, "FAILED", asks=True))
    for act in (
        lambda: qtbot.mouseClick(word, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(word, Qt.Key.Key_F1),
        lambda: qtbot.keyClick(word, Qt.Key.Key_Return),
    ):
        with qtbot.waitSignal(word.explain):
            act()


def test_dimension_block_opens_an_explanation_that_esc_closes(qtbot, theme):
    block = shown(
        qtbot,
        DimensionBlock(
            theme, Answer(Dimension.TIME, DIMENSIONS[Dimension.TIME], HTML, Counts(0, 0, 1))
        ),
    )
    block.explain()
    (popover,) = block.findChildren(Explanation)
    assert "Not a suspicion and not an approval." in said(popover)
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not block.findChildren(Explanation))
    assert block.accessibleName() == "Time INDETERMINATE: 1 indeterminate"


def test_explanation_says_why_a_pass_is_only_half_a_mark():
    titles = dict(paragraphs(WEAK))
    assert "Why only half a mark" in titles
    assert titles["What would decide it"]


def test_filter_bar_waits_for_a_pause_and_submits_at_once_on_enter(qtbot, theme):
    bar = shown(qtbot, FilterBar(theme, "Filter"))
    with qtbot.waitSignal(bar.edited) as caught:
        qtbot.keyClicks(bar.field, "actor:x")
    assert caught.args == ["actor:x"]
    with qtbot.waitSignal(bar.submitted) as caught:
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert caught.args == ["actor:x"]
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.field.text() == ""


def test_bad_syntax_is_told_in_words_with_its_position_until_it_is_changed(qtbot, theme):
    bar = shown(qtbot, FilterBar(theme, "Filter"))
    bar.show_error("a bracket is missing", 6)
    assert bar.field.property("wrong") == "true"
    assert "At character 7: a bracket is missing" in said(bar)
    assert bar.field.accessibleDescription() == "At character 7: a bracket is missing"
    qtbot.keyClicks(bar.field, "x")
    assert bar.field.property("wrong") == "false"


def test_a_chip_is_removed_by_its_cross_or_by_delete(qtbot, theme):
    term = FilterTerm("time", "in", "10 – 20 Aug")
    chip = shown(qtbot, Chip(theme, term), 180, 24)
    with qtbot.waitSignal(chip.removed) as caught:
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 10, 12))
    assert caught.args == [term]
    chip.setFocus()
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    with qtbot.waitSignal(chip.pressed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(10, 12))


def test_inspector_makes_a_tab_when_it_is_looked_at_and_keeps_the_one_chosen(qtbot, theme):
    made = []

    def thing(key: str) -> Inspected:
        def tab(name: str) -> InspectorTab:
            return InspectorTab(name, lambda: made.append(key + name) or Paragraph(theme, name))

        return Inspected(key, f"Record {key}", tuple(tab(n) for n in ("Fields", "Bytes", "Proof")))

    inspector = shown(qtbot, Inspector(theme), 368, 500)
    inspector.show_thing(thing("1"))
    assert made == ["1Fields"]
    inspector._tabs.setCurrentIndex(1)
    assert made == ["1Fields", "1Bytes"]
    inspector.show_thing(thing("2"))
    assert made[-1] == "2Bytes", "the tab of the same name stays"
    assert inspector.accessibleName() == "Inspector: Record 2"


def test_inspector_shows_at_most_four_tabs(qtbot, theme):
    tabs = tuple(InspectorTab(str(n), QWidget) for n in range(9))
    inspector = shown(qtbot, Inspector(theme), 368, 500)
    inspector.show_thing(Inspected("k", "Thing", tabs))
    assert inspector._tabs.count() == 4


def test_a_long_value_takes_the_lines_it_needs_and_pushes_no_mark_aside(qtbot, theme):
    def build() -> QWidget:
        rows = Fields(theme)
        rows.add("Digest", STORED, Protection.SIGNED, face=Face.MONO)
        rows.add("Name", "x", Protection.HASHED)
        rows.add("Short", HashLabel(theme, STORED, head=12))
        view = HexView(theme)
        view.show_bytes(bytes(48))
        stack = column()
        stack.addWidget(rows)
        stack.addWidget(view)
        stack.addStretch()
        return boxed(stack)

    inspector = shown(qtbot, Inspector(theme), 320, 600)
    inspector.show_thing(Inspected("k", "Record", (InspectorTab("Fields", build),)))
    (digest, name) = [w for w in inspector.findChildren(Paragraph) if w.text() in {STORED, "x"}]
    qtbot.waitUntil(lambda: digest.geometry().bottom() < name.geometry().top())
    assert digest.height() >= digest.heightForWidth(digest.width())
    for part in (*inspector.findChildren(ProtectionMark), *inspector.findChildren(HexView)):
        right = part.mapTo(inspector, part.rect().topRight()).x()
        assert right <= inspector.width() - 16, type(part)


def test_steps_that_differ_at_their_end_have_titles_that_differ():
    steps = [
        f"Compared what the head evidence/audit-tampered/heads/2026-{month}-30.head states (over "
        f"900 records; trusted) with the log of {month}."
        for month in ("04", "05")
    ]
    titles = {titled(step)[0] for step in steps}
    assert len(titles) == 2
    assert all(len(title) <= 64 for title in titles)
    assert [titled(step)[1] for step in steps] == steps


def test_eight_bytes_stand_in_a_row_of_the_narrowest_inspector(qtbot, theme):
    view = HexView(theme)
    qtbot.addWidget(view)
    view.show_bytes(bytes(range(64)), offset=1_270_655)
    inspector, edges, scroll_bar = 320, 32, 10
    assert view._width_of(8) <= inspector - edges - scroll_bar
